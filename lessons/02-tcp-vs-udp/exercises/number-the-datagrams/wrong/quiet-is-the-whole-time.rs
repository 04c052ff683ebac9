//! The time `quiet` is the time for all of them.
//!
//! It is the time *without* a datagram: with each one that comes it begins anew. A sender who needs a
//! minute for his series is not quiet as long as he sends. `set_read_timeout(Some(quiet))` does what is
//! asked, because each `recv` begins its own wait.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::time::Duration;

use kit::net::UdpSocket;

/// What came of a series of numbered messages.
pub struct Received {
    /// The texts, in the order of their numbers, each one once.
    pub messages: Vec<Vec<u8>>,
    /// The numbers that never came, in ascending order.
    pub missing: Vec<u32>,
}

/// Receives a series of messages with the numbers 1 to `count`, until nothing has come for the time
/// `quiet`. A datagram is a number of four octets, most significant first, and a text of at most 1,000
/// octets. What has no number, or one outside of the series, is skipped.
pub fn receive(socket: &UdpSocket, count: u32, quiet: Duration) -> io::Result<Received> {
    socket.set_read_timeout(Some(quiet))?;
    let mut came = BTreeMap::new();
    let mut buffer = [0; 2000];
    let end = std::time::Instant::now() + quiet;
    while std::time::Instant::now() < end {
        let length = match socket.recv(&mut buffer) {
            Ok(length) => length,
            Err(error) if is_timeout(&error) => break,
            Err(error) => return Err(error),
        };
        let Some((number, text)) = buffer[..length].split_first_chunk::<4>() else {
            continue;
        };
        let number = u32::from_be_bytes(*number);
        if (1..=count).contains(&number) {
            came.insert(number, text.to_vec());
        }
    }
    let missing = (1..=count).filter(|number| !came.contains_key(number));
    Ok(Received {
        missing: missing.collect(),
        messages: came.into_values().collect(),
    })
}

/// Linux and macOS call it `WouldBlock`, Windows `TimedOut`.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
