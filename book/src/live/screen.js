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

    window.liveScreen = { theme, fontSize, hearInsertions };
})();
