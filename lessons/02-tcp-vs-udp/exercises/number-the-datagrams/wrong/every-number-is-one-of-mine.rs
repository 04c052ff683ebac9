//! A number that arrives is one of the series.
//!
//! Anybody can send to your socket, and an earlier series may still be on its way. A number is what its
//! sender has written, not a promise. The series has the numbers 1 to `count`: skip what is outside of
//! it, 0 too.

use std::io;
use std::time::Duration;

use kit::net::UdpSocket;

/// What came of a series of numbered messages.
pub struct Received {
    /// The texts, in the order of their numbers, each one once.
    pub messages: Vec<Vec<u8>>,
    /// The numbers that never came, in ascending order.
    pub missing: Vec<u32>,
}

use std::collections::BTreeMap;

/// Receives a series of messages with the numbers 1 to `count`, until nothing has come for the time
/// `quiet`. A datagram is a number of four octets, most significant first, and a text of at most 1,000
/// octets. What has no number, or one outside of the series, is skipped.
pub fn receive(socket: &UdpSocket, count: u32, quiet: Duration) -> io::Result<Received> {
    socket.set_read_timeout(Some(quiet))?;
    let mut texts = BTreeMap::new();
    let mut buffer = [0; 2000];
    while let Ok(length) = socket.recv(&mut buffer) {
        if let Some((number, text)) = buffer[..length].split_first_chunk::<4>() {
            texts.insert(u32::from_be_bytes(*number), text.to_vec());
        }
    }
    let missing = (1..=count)
        .filter(|number| !texts.contains_key(number))
        .collect();
    Ok(Received {
        messages: texts.into_values().collect(),
        missing,
    })
}
