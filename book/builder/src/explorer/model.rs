//! The model behind `{{#explorer weather}}`: ten messages over UDP and over TCP, on one bad path.
//!
//! The path is lesson 02's: its [`Lane`] for datagrams decides what is lost and overtaken, with the
//! same fates for the same seed as its relay. The two ends are simpler than a kernel, and the page says
//! so:
//!
//! - The way there and the way back take the same fixed time. Acknowledgements are not lost.
//! - Every message is one segment, sent at once: no congestion control, no window that could be full.
//! - The receiver acknowledges each segment with the number up to which it has all (RFC 9293 §3.4),
//!   without selective acknowledgements, and keeps what came too early.
//! - The sender sends the first segment that is missing again after the third acknowledgement that
//!   repeats an earlier one (RFC 5681 §3.2), and when its timer runs out (RFC 6298 §5). The timer is a
//!   round trip and [`PATIENCE`], twice as long each time, and anew after news.

use std::collections::{BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use lesson_02_tcp_vs_udp::relay::lane::{Kind, Lane};
use lesson_02_tcp_vs_udp::weather::Weather;

/// Messages that are sent, numbered from 1.
pub const MESSAGES: usize = 10;
/// From one message to the next, in milliseconds.
pub const GAP: u64 = 20;
/// What a sender waits longer than a round trip, in milliseconds: Linux's least.
pub const PATIENCE: u64 = 200;
/// When the model ends, in milliseconds. True TCP goes on for minutes.
pub const END: u64 = 8000;
/// Acknowledgements of one number, after the first, that make the sender send again.
const REPEATS: u32 = 3;

/// The relay numbers its paths; this one leads its first client there.
const FIRST_CLIENT: u64 = 2;

/// What the reader chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Same seed, same fates.
    pub seed: u64,
    /// Percent of what crosses the path that is lost.
    pub drop: u8,
    /// Percent that the next one overtakes.
    pub reorder: u8,
    /// Milliseconds that everything is on its way, in one direction.
    pub delay: u64,
}

/// Something that was put on the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// The message, from 1.
    pub message: usize,
    /// When, in milliseconds.
    pub at: u64,
    /// When it arrived. `None` if it was lost.
    pub arrived: Option<u64>,
}

/// What happened over one protocol.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Run {
    /// Everything that was sent, in order.
    pub sent: Vec<Sent>,
    /// What the receiving program got, in its order: the message, and when.
    pub got: Vec<(usize, u64)>,
}

/// The path: a lane, and a clock that starts at 0.
struct Path {
    start: Instant,
    lane: Lane,
    run: Run,
}

impl Setting {
    /// The same in the words of the lesson.
    pub fn weather(self) -> Weather {
        Weather {
            seed: self.seed,
            drop: self.drop,
            reorder: self.reorder,
            delay: Duration::from_millis(self.delay),
            ..Weather::default()
        }
    }
}

impl Path {
    fn new(setting: Setting) -> Self {
        let weather = setting.weather();
        Self {
            start: Instant::now(),
            lane: Lane::new(Kind::Datagrams, &weather, FIRST_CLIENT),
            run: Run::default(),
        }
    }

    fn send(&mut self, message: usize, at: u64) {
        let index = self.run.sent.len();
        self.run.sent.push(Sent {
            message,
            at,
            arrived: None,
        });
        let now = self.start + Duration::from_millis(at);
        self.lane.arrive(&index.to_be_bytes(), now);
    }

    /// When something next arrives.
    fn next(&self) -> Option<u64> {
        let due = self.lane.next_due()?;
        u64::try_from((due - self.start).as_millis()).ok()
    }

    /// The message that arrives at `now`, if one does.
    fn arrive(&mut self, now: u64) -> Option<usize> {
        let octets = self.lane.leave(self.start + Duration::from_millis(now))?;
        let index = usize::from_be_bytes(octets.try_into().ok()?);
        self.run.sent[index].arrived = Some(now);
        Some(self.run.sent[index].message)
    }

    /// What is still on its way arrives too, though nobody waits for it: it is not lost.
    fn rest(&mut self) {
        while let Some(now) = self.next() {
            while self.arrive(now).is_some() {}
        }
    }
}

/// When a message is given to the protocol, in milliseconds.
fn given(message: usize) -> Option<u64> {
    (1..=MESSAGES)
        .contains(&message)
        .then(|| (message as u64 - 1) * GAP)
}

/// Over UDP: what arrives, the program gets.
pub fn udp(setting: Setting) -> Run {
    let mut path = Path::new(setting);
    let mut message = 1;
    while let Some(now) = [given(message), path.next()].into_iter().flatten().min() {
        while let Some(arrived) = path.arrive(now) {
            path.run.got.push((arrived, now));
        }
        if given(message) == Some(now) {
            path.send(message, now);
            message += 1;
        }
    }
    path.run
}

/// Over TCP: all of it, in order, later.
pub fn tcp(setting: Setting) -> Run {
    let mut path = Path::new(setting);
    let round_trip = 2 * setting.delay + PATIENCE;
    // The sender: the next message to send, the first that nobody has acknowledged, how often that was
    // said again, and the timer.
    let (mut message, mut oldest, mut repeats) = (1, 1, 0);
    let (mut wait, mut timer) = (round_trip, None);
    // The receiver: the next message that its program gets, and what came too early.
    let (mut wanted, mut early) = (1, BTreeSet::new());
    let mut acknowledgements: VecDeque<(u64, usize)> = VecDeque::new();
    while wanted <= MESSAGES {
        let back = acknowledgements.front().map(|&(due, _)| due);
        let next = [given(message), path.next(), back, timer]
            .into_iter()
            .flatten()
            .min();
        let Some(now) = next.filter(|&now| now <= END) else {
            break;
        };
        while let Some(arrived) = path.arrive(now) {
            if arrived >= wanted {
                early.insert(arrived);
            }
            while early.remove(&wanted) {
                path.run.got.push((wanted, now));
                wanted += 1;
            }
            acknowledgements.push_back((now + setting.delay, wanted));
        }
        while let Some(&(due, number)) = acknowledgements.front()
            && due <= now
        {
            acknowledgements.pop_front();
            if number > oldest {
                (oldest, repeats, wait) = (number, 0, round_trip);
                timer = (oldest < message).then_some(now + wait);
            } else if oldest < message {
                repeats += 1;
                if repeats == REPEATS {
                    path.send(oldest, now);
                }
            }
        }
        if timer.is_some_and(|due| due <= now) {
            path.send(oldest, now);
            (repeats, wait) = (0, wait * 2);
            timer = Some(now + wait);
        }
        if given(message) == Some(now) {
            path.send(message, now);
            timer = timer.or(Some(now + wait));
            message += 1;
        }
    }
    path.rest();
    path.run
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAR: Setting = Setting {
        seed: 1,
        drop: 0,
        reorder: 0,
        delay: 50,
    };

    fn storms() -> impl Iterator<Item = Setting> {
        (0..200_u8).map(|seed| {
            let index = usize::from(seed);
            Setting {
                seed: seed.into(),
                drop: [0, 10, 20, 40, 60][index % 5],
                reorder: [0, 20, 50][index % 3],
                delay: [0, 10, 50, 150][index % 4],
            }
        })
    }

    #[test]
    fn on_a_clear_path_the_protocols_do_the_same() {
        let udp = udp(CLEAR);
        assert_eq!(udp, tcp(CLEAR));
        let expected: Vec<_> = (1..=10).map(|n| (n, (n as u64 - 1) * 20 + 50)).collect();
        assert_eq!(udp.got, expected);
        assert_eq!(udp.sent.len(), MESSAGES);
    }

    #[test]
    fn the_first_ten_have_the_same_fates_over_both() {
        let lost = |run: &Run| -> Vec<usize> {
            let first = run.sent.iter().take(MESSAGES);
            first
                .filter(|sent| sent.arrived.is_none())
                .map(|sent| sent.message)
                .collect()
        };
        for seed in 0..200 {
            // All ten are under way before the first acknowledgement is back.
            let setting = Setting {
                seed,
                drop: 30,
                reorder: 0,
                delay: 100,
            };
            assert_eq!(lost(&udp(setting)), lost(&tcp(setting)), "{setting:?}");
        }
    }

    #[test]
    fn tcp_delivers_in_order_and_never_before_udp_could() {
        for setting in storms() {
            let run = tcp(setting);
            for (index, &(message, at)) in run.got.iter().enumerate() {
                assert_eq!(message, index + 1, "{setting:?}");
                let arrived = run.sent.iter().filter(|sent| sent.message == message);
                let first = arrived.filter_map(|sent| sent.arrived).min();
                assert!(first.is_some_and(|first| first <= at), "{setting:?}");
                assert!(Some(at) >= given(message).map(|at| at + setting.delay));
            }
            assert!(run.got.is_sorted_by_key(|&(_, at)| at));
        }
    }

    #[test]
    fn udp_loses_what_is_lost_and_nothing_else() {
        for setting in storms() {
            let run = udp(setting);
            assert_eq!(run.sent.len(), MESSAGES);
            let arrived = run.sent.iter().filter(|sent| sent.arrived.is_some());
            assert_eq!(arrived.count(), run.got.len(), "{setting:?}");
        }
    }

    #[test]
    fn a_timer_that_hears_nothing_doubles() {
        let total = Setting { drop: 100, ..CLEAR };
        assert_eq!(udp(total).got, []);
        let run = tcp(total);
        assert_eq!(run.got, []);
        let first: Vec<u64> = run
            .sent
            .iter()
            .filter(|sent| sent.message == 1)
            .map(|sent| sent.at)
            .collect();
        assert_eq!(first, [0, 300, 900, 2100, 4500]);
        assert_eq!(run.sent.len(), MESSAGES + 4);
    }

    #[test]
    fn three_repeated_acknowledgements_are_faster_than_the_timer() {
        // Find a storm that loses message 2 alone.
        let lost = |setting: &Setting| -> Vec<usize> {
            let run = udp(*setting);
            let lost = run.sent.iter().filter(|sent| sent.arrived.is_none());
            lost.map(|sent| sent.message).collect()
        };
        let setting = (0..10_000)
            .map(|seed| Setting {
                seed,
                drop: 10,
                ..CLEAR
            })
            .find(|setting| lost(setting) == [2])
            .unwrap();
        let run = tcp(setting);
        let again: Vec<&Sent> = run.sent.iter().filter(|sent| sent.message == 2).collect();
        // Sent at 20. Messages 3, 4 and 5 arrive at 90, 110 and 130; the third repetition is back at
        // 180, and the timer would have run out at 400.
        assert_eq!((again[0].at, again[1].at), (20, 180));
        assert_eq!(again[1].arrived, Some(230));
        // 3 to 10 have arrived before 230 or at it, and their program gets them with 2.
        assert!(run.got[1..].iter().all(|&(_, at)| at == 230));
    }
}
