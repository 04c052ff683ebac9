'use strict';

// What the weather explorer computes: ten messages over UDP and over TCP, on one bad path. It is the
// model of book/builder/src/explorer/model.rs, which says its rules; a test of the builder holds the two
// equal. The path is that of lesson 02's relay: same seed, same fates.
const WeatherModel = (() => {
    const MESSAGES = 10;
    const GAP = 20;
    const PATIENCE = 200;
    const END = 8000;
    const REPEATS = 3;
    // The relay numbers its paths; this one leads its first client there.
    const FIRST_CLIENT = 2n;
    // What nothing overtakes goes on by itself after so many milliseconds.
    const HOLD = 500;

    /** SplitMix64, the generator of the lesson: numbers of 64 bits, so BigInt. */
    function splitMix64(seed) {
        const cut = number => BigInt.asUintN(64, number);
        let state = cut(BigInt(seed));
        return () => {
            state = cut(state + 0x9e3779b97f4a7c15n);
            let z = state;
            z = cut((z ^ z >> 30n) * 0xbf58476d1ce4e5b9n);
            z = cut((z ^ z >> 27n) * 0x94d049bb133111ebn);
            return z ^ z >> 31n;
        };
    }

    /** The path, as the lesson's lane for datagrams, and a record of what was put on it. */
    function makePath({ seed, drop, reorder, delay }) {
        const random = splitMix64(splitMix64(seed)() ^ FIRST_CLIENT);
        const percent = () => Number(random() % 100n);
        const road = [];
        let held = [];
        const sent = [];
        return {
            sent,
            got: [],
            send(message, at) {
                const thing = { message, at, arrived: null };
                sent.push(thing);
                // Three numbers for every datagram, needed or not; the third is for copies.
                const [lost, late] = [percent(), percent(), percent()];
                if (lost < drop) {
                    return;
                }
                if (late < reorder) {
                    held.push({ due: at + delay + HOLD, thing });
                    return;
                }
                road.push({ due: at + delay, thing });
                road.push(...held.map(waiting => ({ due: at + delay, thing: waiting.thing })));
                held = [];
            },
            next() {
                const dues = [road[0], held[0]].filter(Boolean).map(({ due }) => due);
                return Math.min(Infinity, ...dues);
            },
            arrive(now) {
                while (held.length > 0 && held[0].due <= now) {
                    road.push(held.shift());
                }
                if (road.length === 0 || road[0].due > now) {
                    return null;
                }
                const { thing } = road.shift();
                thing.arrived = now;
                return thing.message;
            },
        };
    }

    const given = message => message <= MESSAGES ? (message - 1) * GAP : Infinity;
    const run = ({ sent, got }) => ({ sent, got });

    function udp(setting) {
        const path = makePath(setting);
        let message = 1;
        for (;;) {
            const now = Math.min(given(message), path.next());
            if (now === Infinity) {
                return run(path);
            }
            for (let arrived = path.arrive(now); arrived !== null; arrived = path.arrive(now)) {
                path.got.push([arrived, now]);
            }
            if (given(message) === now) {
                path.send(message, now);
                message += 1;
            }
        }
    }

    function tcp(setting) {
        const path = makePath(setting);
        const roundTrip = 2 * setting.delay + PATIENCE;
        // The sender: the next message to send, the first that nobody has acknowledged, how often that
        // was said again, and the timer.
        let message = 1;
        let oldest = 1;
        let repeats = 0;
        let wait = roundTrip;
        let timer = Infinity;
        // The receiver: the next message that its program gets, and what came too early.
        let wanted = 1;
        const early = new Set();
        const acknowledgements = [];
        while (wanted <= MESSAGES) {
            const back = acknowledgements.length > 0 ? acknowledgements[0].due : Infinity;
            const now = Math.min(given(message), path.next(), back, timer);
            if (now > END) {
                break;
            }
            for (let arrived = path.arrive(now); arrived !== null; arrived = path.arrive(now)) {
                if (arrived >= wanted) {
                    early.add(arrived);
                }
                while (early.delete(wanted)) {
                    path.got.push([wanted, now]);
                    wanted += 1;
                }
                acknowledgements.push({ due: now + setting.delay, number: wanted });
            }
            while (acknowledgements.length > 0 && acknowledgements[0].due <= now) {
                const { number } = acknowledgements.shift();
                if (number > oldest) {
                    oldest = number;
                    repeats = 0;
                    wait = roundTrip;
                    timer = oldest < message ? now + wait : Infinity;
                } else if (oldest < message) {
                    repeats += 1;
                    if (repeats === REPEATS) {
                        path.send(oldest, now);
                    }
                }
            }
            if (timer <= now) {
                path.send(oldest, now);
                repeats = 0;
                wait *= 2;
                timer = now + wait;
            }
            if (given(message) === now) {
                path.send(message, now);
                timer = timer === Infinity ? now + wait : timer;
                message += 1;
            }
        }
        // What is still on its way arrives too, though nobody waits for it: it is not lost.
        for (let now = path.next(); now < Infinity; now = path.next()) {
            while (path.arrive(now) !== null);
        }
        return run(path);
    }

    return { MESSAGES, END, udp, tcp };
})();
