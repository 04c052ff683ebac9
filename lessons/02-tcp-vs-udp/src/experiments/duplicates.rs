//! Can a datagram arrive twice? Yes: the network may copy it, and UDP does not look.

use super::crossing::{self, Crossing};
use crate::{net::Lab, trouble::Trouble, weather::Weather};

/// 25 percent of what crosses arrives twice.
pub fn weather(seed: u64) -> Weather {
    Weather { seed, duplicate: 25, ..Weather::default() }
}

/// Runs [`crossing`] through a path that makes copies.
///
/// # Errors
/// As [`crossing::run`].
pub fn run(lab: &Lab, seed: u64) -> Result<Crossing, Trouble> {
    crossing::run(lab, &weather(seed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn udp_hands_over_the_copies_and_tcp_does_not() {
        let seen = run(&Lab::default(), 7).unwrap();
        assert_eq!(seen.udp.missing(), [] as [u32; 0]);
        assert!(!seen.udp.copies().is_empty());
        assert!(seen.tcp.is_perfect());
    }
}
