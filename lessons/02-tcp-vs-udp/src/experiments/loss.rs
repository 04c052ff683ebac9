//! What is lost when the path loses something? UDP: the datagram. TCP: time.
//!
//! The relay loses datagrams truly, but can only imitate what loss does to TCP (see
//! [`crate::relay`]). On Linux there is a truer way that needs no root: [`super::kernel_loss`].

use super::crossing::{self, Crossing};
use crate::{net::Lab, trouble::Trouble, weather::Weather};

/// So many percent of what crosses is lost, unless the caller says otherwise.
pub const PERCENT: u8 = 20;

/// Runs [`crossing`] through a path that loses.
///
/// # Errors
/// As [`crossing::run`].
pub fn run(lab: &Lab, seed: u64, percent: u8) -> Result<Crossing, Trouble> {
    crossing::run(
        lab,
        &Weather {
            seed,
            drop: percent,
            ..Weather::default()
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::crossing::SEED;

    #[test]
    fn udp_loses_messages_and_tcp_loses_time() {
        let seen = run(&Lab::default(), SEED, PERCENT).unwrap();
        assert!(!seen.udp.missing().is_empty());
        assert!(seen.tcp.is_perfect());
        assert!(seen.tcp_time > seen.tcp_clear_time);
    }
}
