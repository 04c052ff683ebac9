//! Do datagrams arrive in the order in which they were sent? Not when the path overtakes them.

use super::crossing::{self, Crossing};
use crate::{net::Lab, trouble::Trouble, weather::Weather};

/// 30 percent of what crosses is overtaken by the next.
pub fn weather(seed: u64) -> Weather {
    Weather { seed, reorder: 30, ..Weather::default() }
}

/// Runs [`crossing`] through a path that reorders.
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
    fn nothing_is_lost_but_udp_is_out_of_order() {
        let seen = run(&Lab::default(), 7).unwrap();
        assert_eq!(seen.udp.missing(), [] as [u32; 0]);
        assert_eq!(seen.udp.copies(), [] as [u32; 0]);
        assert!(!seen.udp.overtaken().is_empty());
        assert!(seen.tcp.is_perfect());
    }
}
