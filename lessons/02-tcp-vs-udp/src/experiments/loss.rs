//! What is lost when the path loses something? UDP: the datagram. TCP: time.
//!
//! The relay loses datagrams truly, but can only imitate what loss does to TCP (see
//! [`crate::relay`]). On Linux there is a truer way that needs no root: [`super::kernel_loss`].

use super::crossing::{self, Crossing};
use crate::{net::Lab, trouble::Trouble, weather::Weather};

/// 20 percent of what crosses is lost.
pub fn weather(seed: u64) -> Weather {
    Weather { seed, drop: 20, ..Weather::default() }
}

/// Runs [`crossing`] through a path that loses.
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
    fn udp_loses_messages_and_tcp_loses_time() {
        let seen = run(&Lab::default(), 7).unwrap();
        assert!(!seen.udp.missing().is_empty());
        assert!(seen.tcp.is_perfect());
        assert!(seen.tcp_time > seen.tcp_clear_time);
    }
}
