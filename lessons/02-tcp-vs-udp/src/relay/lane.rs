//! One direction of a path: what came in, and when it goes out.
//!
//! No socket and no clock is in here: the caller says what time it is. So a test can play a whole
//! storm in no time.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use crate::weather::{Fate, Forecast, Weather};

/// Datagrams may be lost and change places; a stream may only be late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// UDP.
    Datagrams,
    /// TCP, as its reader sees it.
    Stream,
}

/// A datagram that is held back goes on by itself when nothing has overtaken it for so long.
const HOLD: Duration = Duration::from_millis(500);

/// A lane holds so many octets of datagrams. What comes then is lost, as in a router whose queue is
/// full. (A stream is never lost: there the relay stops reading, see [`Lane::load`].)
const QUEUE: usize = 1024 * 1024;

/// One direction of a path.
#[derive(Debug)]
pub struct Lane {
    kind: Kind,
    weather: Weather,
    forecast: Forecast,
    road: VecDeque<(Instant, Vec<u8>)>,
    held: VecDeque<(Instant, Vec<u8>)>,
    load: usize,
    number: u64,
}

impl Lane {
    /// An empty lane. `path` numbers the lanes of one relay.
    pub fn new(kind: Kind, weather: &Weather, path: u64) -> Self {
        Self {
            kind,
            weather: *weather,
            forecast: weather.forecast(path),
            road: VecDeque::new(),
            held: VecDeque::new(),
            load: 0,
            number: 0,
        }
    }

    /// Something came in at `now`: decides its fate and puts it on the road, or not. Returns its
    /// number on this lane, from 1, and its fate.
    pub fn arrive(&mut self, octets: &[u8], now: Instant) -> (u64, Fate) {
        self.number += 1;
        let mut fate = self.forecast.next().unwrap_or(Fate::Pass);
        if self.kind == Kind::Datagrams && self.load >= QUEUE {
            fate = Fate::Drop;
        }
        self.load += octets.len() * self.copies(fate);
        match self.kind {
            Kind::Datagrams => self.datagram(octets, fate, now + self.weather.delay),
            Kind::Stream => self.segment(octets, fate, now + self.weather.delay),
        }
        (self.number, fate)
    }

    // ANCHOR: datagram
    /// UDP: the fate is what the receiver sees.
    fn datagram(&mut self, octets: &[u8], fate: Fate, due: Instant) {
        match fate {
            Fate::Drop => {}
            Fate::Late => self.held.push_back((due + HOLD, octets.to_vec())),
            Fate::Pass | Fate::Duplicate => {
                for _ in 0..if fate == Fate::Duplicate { 2 } else { 1 } {
                    self.road.push_back((due, octets.to_vec()));
                }
                // Now the ones that were held back have been overtaken: they follow.
                let followers = self.held.drain(..).map(|(_, octets)| (due, octets));
                self.road.extend(followers);
            }
        }
    }
    // ANCHOR_END: datagram

    // ANCHOR: segment
    /// TCP: whatever the fate, the octets come, in order. The fate decides how late.
    fn segment(&mut self, octets: &[u8], fate: Fate, due: Instant) {
        let late = match fate {
            Fate::Pass | Fate::Duplicate => Duration::ZERO,
            Fate::Late => self.weather.overtaken_by,
            Fate::Drop => self.weather.resend_after,
        };
        // Nothing overtakes in a stream: what is behind a late segment waits for it.
        let before = self.road.back().map_or(due, |(due, _)| *due);
        self.road
            .push_back(((due + late).max(before), octets.to_vec()));
    }
    // ANCHOR_END: segment

    /// The next thing that leaves the lane at `now`, if its time has come.
    pub fn leave(&mut self, now: Instant) -> Option<Vec<u8>> {
        while self.held.front().is_some_and(|(due, _)| *due <= now) {
            self.road.extend(self.held.pop_front());
        }
        let (due, _) = self.road.front()?;
        if *due > now {
            return None;
        }
        let (_, octets) = self.road.pop_front()?;
        self.load -= octets.len();
        Some(octets)
    }

    /// How many times something with this fate leaves the lane.
    fn copies(&self, fate: Fate) -> usize {
        match (self.kind, fate) {
            (Kind::Datagrams, Fate::Drop) => 0,
            (Kind::Datagrams, Fate::Duplicate) => 2,
            _ => 1,
        }
    }

    /// When [`Lane::leave`] will next have something.
    pub fn next_due(&self) -> Option<Instant> {
        [self.road.front(), self.held.front()]
            .into_iter()
            .flatten()
            .map(|(due, _)| *due)
            .min()
    }

    /// Octets under way.
    pub fn load(&self) -> usize {
        self.load
    }

    /// Whether nothing is under way.
    pub fn is_empty(&self) -> bool {
        self.road.is_empty() && self.held.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Sends 1, 2, 3 … `count` at one moment; returns what leaves, with the milliseconds until.
    fn play(kind: Kind, weather: &Weather, count: u8) -> Vec<(u8, u128)> {
        let start = Instant::now();
        let mut lane = Lane::new(kind, weather, 0);
        for number in 1..=count {
            lane.arrive(&[number], start);
        }
        let mut left = Vec::new();
        while let Some(due) = lane.next_due() {
            while let Some(octets) = lane.leave(due) {
                left.push((octets[0], (due - start).as_millis()));
            }
        }
        assert!(lane.is_empty());
        assert_eq!(lane.load(), 0);
        left
    }

    fn numbers(left: &[(u8, u128)]) -> Vec<u8> {
        left.iter().map(|&(number, _)| number).collect()
    }

    #[test]
    fn clear_weather_changes_nothing() {
        for kind in [Kind::Datagrams, Kind::Stream] {
            let left = play(kind, &Weather::default(), 5);
            assert_eq!(left, [(1, 0), (2, 0), (3, 0), (4, 0), (5, 0)]);
        }
    }

    #[test]
    fn delay_holds_for_everything() {
        let weather = Weather {
            delay: Duration::from_millis(30),
            ..Weather::default()
        };
        assert_eq!(play(Kind::Datagrams, &weather, 2), [(1, 30), (2, 30)]);
        assert_eq!(play(Kind::Stream, &weather, 2), [(1, 30), (2, 30)]);
    }

    #[test]
    fn total_loss_is_silence_for_udp_and_delay_for_tcp() {
        let weather = Weather {
            drop: 100,
            ..Weather::default()
        };
        assert_eq!(play(Kind::Datagrams, &weather, 3), []);
        assert_eq!(
            play(Kind::Stream, &weather, 3),
            [(1, 200), (2, 200), (3, 200)]
        );
    }

    #[test]
    fn a_last_datagram_that_nothing_overtakes_still_arrives() {
        let weather = Weather {
            reorder: 100,
            ..Weather::default()
        };
        assert_eq!(play(Kind::Datagrams, &weather, 2), [(1, 500), (2, 500)]);
        assert_eq!(play(Kind::Stream, &weather, 2), [(1, 20), (2, 20)]);
    }

    #[test]
    fn a_full_queue_loses_datagrams_and_no_octets_of_a_stream() {
        let weather = Weather {
            delay: Duration::from_secs(60),
            ..Weather::default()
        };
        for kind in [Kind::Datagrams, Kind::Stream] {
            let now = Instant::now();
            let mut lane = Lane::new(kind, &weather, 0);
            let fates = (0..2 * QUEUE / 1000).map(|_| lane.arrive(&[b'x'; 1000], now).1);
            let lost = fates.filter(|&fate| fate == Fate::Drop).count();
            assert_eq!(lost > 0, kind == Kind::Datagrams);
            assert_eq!(lane.load() < QUEUE + 1000, kind == Kind::Datagrams);
        }
    }

    #[test]
    fn one_seed_one_storm() {
        let weather = Weather {
            seed: 7,
            drop: 20,
            duplicate: 20,
            reorder: 20,
            ..Weather::default()
        };
        let left = play(Kind::Datagrams, &weather, 12);
        assert_eq!(numbers(&left), STORM_OF_SEED_7);
    }

    /// 3, 5, 6 and 10 are lost, 9 comes twice, 8 is overtaken.
    const STORM_OF_SEED_7: &[u8] = &[1, 2, 4, 7, 9, 9, 8, 11, 12];

    proptest! {
        #[test]
        fn a_stream_keeps_every_octet_in_order(
            seed: u64, drop in 0_u8..=100, reorder in 0_u8..=100, duplicate in 0_u8..=100,
        ) {
            let weather = Weather { seed, drop, duplicate, reorder, ..Weather::default() };
            let left = play(Kind::Stream, &weather, 50);
            prop_assert_eq!(numbers(&left), (1..=50).collect::<Vec<u8>>());
            prop_assert!(left.is_sorted_by_key(|&(_, ms)| ms));
        }

        #[test]
        fn datagrams_come_as_often_as_the_forecast_says(
            seed: u64, drop in 0_u8..=100, reorder in 0_u8..=100, duplicate in 0_u8..=100,
        ) {
            let weather = Weather { seed, drop, duplicate, reorder, ..Weather::default() };
            let left = numbers(&play(Kind::Datagrams, &weather, 50));
            for (number, fate) in (1_u8..=50).zip(weather.forecast(0)) {
                let expected = match fate {
                    Fate::Drop => 0,
                    Fate::Duplicate => 2,
                    Fate::Pass | Fate::Late => 1,
                };
                prop_assert_eq!(left.iter().filter(|&&n| n == number).collect::<Vec<_>>().len(), expected);
            }
        }
    }
}
