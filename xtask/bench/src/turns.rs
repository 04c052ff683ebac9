//! Programs that take turns.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result, ensure};
use measured::figure::Unit;
use measured::report::{Claim, Group, Row, Target};

/// Set when the bench is told to end (Ctrl-C, `SIGTERM`): nothing more is measured. To end at once would
/// leave behind the servers and gigabytes of files.
pub static STOP: AtomicBool = AtomicBool::new(false);

/// Measures once, and gives the value.
type Measure<'a> = Box<dyn FnMut() -> Result<f64> + 'a>;

/// A group that is being put together.
pub struct Turns<'a> {
    title: String,
    unit: Unit,
    rounds: usize,
    rows: Vec<(Row, usize, Measure<'a>)>,
    targets: Vec<Target>,
}

impl<'a> Turns<'a> {
    /// A group without rows, to be measured so many times.
    pub fn new(title: impl Into<String>, unit: Unit, rounds: usize) -> Self {
        Self {
            title: title.into(),
            unit,
            rounds,
            rows: Vec::new(),
            targets: Vec::new(),
        }
    }

    /// Adds one of ours.
    pub fn ours(&mut self, who: &str, measure: impl FnMut() -> Result<f64> + 'a) {
        self.add(who, true, self.rounds, measure);
    }

    /// Adds a peer.
    pub fn peer(&mut self, who: &str, measure: impl FnMut() -> Result<f64> + 'a) {
        self.add(who, false, self.rounds, measure);
    }

    /// Adds a peer that is so slow that fewer rounds must do.
    pub fn slow_peer(
        &mut self,
        who: &str,
        rounds: usize,
        measure: impl FnMut() -> Result<f64> + 'a,
    ) {
        self.add(who, false, rounds.min(self.rounds), measure);
    }

    fn add(
        &mut self,
        who: &str,
        ours: bool,
        rounds: usize,
        measure: impl FnMut() -> Result<f64> + 'a,
    ) {
        let row = Row {
            who: who.to_owned(),
            ours,
            values: Vec::new(),
        };
        self.rows.push((row, rounds, Box::new(measure)));
    }

    /// Expects `ours` to be at most so many times `beside`.
    pub fn at_most(&mut self, ours: &str, times: f64, beside: &str) {
        self.target(ours, Some(beside), Claim::AtMost(times));
    }

    /// Expects `ours` to be at least so many times as fast as `beside`.
    pub fn times_as_fast(&mut self, ours: &str, times: f64, beside: &str) {
        self.target(ours, Some(beside), Claim::TimesAsFast(times));
    }

    /// Expects the value of `ours` to be at most `limit`.
    pub fn limit(&mut self, ours: &str, limit: f64) {
        self.target(ours, None, Claim::AtMost(limit));
    }

    fn target(&mut self, ours: &str, beside: Option<&str>, claim: Claim) {
        self.targets.push(Target {
            ours: ours.to_owned(),
            beside: beside.map(str::to_owned),
            claim,
        });
    }

    /// Measures, round by round, in the orders of a Williams design: 0, n-1, 1, n-2, 2, …, and in each round
    /// all of them one further. So nobody always comes after the same neighbour: whoever comes after a large
    /// program finds less of its own in the processor's fast memory. The first round of all warms up, and
    /// does not count, if there is more than one.
    ///
    /// # Errors
    /// When one of them fails, or the bench is told to end.
    pub fn take(self) -> Result<Group> {
        self.take_until(&STOP)
    }

    fn take_until(mut self, stop: &AtomicBool) -> Result<Group> {
        let progress = Progress::new(&self.title);
        let count = self.rows.len();
        let warm_up = usize::from(self.rounds > 1);
        for round in 0..self.rounds + warm_up {
            progress.show(round, self.rounds + warm_up);
            for place in 0..count {
                let zigzag = if place % 2 == 0 {
                    place / 2
                } else {
                    count - place.div_ceil(2)
                };
                let (row, rounds, measure) = &mut self.rows[(zigzag + round) % count];
                // Who has few rounds is too slow to be warmed up.
                if *rounds < self.rounds && round < warm_up || row.values.len() == *rounds {
                    continue;
                }
                ensure!(!stop.load(Ordering::Relaxed), "broken off");
                let value = measure().with_context(|| row.who.clone())?;
                if round >= warm_up {
                    row.values.push(value);
                }
            }
        }
        progress.end();
        Ok(Group {
            title: self.title,
            unit: self.unit,
            rows: self.rows.into_iter().map(|(row, _, _)| row).collect(),
            targets: self.targets,
        })
    }
}

/// One line on a terminal that says what is going on.
struct Progress<'a>(Option<&'a str>);

impl<'a> Progress<'a> {
    fn new(title: &'a str) -> Self {
        Self(io::stderr().is_terminal().then_some(title))
    }

    fn show(&self, round: usize, of: usize) {
        if let Some(title) = self.0 {
            let _ = write!(
                io::stderr(),
                "\r\u{1b}[K{title}: round {} of {of}",
                round + 1
            );
        }
    }

    fn end(&self) {
        if self.0.is_some() {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn they_take_turns_and_nobody_has_always_the_same_neighbour() {
        let order = RefCell::new(String::new());
        let measured = |who: char| {
            let order = &order;
            move || {
                order.borrow_mut().push(who);
                Ok(1.0)
            }
        };
        let mut turns = Turns::new("four", Unit::Seconds, 3);
        turns.ours("a", measured('a'));
        for (peer, who) in [("b", 'b'), ("c", 'c'), ("d", 'd')] {
            turns.peer(peer, measured(who));
        }
        turns.at_most("a", 1.0, "b");
        let group = turns.take().unwrap();
        assert!(group.rows.iter().all(|row| row.values.len() == 3));
        let order = order.into_inner();
        assert_eq!(order, "adbcbacdcbdadcab");
        let mut pairs: Vec<&[u8]> = order
            .as_bytes()
            .chunks(4)
            .flat_map(|round| round.windows(2))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        assert_eq!(pairs.len(), 12, "each after each other one, once");
    }

    #[test]
    fn who_is_slow_has_fewer_turns_and_no_warm_up() {
        let order = RefCell::new(String::new());
        let mut turns = Turns::new("two", Unit::Seconds, 3);
        turns.ours("a", || {
            order.borrow_mut().push('a');
            Ok(1.0)
        });
        turns.slow_peer("b", 1, || {
            order.borrow_mut().push('b');
            Ok(1.0)
        });
        let group = turns.take().unwrap();
        let counts: Vec<usize> = group.rows.iter().map(|row| row.values.len()).collect();
        assert_eq!(counts, [3, 1]);
        assert_eq!(*order.borrow(), "abaaa");
    }

    #[test]
    fn who_is_told_to_end_measures_no_more() {
        let stop = AtomicBool::new(false);
        let mut turns = Turns::new("one", Unit::Seconds, 5);
        let mut measured = 0;
        turns.ours("a", || {
            measured += 1;
            stop.store(measured == 2, Ordering::Relaxed);
            Ok(1.0)
        });
        let error = turns.take_until(&stop).unwrap_err().to_string();
        assert_eq!((error.as_str(), measured), ("broken off", 2));
    }

    #[test]
    fn who_fails_is_named() {
        let mut turns = Turns::new("one", Unit::Seconds, 1);
        turns.ours("a", || anyhow::bail!("no"));
        let error = format!("{:#}", turns.take().unwrap_err());
        assert_eq!(error, "a: no");
    }
}
