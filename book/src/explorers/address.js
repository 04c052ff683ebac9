'use strict';

// The address explorer in the page: the drawn state becomes one to play with. What it shows is
// computed by address-reader.js and address-model.js.
(function addressExplorer() {
    const figure = document.getElementById('explorer-address');
    const [text, slider] = figure.querySelectorAll('input');
    const length = figure.querySelector('output');
    const fault = figure.querySelector('.explorer-fault');
    const actions = figure.querySelector('.explorer-actions');
    const quiet = figure.querySelector('.explorer-quiet');
    const command = figure.querySelector('.command');
    const sums = figure.querySelectorAll('.sum b');
    const rows = new Map([...figure.querySelectorAll('[data-row]')].map(cell => [cell.dataset.row, cell]));

    // mdBook turns pages with the arrow keys and opens its search with others; not from in here.
    figure.addEventListener('keydown', event => event.stopPropagation());

    const bits = [...figure.querySelectorAll('.octet .bit')].map((drawn, index) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.append(...drawn.childNodes);
        // Screen readers say what the signs mean. What is to be seen stays in the name, for readers who
        // choose a button by saying it.
        const said = document.createElement('span');
        said.className = 'explorer-quiet';
        button.append(said);
        button.addEventListener('click', () => {
            focusOn(index);
            show((state.bits ^ 2 ** (31 - index)) >>> 0, state.prefix);
        });
        drawn.replaceWith(button);
        return button;
    });

    // One of the bits is in the order of the Tab key; the arrows move between them.
    function focusOn(index) {
        bits.forEach((bit, at) => {
            bit.tabIndex = at === index ? 0 : -1;
        });
        bits[index].focus();
    }

    figure.querySelector('.octets').addEventListener('keydown', event => {
        const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -8, ArrowDown: 8, Home: -32, End: 32 };
        const at = bits.indexOf(document.activeElement);
        if (at >= 0 && event.key in steps) {
            event.preventDefault();
            focusOn(Math.min(31, Math.max(0, at + steps[event.key])));
        }
    });

    const link = document.createElement('a');
    link.textContent = 'link to this state';
    const copy = document.createElement('button');
    copy.type = 'button';
    copy.textContent = 'copy the table';
    copy.addEventListener('click', () => {
        const lines = [...rows.values()].map(cell =>
            cell.previousElementSibling.textContent.padEnd(11) + cell.textContent);
        const say = words => {
            copy.textContent = words;
            setTimeout(() => {
                copy.textContent = 'copy the table';
            }, 1500);
        };
        window.copyText(lines.join('\n') + '\n').then(() => say('copied'), () => say('not copied: select it'));
    });
    actions.append(link, ' ', copy);

    let state;

    function show(address, prefix, typed) {
        state = { bits: address, prefix };
        const described = AddressModel.describe(address, prefix);
        rows.forEach((cell, name) => {
            cell.textContent = described[name];
        });
        bits.forEach((bit, index) => {
            const isOne = (address >>> 31 - index & 1) === 1;
            const inNetwork = index < prefix;
            bit.className = 'bit ' + (inNetwork ? 'net' : 'host');
            bit.children[1].textContent = isOne ? '1' : '0';
            bit.children[2].textContent = inNetwork ? 'n' : 'h';
            bit.setAttribute('aria-pressed', String(isOne));
            bit.children[3].textContent = ', ' + (inNetwork ? 'network bit' : 'host bit')
                + ' of octet ' + (1 + (index >> 3)) + ', place value ' + (128 >> index % 8);
        });
        AddressModel.octets(address).forEach((octet, index) => {
            sums[index].textContent = octet;
        });
        slider.value = prefix;
        length.textContent = '/' + prefix;
        if (!typed) {
            text.value = AddressModel.dotted(address);
        }
        refuse(null);
        link.href = '#ip=' + described.address;
        const same = command.dataset.copy.replace(/\S+$/, described.address);
        command.firstChild.data = same;
        command.dataset.copy = same;
        command.lastElementChild.setAttribute('aria-label', 'Copy the command: ' + same);
        quiet.textContent = described.address + ' is ' + described.kind + ', in the network '
            + described.network + ' with ' + described.hosts + ' hosts.';
    }

    // Says what is wrong, and marks where: as a wavy line under the piece, or under a gap at its end.
    function refuse(wrong) {
        text.setAttribute('aria-invalid', String(wrong !== null));
        fault.textContent = '';
        if (wrong) {
            const mark = document.createElement('mark');
            const end = wrong.at + wrong.length;
            mark.textContent = text.value.slice(wrong.at, end) || '\u00a0';
            const place = document.createElement('code');
            place.append(text.value.slice(0, wrong.at), mark, text.value.slice(end));
            fault.append(place, ' ' + wrong.sentence + '. Below is still ' + rows.get('address').textContent + '.');
        }
    }

    function read() {
        const given = readAddress(text.value);
        if ('bits' in given) {
            show(given.bits, given.prefix === null ? state.prefix : given.prefix, true);
        } else {
            refuse(given);
        }
    }

    text.addEventListener('input', read);
    text.addEventListener('change', () => {
        if ('bits' in readAddress(text.value)) {
            show(state.bits, state.prefix);
        }
    });
    slider.addEventListener('input', () => show(state.bits, Number(slider.value)));

    function followLink() {
        const asked = /^#ip=(.*)$/.exec(window.location.hash);
        if (asked) {
            try {
                text.value = decodeURIComponent(asked[1]);
            } catch {
                text.value = asked[1];
            }
            read();
            figure.scrollIntoView();
        }
    }

    show(readAddress(text.value).bits, Number(slider.getAttribute('value')));
    bits.forEach((bit, index) => {
        bit.tabIndex = index === 0 ? 0 : -1;
    });
    for (const hidden of figure.querySelectorAll('[hidden]')) {
        hidden.hidden = false;
    }
    quiet.textContent = '';
    window.addEventListener('hashchange', followLink);
    followLink();
})();
