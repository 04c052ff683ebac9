//! Do datagrams arrive in the order in which they were sent? Not when the path overtakes them.

use super::crossing::{self, Crossing};
use crate::{net::Lab, trouble::Trouble, weather::Weather};

/// So many percent of what crosses is overtaken by the next, unless the caller says otherwise.
pub const PERCENT: u8 = 30;

/// Runs [`crossing`] through a path that reorders.
///
/// # Errors
/// As [`crossing::run`].
pub fn run(lab: &Lab, seed: u64, percent: u8) -> Result<Crossing, Trouble> {
    crossing::run(
        lab,
        &Weather {
            seed,
            reorder: percent,
            ..Weather::default()
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::crossing::SEED;

    #[test]
    fn nothing_is_lost_but_udp_is_out_of_order() {
        let seen = run(&Lab::default(), SEED, PERCENT).unwrap();
        assert_eq!(seen.udp.missing(), [] as [u32; 0]);
        assert_eq!(seen.udp.copies(), [] as [u32; 0]);
        assert!(!seen.udp.overtaken().is_empty());
        assert!(seen.tcp.is_perfect());
    }
}
