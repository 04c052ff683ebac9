//! Can a datagram arrive twice? Yes: the network may copy it, and UDP does not look.

use super::crossing::{self, Crossing};
use crate::{net::Lab, trouble::Trouble, weather::Weather};

/// So many percent of what crosses is doubled, unless the caller says otherwise.
pub const PERCENT: u8 = 25;

/// Runs [`crossing`] through a path that makes copies.
///
/// # Errors
/// As [`crossing::run`].
pub fn run(lab: &Lab, seed: u64, percent: u8) -> Result<Crossing, Trouble> {
    crossing::run(
        lab,
        &Weather {
            seed,
            duplicate: percent,
            ..Weather::default()
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::crossing::SEED;

    #[test]
    fn udp_hands_over_the_copies_and_tcp_does_not() {
        let seen = run(&Lab::default(), SEED, PERCENT).unwrap();
        assert_eq!(seen.udp.missing(), [] as [u32; 0]);
        assert!(!seen.udp.copies().is_empty());
        assert!(seen.tcp.is_perfect());
    }
}
