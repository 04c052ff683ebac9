'use strict';

// How a running terminal looks and what it hears; live.js uses it. It has the colours of the page, and is
// as large as fits.
(function screen() {
    const FONT = { least: 9, most: 14 };
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

    // Control sequences that xterm.js repeats as often as they say, one by one: scrolling, lines that are
    // inserted and deleted, tabs, the last character. They may say 2,147,483,647, which holds the page up
    // for hours, and a program may print what others have sent it.
    const REPEATED = ['S', 'T', 'L', 'M', 'I', 'Z', 'b'];
    const MOST_REPEATED = 200;
    // Colours: the page has its own. A list of a million is as bad, and each question is answered as if
    // the reader typed.
    const COLOURING = [4, 10, 11, 12, 104, 110, 111, 112];
    // Questions of a program for the terminal: none of the course has any, and the answers to those that
    // came with somebody's message would stand in the reader's own line.
    const QUESTIONS = [
        { final: 'c' }, { prefix: '>', final: 'c' }, { final: 'n' }, { prefix: '?', final: 'n' },
        { intermediates: '$', final: 'p' }, { prefix: '?', intermediates: '$', final: 'p' },
    ];

    // Makes a terminal leave out what is no use to a reader and does harm.
    function tame({ parser }) {
        for (const final of REPEATED) {
            parser.registerCsiHandler({ final }, ([times]) => times > MOST_REPEATED);
        }
        for (const number of COLOURING) {
            parser.registerOscHandler(number, () => true);
        }
        for (const question of QUESTIONS) {
            parser.registerCsiHandler(question, () => true);
        }
        parser.registerDcsHandler({ intermediates: '$', final: 'q' }, () => true);
    }

    // Marks that stand on the character before them: without a bound, all of them are one character, and
    // no browser draws one of a hundred thousand.
    const MARK = /[\p{M}\p{Cf}\u1160-\u11ff]/u;
    const MOST_MARKS = 16;

    // Turns what a program prints, piece by piece, into the text for its terminal.
    function reader() {
        const decoder = new TextDecoder();
        let marks = 0;
        return octets => {
            const text = decoder.decode(octets, { stream: true });
            if (!MARK.test(text)) {
                marks = text ? 0 : marks;
                return text;
            }
            return Array.from(text).filter(character => {
                marks = MARK.test(character) ? marks + 1 : 0;
                return marks <= MOST_MARKS;
            }).join('');
        };
    }

    // The largest font in which a line fits into the frame.
    function fontSize(frame, family, columns) {
        const probe = window.layers.element('span', '', 'm'.repeat(columns));
        probe.style.cssText = 'position:absolute;visibility:hidden;white-space:pre;font-size:10px';
        probe.style.fontFamily = family;
        frame.append(probe);
        const width = probe.getBoundingClientRect().width;
        probe.remove();
        // The scroll bar has its place too.
        const size = Math.floor(((frame.clientWidth - 30) / width) * 20) / 2;
        return Math.min(Math.max(size, FONT.least), FONT.most);
    }

    // A text that comes without a key, such as one from a table of emoji: xterm.js leaves these to
    // others when it serves screen readers.
    function hearInsertions(area, tell) {
        let isKey = false;
        area.addEventListener('keydown', () => {
            isKey = true;
        });
        area.addEventListener('keyup', () => {
            isKey = false;
        });
        area.addEventListener('input', event => {
            if (!isKey && event.inputType === 'insertText' && event.data) {
                tell(event.data);
            }
        });
    }

    window.liveScreen = { theme, fontSize, hearInsertions, tame, reader };
})();
