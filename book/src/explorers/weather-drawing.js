'use strict';

// How a storm of the weather explorer is drawn and told: HTML as text, made from the runs of
// weather-model.js without a page around it. A row for each message, time running to the right.
const WeatherDrawing = (() => {
    const WIDTH = 360;
    const LEFT = 28;
    const RIGHT = 344;
    const TOP = 14;
    const ROW = 18;

    const tenth = number => String(Math.round(number * 10) / 10);
    const list = numbers => numbers.join(' ');
    const plural = (count, word) => count + ' ' + word + (count === 1 ? '' : 's');

    const line = (kind, x1, x2, y) =>
        '<line class="' + kind + '" x1="' + tenth(x1) + '" x2="' + tenth(x2) + '" y1="' + y + '" y2="' + y
        + '"></line>';
    const path = (kind, d) => '<path class="' + kind + '" d="' + d + '"></path>';
    const circle = (kind, x, y) =>
        '<circle class="' + kind + '" cx="' + tenth(x) + '" cy="' + y + '" r="4.5"></circle>';
    const words = (kind, x, y, text) =>
        '<text class="' + kind + '" x="' + tenth(x) + '" y="' + y + '">' + text + '</text>';

    // Each sign has a form of its own, so that none depends on its colour.
    const signs = {
        sent: (x, y) => path('sent', 'M' + tenth(x) + ' ' + (y - 5) + 'v10'),
        again: (x, y) => path('again', 'M' + tenth(x - 4) + ' ' + (y - 5) + 'l8 5l-8 5z'),
        lost: (x, y) => path('lost', 'M' + tenth(x - 4) + ' ' + (y - 4) + 'l8 8m0 -8l-8 8'),
        early: (x, y) => circle('early', x, y),
        got: (x, y) => circle('got', x, y),
    };

    /** The times on the axis: a round step, at most six of them. */
    function axis(end) {
        const step = [50, 100, 200, 500, 1000, 2000].find(size => end <= 6 * size);
        const last = Math.max(1, Math.ceil(end / step)) * step;
        const times = Array.from({ length: last / step + 1 }, (_, index) => index * step);
        return { times, x: time => LEFT + (RIGHT - LEFT) * Math.min(time, last) / last };
    }

    function row(message, run, delay, x) {
        const y = TOP + (message - 0.5) * ROW;
        const sent = run.sent.filter(thing => thing.message === message);
        const got = run.got.find(([number]) => number === message);
        const arrivals = sent.map(thing => thing.arrived).filter(at => at !== null);
        const first = arrivals.length > 0 ? Math.min(...arrivals) : null;
        let svg = words('number', LEFT - 10, y + 4, message);
        sent.forEach(({ at, arrived }, index) => {
            const end = arrived === null ? at + delay : arrived;
            svg += line(arrived === null ? 'way vanished' : 'way', x(at), x(end), y)
                + signs[index === 0 ? 'sent' : 'again'](x(at), y)
                + (arrived === null ? signs.lost(x(end), y) : '');
        });
        if (got && got[1] > first) {
            svg += line('waiting', x(first), x(got[1]), y);
        }
        if (first !== null && (!got || got[1] > first)) {
            svg += signs.early(x(first), y);
        }
        return svg + (got ? signs.got(x(got[1]), y) : '');
    }

    /** When the last thing happened. */
    const endOf = run => Math.max(...run.sent.map(({ at, arrived }) => Math.max(at, arrived || 0)),
        ...run.got.map(([, at]) => at));

    function panel(name, run, delay, { times, x }) {
        const bottom = TOP + WeatherModel.MESSAGES * ROW;
        const grid = times.map(time => path('grid', 'M' + tenth(x(time)) + ' ' + TOP + 'V' + bottom)
            + words('time', x(time), bottom + 14, time)).join('');
        let rows = '';
        for (let message = 1; message <= WeatherModel.MESSAGES; message += 1) {
            rows += row(message, run, delay, x);
        }
        return '<svg class="storm" role="img" aria-label="' + name + ': a row for each message, time in '
            + 'milliseconds from left to right. The table below says the same in words." viewBox="0 0 ' + WIDTH + ' '
            + (bottom + 32) + '">' + grid + words('time', (LEFT + RIGHT) / 2, bottom + 28, 'milliseconds')
            + rows + '</svg>';
    }

    function tellUdp({ sent, got }) {
        const lost = sent.filter(({ arrived }) => arrived === null).map(({ message }) => message);
        const order = got.map(([message]) => message);
        const late = order.filter((message, index) => order.slice(0, index).some(before => before > message));
        return order.length + ' of ' + sent.length + ' messages came'
            + (order.length > 0 ? ', the last after ' + Math.max(...got.map(([, at]) => at)) + ' ms' : '') + '. '
            + (order.length > 0 ? 'Order: ' + list(order) + '. ' : '')
            + (lost.length > 0 ? 'Lost: ' + list(lost) + '. ' : 'None is lost. ')
            + (late.length > 0 ? 'Overtaken: ' + list(late) + '.' : 'None is overtaken.');
    }

    /** The messages that came before their turn, and waited. */
    const waited = ({ sent, got }) => got.filter(([number, at]) =>
        sent.some(({ message, arrived }) => message === number && arrived !== null && arrived < at));

    function tellTcp(run) {
        const { sent, got } = run;
        const all = got.length === WeatherModel.MESSAGES;
        const again = sent.length - new Set(sent.map(({ message }) => message)).size;
        return (all
            ? 'All messages came, in order, the last after ' + got[got.length - 1][1] + ' ms. '
            : got.length + ' of ' + WeatherModel.MESSAGES + ' messages came in ' + WeatherModel.END / 1000
                + ' s, and TCP is still trying. ')
            + (again > 0 ? 'Sent again: ' + plural(again, 'segment') + '. ' : 'Nothing was sent again. ')
            + (waited(run).length > 0
                ? plural(waited(run).length, 'message') + ' had arrived, and waited for one before.'
                : 'No message waited for another.');
    }

    function cell(message, run, ordered) {
        const sent = run.sent.filter(thing => thing.message === message);
        const got = run.got.find(([number]) => number === message);
        const parts = sent.slice(1).map(({ at }) => 'sent again at ' + at);
        const arrivals = sent.map(({ arrived }) => arrived).filter(at => at !== null);
        if (ordered && arrivals.length > 0 && (!got || Math.min(...arrivals) < got[1])) {
            parts.push('arrived at ' + Math.min(...arrivals));
        }
        parts.push(got ? 'read at ' + got[1] : ordered ? 'not read' : 'lost');
        return parts.join(', ');
    }

    function table(udp, tcp) {
        let rows = '';
        for (let message = 1; message <= WeatherModel.MESSAGES; message += 1) {
            rows += '<tr><th scope="row">' + message + '</th><td>' + cell(message, udp, false) + '</td><td>'
                + cell(message, tcp, true) + '</td></tr>';
        }
        return '<table><thead><tr><th scope="col">message</th><th scope="col">UDP, in ms</th>'
            + '<th scope="col">TCP, in ms</th></tr></thead><tbody>' + rows + '</tbody></table>';
    }

    const legend = () => [['sent', 'sent'], ['again', 'sent again'], ['lost', 'lost'],
        ['early', 'arrived, waits'], ['got', 'the program reads it']].map(([sign, text]) =>
        '<span><svg class="storm sign" aria-hidden="true" viewBox="0 0 16 16">' + signs[sign](8, 8) + '</svg> '
            + text + '</span>').join(' ');

    /** A whole storm: drawn, told and as a table, in HTML; and told alone, as text. */
    function draw(setting) {
        const udp = WeatherModel.udp(setting);
        const tcp = WeatherModel.tcp(setting);
        const times = axis(Math.max(endOf(udp), endOf(tcp)));
        const column = (name, run, told) => '<div><p class="storm-name">' + name + '</p>'
            + panel(name, run, setting.delay, times) + '<p class="storm-told">' + told + '</p></div>';
        const [udpTold, tcpTold] = [tellUdp(udp), tellTcp(tcp)];
        return {
            html: '<div class="storms">' + column('UDP', udp, udpTold) + column('TCP', tcp, tcpTold) + '</div>'
                + '<p class="explorer-legend">' + legend() + '</p>'
                + '<details><summary>The same as a table</summary>' + table(udp, tcp) + '</details>',
            told: 'UDP: ' + udpTold + ' TCP: ' + tcpTold,
        };
    }

    return { draw };
})();
