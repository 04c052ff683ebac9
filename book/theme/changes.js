'use strict';

// Tells the reader of a change of the book, and loads the page anew where nothing would be lost. Only
// `cargo xtask book serve` gives a page the number of its build.
(function changes() {
    const meta = document.querySelector('meta[name="live"]');
    if (!meta || !meta.dataset.build) {
        return;
    }
    const build = Number(meta.dataset.build);
    const { element, isBusy, root } = window.layers;
    let note = null;
    const tell = (text, detail, reload) => {
        if (note) {
            note.remove();
        }
        note = element('div', 'book-note');
        note.setAttribute('role', 'status');
        note.append(element('span', '', text));
        if (detail) {
            const pre = element('pre', '', detail);
            pre.tabIndex = 0;
            note.append(pre);
        }
        if (reload) {
            const button = element('button', 'scene-button', 'Load it');
            button.addEventListener('click', () => location.reload());
            note.append(button);
        }
        document.body.append(note);
    };
    const changed = now => {
        if (now === build) {
            return;
        }
        if (isBusy()) {
            tell('The book has changed.', '', true);
        } else {
            // The browser keeps the place.
            location.reload();
        }
    };
    let source = null;
    const listen = () => {
        source = new EventSource(root() + 'live/changes');
        const on = (name, action) => {
            source.addEventListener(name, event => action(JSON.parse(event.data)));
        };
        on('hello', data => changed(data.build));
        on('changed', data => changed(data.build));
        on('building', () => tell('The book is being built …'));
        on('faults', data => tell('The book has faults; this is the page from before.', data.faults));
    };
    // A browser has six connections for a host, and a tab that nobody sees needs none.
    const look = () => {
        if (document.hidden && source) {
            source.close();
            source = null;
        } else if (!document.hidden && !source) {
            listen();
        }
    };
    document.addEventListener('visibilitychange', look);
    look();
})();
