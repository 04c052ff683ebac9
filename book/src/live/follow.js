'use strict';

// Tells the reader of a change of the book, and loads the page anew where nothing would be lost. The
// server tells of changes as events (`text/event-stream`). They are read by hand: the server tells what
// was missed to who repeats the last edition, and a new EventSource cannot do that.
(function follow() {
    const { element, root } = window.layers;
    // Milliseconds until a server that does not answer is asked again.
    const AGAIN = 2000;

    let edition = null;
    let note = null;

    function tell(text, detail, reload) {
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
            button.type = 'button';
            button.addEventListener('click', () => location.reload());
            note.append(button);
        }
        document.body.append(note);
    }

    function hear(event, isBusy) {
        const fields = Object.fromEntries(
            event.split('\n').map(line => {
                const [name, ...rest] = line.split(': ');
                return [name, rest.join(': ')];
            }),
        );
        edition = fields.id || edition;
        if (fields.event === 'building') {
            tell('The book is being built …');
        } else if (fields.event === 'faults') {
            tell('The book has faults; this is the page from before.', JSON.parse(fields.data).faults);
        } else if (fields.event === 'changed' && isBusy()) {
            tell('The book has changed.', '', true);
        } else if (fields.event === 'changed') {
            // The browser keeps the place.
            location.reload();
        }
    }

    async function listen(isBusy, signal) {
        const headers = edition ? { 'Last-Event-ID': edition } : {};
        const answer = await fetch(root() + 'live/changes', { headers, signal, cache: 'no-store' });
        const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        let text = '';
        for (;;) {
            const { done, value } = await reader.read();
            if (done) {
                return;
            }
            text += value;
            const events = text.split('\n\n');
            text = events.pop();
            events.forEach(event => hear(event, isBusy));
        }
    }

    function turned() {
        return new Promise(resolve => {
            document.addEventListener('visibilitychange', resolve, { once: true });
        });
    }

    // A browser has six connections for a host, and a tab that nobody sees needs none.
    async function listenWhileSeen(isBusy) {
        for (;;) {
            if (document.hidden) {
                await turned();
                continue;
            }
            const left = new AbortController();
            turned().then(() => left.abort());
            // Whether the server ends or does not answer, it is asked again.
            await listen(isBusy, left.signal).catch(() => null);
            await new Promise(resolve => setTimeout(resolve, AGAIN));
        }
    }

    window.followBook = listenWhileSeen;
})();
