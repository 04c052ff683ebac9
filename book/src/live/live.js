'use strict';

// A scene that runs: the programs are real, on the reader's machine, each in a terminal of its own. The
// server (`cargo xtask book serve`) starts them and passes on what they print and what the reader types.
// The terminals are drawn by xterm.js (version 6.0.0 stands beside this file).
(function live() {
    const { element, once, root } = window.layers;
    // As the server's pseudo-terminals have.
    const COLUMNS = 80;
    const ROWS = { least: 8, most: 18 };
    const FONT = { least: 9, most: 14 };
    // A message to the server may have 8 KiB; a pasted text may be longer.
    const PIECE = 1000;
    // What the server keeps for a program that reads slowly is bounded, and it would lose the rest.
    const LONGEST_PASTE = 16000;
    const COLOURS = [
        'black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white', 'brightBlack', 'brightRed',
        'brightGreen', 'brightYellow', 'brightBlue', 'brightMagenta', 'brightCyan', 'brightWhite',
    ];

    function theme(frame) {
        const style = getComputedStyle(frame);
        const colour = name => style.getPropertyValue(name).trim();
        const theme = {
            background: colour('--term-bg'),
            foreground: colour('--term-fg'),
            cursor: colour('--term-fg'),
            cursorAccent: colour('--term-bg'),
            selectionBackground: colour('--term-border'),
        };
        COLOURS.forEach((name, index) => {
            theme[name] = colour('--ansi-' + index);
        });
        return theme;
    }

    // The largest font in which a line fits into the frame.
    function fontSize(frame, family) {
        const probe = element('span', '', 'm'.repeat(COLUMNS));
        probe.style.cssText = 'position:absolute;visibility:hidden;white-space:pre;font-size:10px';
        probe.style.fontFamily = family;
        frame.append(probe);
        const width = probe.getBoundingClientRect().width;
        probe.remove();
        // The scroll bar has its place too.
        const size = Math.floor(((frame.clientWidth - 30) / width) * 20) / 2;
        return Math.min(Math.max(size, FONT.least), FONT.most);
    }

    class Session {
        constructor(scene, stepwise) {
            this.scene = scene;
            this.stepwise = stepwise;
            this.terminals = [];
            this.lines = 0;
            this.waitingFor = null;
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
            return once(root() + 'live/xterm.js');
        }

        connect() {
            const address = new URL(root() + 'live/run', location.href);
            address.protocol = 'ws:';
            this.socket = new WebSocket(address);
            this.socket.binaryType = 'arraybuffer';
            this.socket.addEventListener('open', () => {
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
                before = before.then(() => this.end('The connection to the server has ended.'), () => {
                    this.end('The terminal (xterm.js) could not be loaded.');
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
                this.terminals[octets[0]].screen.write(octets.subarray(1));
                return;
            }
            const [[what, value]] = Object.entries(JSON.parse(data));
            const action = {
                building: line => this.building(line),
                built: () => this.scene.say(''),
                terminals: names => this.open(names),
                waiting: step => this.waiting(step),
                step: step => this.step(step),
                done: step => this.scene.light(step, 'done'),
                started: ({ terminal, command }) => this.started(terminal, command),
                ended: ({ terminal, code }) => this.ended(terminal, code),
                taken: () => this.taken(),
                over: how => this.end(how === 'played' ? 'All steps have come true.' : 'Stopped.'),
                failed: why => this.failed(why),
                refused: why => this.refused(why),
            }[what];
            if (action) {
                action(value);
            }
        }

        building(line) {
            this.lines += 1;
            const seconds = Math.round((performance.now() - this.begun) / 1000);
            this.scene.say(`building the programs (${this.lines} lines from cargo, ${seconds} s): ${line}`);
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
            const lines = [...this.scene.record.querySelectorAll('.screen')].map(
                screen => screen.textContent.split('\n').length + 2,
            );
            const rows = Math.min(Math.max(ROWS.least, ...lines), ROWS.most);
            for (const terminal of this.terminals) {
                this.draw(terminal, family, rows);
            }
        }

        draw(terminal, family, rows) {
            const screen = new window.Terminal({
                cols: COLUMNS,
                rows,
                fontFamily: family,
                fontSize: fontSize(terminal.frame, family),
                theme: theme(terminal.frame),
                minimumContrastRatio: 4.5,
                scrollback: 2000,
                disableStdin: true,
                screenReaderMode: true,
                // A program may print what others have sent it: no link of theirs is followed (OSC 8).
                linkHandler: { activate() {} },
            });
            screen.open(terminal.frame);
            screen.textarea.setAttribute('aria-label', 'Type into the terminal ' + terminal.name);
            // Without this nobody could leave a terminal by the keyboard: it takes Tab for itself.
            screen.attachCustomKeyEventHandler(event => !(event.key === 'Tab' && event.shiftKey));
            screen.onData(text => this.type(terminal.index, text));
            this.hearInsertions(screen.textarea, terminal.index);
            terminal.screen = screen;
        }

        // A text that comes without a key, such as one from a table of emoji: xterm.js leaves these to
        // others when it serves screen readers.
        hearInsertions(area, index) {
            let isKey = false;
            area.addEventListener('keydown', () => {
                isKey = true;
            });
            area.addEventListener('keyup', () => {
                isKey = false;
            });
            area.addEventListener('input', event => {
                if (this.isTaken && !isKey && event.inputType === 'insertText' && event.data) {
                    this.type(index, event.data);
                }
            });
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
            this.scene.show('waiting');
        }

        step(step) {
            this.scene.light(step, 'now');
            const [index] = this.scene.script[step];
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
            this.send('take-over');
        }

        taken() {
            this.isTaken = true;
            this.scene.show('taken');
            this.scene.say('The programs are yours: type into a terminal. Shift+Tab leaves it.');
            for (const terminal of this.terminals) {
                terminal.screen.options.disableStdin = false;
                terminal.box.classList.remove('acts');
            }
            this.offerStarts();
            const running = this.terminals.find(terminal => terminal.runs);
            if (running) {
                running.screen.focus();
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
                        this.send({ start: step });
                        this.terminals[index].screen.focus();
                    });
                    items[step].append(' ', button);
                }
            });
        }

        started(index, command) {
            const terminal = this.terminals[index];
            terminal.runs = true;
            terminal.state.textContent = 'running';
            terminal.screen.write(`\x1b[1m$ ${command}\x1b[0m\r\n`);
            this.offerStarts();
        }

        ended(index, code) {
            const terminal = this.terminals[index];
            terminal.runs = false;
            terminal.state.textContent = code === 0 ? 'ended' : `ended, exit code ${code}`;
            this.offerStarts();
        }

        stop() {
            this.scene.say('stopping …');
            this.send('stop');
        }

        failed(why) {
            for (const item of this.scene.list.querySelectorAll('[data-step="now"]')) {
                item.dataset.step = 'failed';
            }
            this.end(why);
        }

        refused(why) {
            this.end(why);
            if (this.terminals.length === 0) {
                this.close(why);
            }
        }

        end(text) {
            if (this.isOver) {
                return;
            }
            this.isOver = true;
            this.isTaken = false;
            for (const terminal of this.terminals) {
                terminal.screen.options.disableStdin = true;
                terminal.screen.options.cursorBlink = false;
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
