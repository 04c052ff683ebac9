//! Weather: what a bad path does to the things that cross it, decided by a seed.
//!
//! A real network loses, doubles and reorders datagrams when it likes. A lesson needs the same
//! losses again tomorrow. So the decisions come from a small random number generator that is part
//! of this file: the same seed gives the same fates on every machine and with every version of
//! every library.

use std::time::Duration;

/// What a path does, in percent of the things that cross it.
///
/// The default is a clear path: nothing is lost, doubled, reordered or delayed.
// ANCHOR: weather
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weather {
    /// Same seed, same fates.
    pub seed: u64,
    /// Percent of datagrams that never arrive.
    pub drop: u8,
    /// Percent of datagrams that arrive twice.
    pub duplicate: u8,
    /// Percent of datagrams that are overtaken by the next one.
    pub reorder: u8,
    /// How long everything is on its way, in one direction.
    pub delay: Duration,
    /// For TCP: how long a lost segment is missing before its sender sends it again. 200 ms is
    /// the shortest retransmission timeout of Linux; RFC 6298 §2.4 asks for 1 s.
    pub resend_after: Duration,
    /// For TCP: how long a segment that was overtaken is missing.
    pub overtaken_by: Duration,
}
// ANCHOR_END: weather

impl Default for Weather {
    fn default() -> Self {
        Self {
            seed: 1,
            drop: 0,
            duplicate: 0,
            reorder: 0,
            delay: Duration::ZERO,
            resend_after: Duration::from_millis(200),
            overtaken_by: Duration::from_millis(20),
        }
    }
}

impl Weather {
    /// The fates along one path. Every path of a relay has its own number, so that two
    /// directions, or two clients, do not share their luck.
    pub fn forecast(&self, path: u64) -> Forecast {
        Forecast {
            weather: *self,
            // The generator walks in equal steps, so a start that is only a few steps away would
            // repeat the other path's luck a little later. Mixing the seed first prevents that.
            random: SplitMix64(SplitMix64(self.seed).next() ^ path),
        }
    }
}

/// What happens to one datagram (or, for TCP, to one segment).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It arrives once, in its place.
    Pass,
    /// It does not arrive. (A TCP sender sends it again: it arrives late.)
    Drop,
    /// It arrives twice. (A TCP receiver throws the copy away.)
    Duplicate,
    /// The next one arrives before it. (A TCP receiver keeps the next one back.)
    Late,
}

/// The fates of the first, second, third … thing on one path: an endless iterator.
#[derive(Debug, Clone)]
pub struct Forecast {
    weather: Weather,
    random: SplitMix64,
}

// ANCHOR: forecast
impl Iterator for Forecast {
    type Item = Fate;

    fn next(&mut self) -> Option<Fate> {
        // Three numbers are drawn for every datagram, needed or not. So more drops in the
        // weather do not change which of the others are doubled or late.
        let [drop, late, duplicate] = [(); 3].map(|()| self.random.percent());
        Some(if drop < self.weather.drop {
            Fate::Drop
        } else if late < self.weather.reorder {
            Fate::Late
        } else if duplicate < self.weather.duplicate {
            Fate::Duplicate
        } else {
            Fate::Pass
        })
    }
}
// ANCHOR_END: forecast

/// SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014),
/// with the constants of its reference code. Good enough to choose victims, not to keep secrets.
#[derive(Debug, Clone)]
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to 99.
    fn percent(&mut self) -> u8 {
        // The remainder is below 100, so it fits; the fallback is never used.
        u8::try_from(self.next() % 100).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_generator_gives_the_published_numbers() {
        // First outputs for seed 0 of the reference implementation (splitmix64.c, Vigna).
        let mut random = SplitMix64(0);
        assert_eq!(random.next(), 0xe220_a839_7b1d_cdaf);
        assert_eq!(random.next(), 0x6e78_9e6a_a1b9_65f4);
    }

    #[test]
    fn a_clear_path_lets_everything_pass() {
        assert!(
            Weather::default()
                .forecast(0)
                .take(1000)
                .all(|fate| fate == Fate::Pass)
        );
    }

    #[test]
    fn a_percentage_of_100_is_always() {
        let weather = Weather {
            drop: 100,
            ..Weather::default()
        };
        assert!(
            weather
                .forecast(3)
                .take(1000)
                .all(|fate| fate == Fate::Drop)
        );
    }

    #[test]
    fn two_paths_have_different_luck() {
        let weather = Weather {
            drop: 50,
            ..Weather::default()
        };
        let there: Vec<Fate> = weather.forecast(0).take(40).collect();
        let back: Vec<Fate> = weather.forecast(1).take(40).collect();
        assert_ne!(there, back);
    }

    proptest! {
        #[test]
        fn the_same_seed_gives_the_same_fates(seed: u64, drop in 0_u8..=100, path in 0_u64..9) {
            let weather = Weather { seed, drop, reorder: 20, duplicate: 20, ..Weather::default() };
            let once: Vec<Fate> = weather.forecast(path).take(50).collect();
            let again: Vec<Fate> = weather.forecast(path).take(50).collect();
            prop_assert_eq!(once, again);
        }

        #[test]
        fn about_as_many_are_lost_as_asked_for(seed: u64, drop in 0_u8..=100) {
            let weather = Weather { seed, drop, ..Weather::default() };
            let lost = weather.forecast(0).take(10_000).filter(|&fate| fate == Fate::Drop).count();
            let asked = usize::from(drop) * 100;
            prop_assert!(lost.abs_diff(asked) < 300, "{} lost, {} asked for", lost, asked);
        }

        #[test]
        fn more_drops_leave_the_other_fates_alone(seed: u64, drop in 0_u8..=100) {
            let calm = Weather { seed, reorder: 30, duplicate: 30, ..Weather::default() };
            let storm = Weather { drop, ..calm };
            for (calm, storm) in calm.forecast(0).zip(storm.forecast(0)).take(100) {
                prop_assert!(storm == Fate::Drop || storm == calm);
            }
        }
    }
}
