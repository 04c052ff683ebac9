'use strict';

// How a running terminal looks: in the colours of the page, and as large as fits. live.js uses it.
(function look() {
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

    window.terminalLook = { theme, fontSize };
})();
