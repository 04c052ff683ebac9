'use strict';

// A button on each command of a terminal: it copies the command as a reader types it, without the
// prompt. And listings that are too wide can be scrolled from the keyboard. Everything else on the
// page works without this file.
//
// At the end: what is folded on the screen is open on paper, where nobody can unfold it.
(function copyButtons() {
    // Where the page is not served over https or from this machine, browsers offer no clipboard.
    function copySelected(text) {
        const area = document.createElement('textarea');
        area.value = text;
        area.style.position = 'fixed';
        area.style.opacity = '0';
        document.body.append(area);
        area.select();
        const done = document.execCommand('copy');
        area.remove();
        return done ? Promise.resolve() : Promise.reject(new Error('not copied'));
    }

    function copy(text) {
        if (navigator.clipboard) {
            return navigator.clipboard.writeText(text).catch(() => copySelected(text));
        }
        return copySelected(text);
    }

    // The explorers copy too.
    window.copyText = copy;

    for (const command of document.querySelectorAll('.command[data-copy]')) {
        const button = document.createElement('button');
        button.type = 'button';
        button.className = 'copy';
        button.textContent = 'copy';
        button.setAttribute('aria-label', 'Copy the command: ' + command.dataset.copy);
        button.addEventListener('click', () => {
            const say = word => {
                button.textContent = word;
                setTimeout(() => {
                    button.textContent = 'copy';
                }, 1500);
            };
            copy(command.dataset.copy).then(() => say('copied'), () => say('not copied'));
        });
        command.append(button);
    }

    for (const listing of document.querySelectorAll('figure.listing')) {
        const code = listing.querySelector('pre > code');
        const caption = listing.querySelector('figcaption');
        if (code && caption) {
            code.tabIndex = 0;
            code.setAttribute('role', 'group');
            code.setAttribute('aria-label', caption.textContent);
        }
    }

    for (const code of document.querySelectorAll('main pre > code')) {
        if (!code.hasAttribute('tabindex') && code.scrollWidth > code.clientWidth) {
            code.tabIndex = 0;
            code.setAttribute('role', 'group');
            code.setAttribute('aria-label', 'Commands');
        }
    }
})();

(function unfoldForPrint() {
    let folded = [];
    window.addEventListener('beforeprint', () => {
        folded = [...document.querySelectorAll('details:not([open])')];
        for (const details of folded) {
            details.open = true;
        }
    });
    window.addEventListener('afterprint', () => {
        for (const details of folded) {
            details.open = false;
        }
    });
})();

// mdBook's own bar says less to a screen reader than it could.
(function nameTheBar() {
    const bar = document.getElementById('mdbook-menu-bar');
    if (bar) {
        bar.setAttribute('role', 'banner');
    }
    // A label takes no focus, and may say neither its name nor whether something is open. A button does.
    const label = document.getElementById('mdbook-sidebar-toggle');
    const box = document.getElementById('mdbook-sidebar-toggle-anchor');
    if (label && box) {
        const button = document.createElement('button');
        button.type = 'button';
        for (const name of ['id', 'class', 'title', 'aria-label', 'aria-controls']) {
            button.setAttribute(name, label.getAttribute(name));
        }
        const tell = () => button.setAttribute('aria-expanded', box.checked);
        button.append(...label.childNodes);
        button.addEventListener('click', () => box.click());
        box.addEventListener('change', tell);
        tell();
        label.replaceWith(button);
    }
})();
