'use strict';

// A scene that runs: the programs are real, on the reader's machine, each in a terminal of its own. The
// server (`cargo xtask book serve`) starts them and passes on what they print and what the reader types.
// The terminals are drawn by xterm.js (version 6.0.0 stands beside this file).
(function live() {
    const { element, key, once, root } = window.layers;
    // As the server's pseudo-terminals have.
    const COLUMNS = 80;
    const ROWS = { least: 6, most: 18 };
    // A message to the server may have 8 KiB; a pasted text may be longer.
    const PIECE = 1000;
    const NEWLINE = 10;
    // What the server keeps for a program that reads slowly is bounded, and it would lose the rest.
    const LONGEST_PASTE = 16000;

    class Session {
        constructor(scene, stepwise) {
            this.scene = scene;
            this.stepwise = stepwise;
            this.terminals = [];
            this.waitingFor = null;
            // The command that is being started, as a step of the scene.
            this.starting = null;
            this.stage = element('div', 'terminals live-terminals');
            this.stage.dataset.terminals = scene.names.length;
            scene.record.hidden = true;
            scene.record.before(this.stage);
            scene.dark();
            scene.steps();
            this.begun = performance.now();
            this.prepared = this.prepare();
            this.connect();
        }

        prepare() {
            if (!document.querySelector('link[data-xterm]')) {
                const link = element('link');
                link.rel = 'stylesheet';
                link.href = root() + 'live/xterm.css';
                link.dataset.xterm = '';
                document.head.append(link);
            }
            return Promise.all([once(root() + 'live/xterm.js'), once(root() + 'live/screen.js')]);
        }

        connect() {
            const address = new URL(root() + 'live/run', location.href);
            address.protocol = 'ws:';
            // A page cannot add a header of its own: the key stands among the protocols.
            this.socket = new WebSocket(address, ['layer-by-layer', key]);
            this.socket.binaryType = 'arraybuffer';
            this.socket.addEventListener('open', () => {
                this.isOpen = true;
                const values = {};
                for (const input of this.scene.figure.querySelectorAll('input[data-slot]')) {
                    values[input.dataset.slot] = input.value;
                }
                this.send({ run: { scene: this.scene.figure.dataset.scene, step: this.stepwise, values } });
            });
            // What comes before xterm.js is loaded waits in order behind it.
            let before = this.prepared;
            this.socket.addEventListener('message', event => {
                before = before.then(() => this.hear(event.data)).catch(error => {
                    this.end('The page has a fault: ' + error.message);
                });
            });
            this.socket.addEventListener('close', () => {
                const why = this.isOpen
                    ? 'The connection to the server has ended. Is it still running in your terminal?'
                    : 'The server does not answer. Start it again, and open the address that it prints.';
                before = before.then(() => this.end(why), () => {
                    this.end('The terminal (xterm.js) could not be loaded. Is the server still running?');
                });
            });
        }

        send(message) {
            if (this.socket.readyState === WebSocket.OPEN) {
                this.socket.send(JSON.stringify(message));
            }
        }

        hear(data) {
            if (data instanceof ArrayBuffer) {
                const octets = new Uint8Array(data);
                const terminal = this.terminals[octets[0]];
                terminal.screen.write(terminal.read(octets.subarray(1)));
                terminal.isMidLine = octets.length > 1 && octets[octets.length - 1] !== NEWLINE;
                return;
            }
            const [[what, value]] = Object.entries(JSON.parse(data));
            const action = {
                building: line => this.building(line),
                built: () => this.scene.say(''),
                terminals: names => this.open(names),
                ports: ports => this.scene.usePorts(ports),
                waiting: step => this.waiting(step),
                step: step => this.step(step),
                done: step => this.scene.light(step, 'done'),
                started: said => this.started(said.terminal, said.command, said.typed),
                ended: ({ terminal, code }) => this.ended(terminal, code),
                taken: () => this.taken(),
                over: how => this.over(how),
                failed: why => this.failed(why),
                refused: why => this.end(why),
            }[what];
            if (action) {
                action(value);
            }
        }

        building(line) {
            const seconds = Math.round((performance.now() - this.begun) / 1000);
            const locked = 'Another cargo builds in the folder of the course. The run waits for its end …';
            const text = `building the programs (${seconds} s): ${line}`;
            this.scene.say(line.startsWith('Blocking') ? locked : text);
        }

        open(names) {
            this.scene.say('');
            const family = getComputedStyle(this.scene.record.querySelector('.screen')).fontFamily;
            names.forEach((name, index) => {
                const box = element('div', 'terminal');
                const head = element('div', 'terminal-name');
                head.append('Terminal ');
                if (names.length > 1) {
                    head.append(element('strong', '', name));
                }
                const state = element('span', 'terminal-state');
                head.append(state);
                const frame = element('div', 'live-frame');
                box.append(head, frame);
                this.stage.append(box);
                this.terminals.push({ name, box, state, frame, runs: false, index });
            });
            const within = lines => Math.min(Math.max(lines, ROWS.least), ROWS.most);
            const lines = [...this.scene.record.querySelectorAll('.screen')].map(
                screen => within(screen.textContent.split('\n').length + 2),
            );
            // Side by side they are equally high; one below the other, each is as high as it needs to be.
            const tops = new Set(this.terminals.map(terminal => terminal.box.offsetTop));
            const isStacked = tops.size === this.terminals.length;
            for (const terminal of this.terminals) {
                this.draw(terminal, family, isStacked ? lines[terminal.index] : Math.max(...lines));
            }
            this.follow(family);
        }

        // A reader may choose another theme, or another size of the letters, while a scene runs.
        follow(family) {
            const { theme, fontSize } = window.liveScreen;
            const adapt = () => {
                for (const { frame, screen } of this.terminals) {
                    screen.options.theme = theme(frame);
                    screen.options.fontSize = fontSize(frame, family, COLUMNS);
                }
            };
            this.watch = new MutationObserver(adapt);
            this.watch.observe(document.documentElement, { attributeFilter: ['class'] });
            this.left = new AbortController();
            window.addEventListener('resize', adapt, { signal: this.left.signal });
        }

        draw(terminal, family, rows) {
            const { theme, fontSize, hearInsertions, tame, reader } = window.liveScreen;
            const screen = new window.Terminal({
                cols: COLUMNS,
                rows,
                fontFamily: family,
                fontSize: fontSize(terminal.frame, family, COLUMNS),
                theme: theme(terminal.frame),
                minimumContrastRatio: 4.5,
                scrollback: 2000,
                disableStdin: true,
                screenReaderMode: true,
                // A program may print what others have sent it: no link of theirs is followed (OSC 8).
                linkHandler: { activate() {} },
            });
            tame(screen);
            screen.open(terminal.frame);
            screen.textarea.setAttribute('aria-label', 'Type into the terminal ' + terminal.name);
            screen.attachCustomKeyEventHandler(event => this.isForProgram(event, terminal.index));
            screen.onData(text => this.type(terminal.index, text));
            hearInsertions(screen.textarea, text => this.isTaken && this.type(terminal.index, text));
            terminal.screen = screen;
            terminal.read = reader();
        }

        // Whether a key goes to the program. What does not is left to the browser.
        isForProgram(event, index) {
            const isTab = event.key === 'Tab';
            const runs = this.isTaken && this.terminals[index].runs;
            // Without this nobody could leave a terminal by the keyboard: it takes Tab for itself. From
            // the first one the way leads to the buttons, which stand below the last one.
            if (isTab && event.shiftKey && this.isTaken && index === 0 && event.type === 'keydown') {
                event.preventDefault();
                this.scene.buttons.stop.focus();
            }
            const isPaste = event.ctrlKey && !event.altKey && event.key.toLowerCase() === 'v';
            return !isPaste && !(isTab && (event.shiftKey || !runs));
        }

        type(index, text) {
            const characters = Array.from(text);
            if (characters.length > LONGEST_PASTE) {
                const count = characters.length;
                this.scene.say(`Nothing was typed: a text has at most ${LONGEST_PASTE} characters here, this one ${count}.`);
                return;
            }
            for (let at = 0; at < characters.length; at += PIECE) {
                const piece = characters.slice(at, at + PIECE).join('');
                this.send({ type: { terminal: index, text: piece } });
            }
        }

        waiting(step) {
            this.waitingFor = step;
            this.scene.light(step, 'now');
            this.scene.tell(step);
            this.scene.show('waiting');
        }

        step(step) {
            this.scene.light(step, 'now');
            const [index, sign] = this.scene.script[step];
            if (sign === '$') {
                this.starting = step;
            }
            this.terminals.forEach(terminal => {
                terminal.box.classList.toggle('acts', terminal.index === index);
            });
        }

        next() {
            if (this.waitingFor !== null) {
                this.waitingFor = null;
                this.scene.show('stepping');
                this.send('next');
            }
        }

        takeOver() {
            this.scene.say('taking over …');
            this.send('take-over');
        }

        taken() {
            this.isTaken = true;
            this.scene.show('taken');
            // The steps do not go on.
            this.scene.darken('now');
            for (const terminal of this.terminals) {
                terminal.screen.options.disableStdin = false;
                terminal.box.classList.remove('acts');
            }
            this.offerStarts();
            const running = this.terminals.find(terminal => terminal.runs);
            if (running) {
                running.screen.focus();
            } else {
                this.scene.list.querySelector('button').focus();
            }
        }

        // After the reader has taken over, each command of the scene can be started where nothing runs.
        offerStarts() {
            const items = this.scene.steps();
            this.scene.script.forEach(([index, sign], step) => {
                if (sign !== '$') {
                    return;
                }
                const old = items[step].querySelector('button');
                if (old) {
                    old.remove();
                }
                if (this.isTaken && !this.terminals[index].runs) {
                    const button = element('button', 'scene-button', 'start');
                    button.type = 'button';
                    button.addEventListener('click', () => {
                        this.starting = step;
                        this.send({ start: step });
                        this.terminals[index].screen.focus();
                    });
                    items[step].append(' ', button);
                }
            });
            if (this.isTaken) {
                this.tellTaken();
            }
        }

        tellTaken() {
            const still = this.terminals.filter(terminal => !terminal.runs);
            if (still.length === 0) {
                const how = 'type into a terminal. Ctrl+C ends its program, Shift+Tab leaves it.';
                this.scene.say('The programs are yours: ' + how);
                return;
            }
            const names = still.map(terminal => this.scene.nameOf(terminal.index)).join(', ');
            const how = `Nothing runs in ${names}: press “start” beside a command below.`;
            this.scene.say('The programs are yours. ' + how);
            this.scene.bring(this.scene.list.querySelector('button').parentElement);
        }

        started(index, command, typed) {
            const terminal = this.terminals[index];
            terminal.runs = true;
            terminal.state.textContent = 'running';
            // As in the record, a command begins a line, even after an output that has no newline.
            const begin = terminal.isMidLine ? '\r\n' : '';
            terminal.isMidLine = false;
            terminal.screen.write(`${begin}\x1b[1m$ ${typed}\x1b[0m\r\n`);
            if (this.starting !== null) {
                // A value may be another one than in the record.
                this.scene.steps()[this.starting].querySelector('code').textContent = command;
                this.starting = null;
            }
            this.offerStarts();
        }

        ended(index, code) {
            const terminal = this.terminals[index];
            terminal.runs = false;
            terminal.state.textContent = code === 0 ? 'ended' : `ended, exit code ${code}`;
            this.offerStarts();
        }

        stop() {
            this.isStopping = true;
            this.scene.say('stopping …');
            this.send('stop');
        }

        failed(why) {
            for (const item of this.scene.list.querySelectorAll('[data-step="now"]')) {
                item.dataset.step = 'failed';
            }
            this.end(why);
        }

        over(how) {
            const { script } = this.scene;
            const isTrue = this.scene.steps().every(item => item.dataset.step === 'done');
            const isTold = how === 'played' && !this.stepwise && script.some(([, sign]) => sign === '>');
            // With a value of the reader's, the programs may end otherwise than in the record.
            const played = isTrue ? 'All steps have come true.' : 'The programs have ended.';
            const hint = isTold ? ' To type yourself: “Step by step”, then “Take over”.' : '';
            const stopped = this.isStopping ? 'Stopped.' : 'The server has ended, and the programs with it.';
            this.end(how === 'played' ? played + hint : stopped);
        }

        end(text) {
            if (this.isOver) {
                return;
            }
            // Without a terminal there is nothing to look at.
            if (this.terminals.length === 0) {
                this.close(text);
                return;
            }
            this.isOver = true;
            this.isTaken = false;
            for (const terminal of this.terminals) {
                terminal.screen.options.disableStdin = true;
                terminal.state.textContent = terminal.runs ? 'stopped' : terminal.state.textContent;
                terminal.runs = false;
                terminal.box.classList.remove('acts');
            }
            this.scene.script.forEach((_, step) => {
                const button = this.scene.steps()[step].querySelector('button');
                if (button) {
                    button.remove();
                }
            });
            this.scene.say(text);
            this.scene.show('over');
        }

        // Back to the record.
        close(why) {
            this.isOver = true;
            this.socket.close();
            if (this.watch) {
                this.watch.disconnect();
                this.left.abort();
            }
            for (const terminal of this.terminals) {
                terminal.screen.dispose();
            }
            this.stage.remove();
            this.scene.record.hidden = false;
            this.scene.session = null;
            this.scene.dark();
            this.scene.show('idle');
            this.scene.say(why || '');
        }
    }

    window.runLive = (scene, stepwise) => new Session(scene, stepwise);
})();
