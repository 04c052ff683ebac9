'use strict';

// The buttons below a scene. A record can be replayed anywhere. Where `cargo xtask book serve` has sent
// the page, the scene can be run as well: live.js does that, and is loaded when it is first asked for.
(function scenes() {
    const meta = document.querySelector('meta[name="live"]');
    const serves = meta ? meta.content : 'record';
    const key = serves === 'run' ? takeKey(meta.dataset.key) : null;
    // 'run'; 'no-key' (the page may not run programs); 'read' (a book for a class); 'record'.
    const mode = serves === 'run' && !key ? 'no-key' : serves;

    const COMMAND = 'cargo xtask book serve';
    const HOW = {
        'record': 'This is the record of a run. To run it yourself, type in the folder of the course: ',
        'no-key': 'This page has no key, or that of an earlier start. Open the whole address, with #key=, that your terminal shows after: ',
        'read': 'Here the book is only read. To run the scene, type in the folder of the course on your own machine: ',
    };

    // Milliseconds: to see that something has happened, and to read a character.
    const GLANCE = 500;
    const CHARACTER = 22;
    const LONGEST = 4000;
    // The longest step that is told in a line, in characters.
    const LINE = 70;

    class Scene {
        constructor(figure) {
            this.figure = figure;
            // One entry a step: the terminal's number, a sign, a text.
            this.script = JSON.parse(figure.dataset.script);
            this.record = figure.querySelector('.terminals');
            const shown = [...this.record.querySelectorAll('.terminal')];
            this.names = shown.map(terminal => terminal.dataset.terminal);
            this.bar = element('div', 'scene-bar');
            this.bar.setAttribute('role', 'group');
            this.bar.setAttribute('aria-label', 'This scene');
            this.buttons = {};
            this.slots = mode === 'run' ? JSON.parse(figure.dataset.slots || '[]') : [];
            for (const [name, value] of this.slots) {
                const label = element('label', 'scene-slot', name + ' ');
                const input = element('input');
                input.dataset.slot = name;
                input.value = value;
                input.size = Math.max(value.length + 4, 20);
                input.spellcheck = false;
                input.autocomplete = 'off';
                input.addEventListener('keydown', event => {
                    if (event.key === 'Enter' && ['idle', 'over'].includes(this.state)) {
                        this.live(false);
                    }
                });
                label.append(input);
                this.bar.append(label);
            }
            this.button('run', 'Run', () => this.live(false));
            this.button('step', 'Step by step', () => this.live(true));
            this.button('replay', 'Replay', () => this.replay());
            this.button('pause', 'Pause', () => this.pause());
            this.button('next', 'Next', () => this.next());
            this.button('takeover', 'Take over', () => this.session.takeOver());
            this.button('stop', 'Stop', () => this.stop());
            this.button('close', 'Back to the record', () => this.session.close());
            this.button('how', 'Run it live?', () => this.tellHow());
            this.status = element('span', 'scene-status');
            this.status.setAttribute('role', 'status');
            this.bar.append(this.status);
            this.record.after(this.bar);
            this.show('idle');
        }

        button(name, text, action) {
            const button = element('button', 'scene-button', text);
            button.type = 'button';
            button.dataset.action = name;
            button.addEventListener('click', action);
            this.buttons[name] = button;
            this.bar.append(button);
        }

        // Shows the buttons that mean something now. The focus is kept within the bar: a button that
        // goes may have had it.
        show(state) {
            const buttons = {
                idle: mode === 'run' ? ['run', 'step', 'replay'] : ['replay', 'how'],
                replaying: ['pause', 'next', 'stop'],
                running: ['takeover', 'stop'],
                // Between two steps the button stays where the reader's finger is, and does nothing.
                stepping: ['next', 'takeover', 'stop'],
                waiting: ['next', 'takeover', 'stop'],
                taken: ['stop'],
                over: ['run', 'step', 'close'],
            }[state];
            const had = document.activeElement;
            for (const [name, button] of Object.entries(this.buttons)) {
                button.hidden = !buttons.includes(name);
            }
            this.buttons.next.setAttribute('aria-disabled', state === 'stepping');
            this.buttons.run.textContent = state === 'over' ? 'Run again' : 'Run';
            if (this.bar.contains(had) && had.hidden) {
                this.buttons[buttons[0]].focus();
            }
            this.state = state;
            this.figure.dataset.state = state;
        }

        say(text) {
            this.status.textContent = text;
        }

        // The steps in words; made when somebody first wants to see them.
        steps() {
            if (!this.list) {
                this.list = element('ol', 'scene-steps');
                this.list.setAttribute('aria-label', 'The steps of the scene');
                this.list.tabIndex = 0;
                for (const step of this.script) {
                    this.list.append(this.words(step));
                }
                this.bar.after(this.list);
            }
            return [...this.list.children];
        }

        words([terminal, sign, text]) {
            const item = element('li');
            const says = {
                '$': [' starts ', text],
                '>': [' types ', text || '⏎'],
                '?': [' shows ', text],
                '!': [': ', text],
                '=': [' ends with exit code ', text],
            }[sign];
            const code = element(sign === '!' || sign === '=' ? 'span' : 'code');
            // In braces stands the name of a value that is another one in each run.
            says[1].split(/\{(\w+)\}/).forEach((part, index) => {
                code.append(index % 2 === 1 ? element('var', '', part) : part);
            });
            item.append(element('strong', '', this.nameOf(terminal)), says[0], code);
            return item;
        }

        nameOf(terminal) {
            const heading = this.figure.querySelectorAll('[data-terminal]');
            return heading.length > 1 ? this.names[terminal] : 'the terminal';
        }

        // Says which step it is: what the list shows may be out of sight.
        tell(number) {
            const what = this.steps()[number].textContent;
            const short = what.length > LINE ? what.slice(0, LINE - 1) + '…' : what;
            this.say(`Step ${number + 1} of ${this.script.length}: ${short}`);
        }

        // Lights up a step: 'now', 'done' or 'failed'.
        light(number, state) {
            const items = this.steps();
            const item = items[number];
            if (!item) {
                return;
            }
            item.dataset.step = state;
            if (state === 'now') {
                item.setAttribute('aria-current', 'step');
                this.bring(item);
            } else {
                item.removeAttribute('aria-current');
            }
        }

        // Brings a step into sight. The list scrolls, the page does not.
        bring(item) {
            this.list.scrollTop = item.offsetTop - this.list.offsetTop - this.list.clientHeight / 2;
        }

        darken(state) {
            for (const item of this.list.querySelectorAll(`[data-step="${state}"]`)) {
                delete item.dataset.step;
                item.removeAttribute('aria-current');
            }
        }

        // Whoever shows the steps next begins anew: with the record's ports and values.
        dark() {
            if (this.list) {
                this.list.remove();
                this.list = null;
            }
        }

        // A run has free ports in place of those of the record.
        usePorts(ports) {
            const actual = new Map(ports.map(([declared, port]) => [String(declared), String(port)]));
            for (const part of this.steps().flatMap(item => [...item.querySelector('code, span').childNodes])) {
                part.textContent = part.textContent.replace(/\w+/g, word => actual.get(word) || word);
            }
        }

        // The record, from its first line, at the speed of reading.
        replay() {
            this.groups = [...this.record.querySelectorAll('[data-at]')];
            for (const group of this.groups) {
                group.classList.add('unseen');
            }
            this.at = -1;
            this.paused = false;
            this.show('replaying');
            this.buttons.pause.textContent = 'Pause';
            this.say('');
            this.steps();
            this.forward();
        }

        forward() {
            clearTimeout(this.timer);
            if (this.at >= 0) {
                this.light(this.at, 'done');
            }
            this.at += 1;
            if (this.at >= this.script.length) {
                this.stop();
                return;
            }
            this.light(this.at, 'now');
            const seen = this.groups.filter(group => Number(group.dataset.at) === this.at);
            let characters = 0;
            for (const group of seen) {
                group.classList.remove('unseen');
                characters += group.textContent.length;
            }
            if (this.paused) {
                this.tell(this.at);
            } else {
                const pause = Math.min(GLANCE + characters * CHARACTER, LONGEST);
                this.timer = setTimeout(() => this.forward(), pause);
            }
        }

        pause() {
            this.paused = !this.paused;
            this.buttons.pause.textContent = this.paused ? 'Go on' : 'Pause';
            if (this.paused) {
                clearTimeout(this.timer);
                this.tell(this.at);
            } else {
                this.say('');
                this.forward();
            }
        }

        next() {
            if (this.state === 'replaying') {
                if (!this.paused) {
                    this.pause();
                }
                this.forward();
            } else {
                this.session.next();
            }
        }

        stop() {
            if (this.state === 'replaying') {
                clearTimeout(this.timer);
                for (const group of this.groups) {
                    group.classList.remove('unseen');
                }
                this.dark();
                this.say('');
                this.show('idle');
            } else {
                this.session.stop();
            }
        }

        tellHow() {
            this.status.replaceChildren(HOW[mode], element('code', '', COMMAND));
        }

        // Runs the real programs. Nothing of it is loaded before.
        live(stepwise) {
            if (this.session) {
                this.session.close();
            }
            this.show(stepwise ? 'stepping' : 'running');
            this.say('starting …');
            once(root() + 'live/live.js').then(
                () => {
                    this.session = window.runLive(this, stepwise);
                },
                () => {
                    this.show('idle');
                    this.say('The server does not answer: is it still running in your terminal?');
                },
            );
        }
    }

    function givenKey() {
        return new URLSearchParams(location.hash.slice(1)).get('key');
    }

    // The key that lets a page run programs. It comes behind `#`, which browsers send to no server, and is
    // kept where only pages of this server find it; a cookie would be sent to every server on this
    // machine. One that begins in another way is of an earlier start of the server, or made up.
    function takeKey(begin) {
        const isOurs = key => Boolean(key) && key.startsWith(begin);
        const given = givenKey();
        if (given) {
            history.replaceState(history.state, '', location.href.split('#')[0]);
        }
        try {
            if (isOurs(given)) {
                localStorage.setItem('key', given);
            }
            const kept = localStorage.getItem('key');
            return isOurs(kept) ? kept : null;
        } catch {
            // A browser may be told to keep nothing: then the key is good for this one page.
            return isOurs(given) ? given : null;
        }
    }

    // Where the book's first page stands, seen from this one.
    function root() {
        return typeof path_to_root === 'string' ? path_to_root : '';
    }

    const loading = new Map();

    function once(address) {
        if (!loading.has(address)) {
            const loaded = new Promise((resolve, reject) => {
                const script = element('script');
                script.src = address;
                script.addEventListener('load', resolve);
                script.addEventListener('error', () => {
                    loading.delete(address);
                    reject(new Error(address));
                });
                document.head.append(script);
            });
            loading.set(address, loaded);
        }
        return loading.get(address);
    }

    function element(name, className, text) {
        const made = document.createElement(name);
        if (className) {
            made.className = className;
        }
        if (text) {
            made.textContent = text;
        }
        return made;
    }

    const figures = [...document.querySelectorAll('figure.scene[data-script]')];
    const all = figures.map(figure => new Scene(figure));
    const isBusy = () => all.some(scene => scene.state !== 'idle');
    window.layers = { element, isBusy, key, once, root };

    if (serves === 'run') {
        // The address with the key, typed where a page of the book is open already, loads nothing; and this
        // page may be of an earlier start, and know no new key.
        window.addEventListener('hashchange', () => {
            if (givenKey()) {
                location.reload();
            }
        });
    }
})();
