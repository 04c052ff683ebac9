//! What if a datagram is larger than the buffer it is received into, or than UDP carries?

use std::{
    io::{self, Read, Write},
    net::UdpSocket,
    time::Duration,
};

use socket2::SockRef;

use crate::{
    net::{Lab, is_timeout},
    trouble::{Trouble, plain, while_},
};

/// What is sent, ten octets.
pub const TEXT: &str = "0123456789";

/// The receiver's buffer, in octets.
pub const SMALL: usize = 4;

/// Sizes of datagrams tried.
pub const SIZES: [usize; 4] = [1472, 65_507, 65_508, 65_536];

/// The error number of Windows for a datagram that did not fit (`WSAEMSGSIZE`).
const WINDOWS_DID_NOT_FIT: i32 = 10_040;

/// A size in octets, and what came of it.
pub type Tried = (usize, Result<usize, String>);

/// What was observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truncation {
    /// What receives into [`SMALL`] octets returned over UDP. The last one ended by its deadline.
    pub udp_reads: Vec<String>,
    /// Whether the system reported that it cut something off (Windows does, Unix does not).
    pub udp_told: bool,
    /// What reads into [`SMALL`] octets returned over TCP.
    pub tcp_reads: Vec<String>,
    /// For each of [`SIZES`]: the octets that arrived, or why the system refused to send.
    pub sizes: Vec<Tried>,
}

/// Receives into a buffer that is too small; sends what is too large.
///
/// # Errors
/// [`Trouble`] if a socket fails. A refused size is an observation.
pub fn run(lab: &Lab) -> Result<Truncation, Trouble> {
    let (udp_reads, udp_told) = over_udp(lab)?;
    Ok(Truncation {
        udp_reads,
        udp_told,
        tcp_reads: over_tcp(lab)?,
        sizes: sizes(lab)?,
    })
}

fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

// ANCHOR: udp
fn over_udp(lab: &Lab) -> Result<(Vec<String>, bool), Trouble> {
    let (sender, receiver) = lab.udp_pair()?;
    let short = Some(Duration::from_millis(200));
    receiver
        .set_read_timeout(short)
        .map_err(while_("setting a deadline"))?;
    sender.send(TEXT.as_bytes()).map_err(while_("sending"))?;

    let mut reads = Vec::new();
    let mut told = false;
    loop {
        let mut buffer = [0; SMALL];
        match receiver.recv(&mut buffer) {
            Ok(length) => reads.push(text(&buffer[..length])),
            Err(error) if is_timeout(&error) => return Ok((reads, told)), // there is no more
            Err(error) if error.raw_os_error() == Some(WINDOWS_DID_NOT_FIT) => {
                reads.push(text(&buffer));
                told = true;
            }
            Err(error) => return Err(while_("receiving")(error)),
        }
    }
}
// ANCHOR_END: udp

fn over_tcp(lab: &Lab) -> Result<Vec<String>, Trouble> {
    let (mut sender, mut receiver) = lab.tcp_pair()?;
    sender
        .write_all(TEXT.as_bytes())
        .map_err(while_("writing"))?;
    drop(sender);
    let mut reads = Vec::new();
    loop {
        let mut buffer = [0; SMALL];
        match receiver.read(&mut buffer).map_err(while_("reading"))? {
            0 => return Ok(reads),
            length => reads.push(text(&buffer[..length])),
        }
    }
}

fn sizes(lab: &Lab) -> Result<Vec<Tried>, Trouble> {
    let (sender, receiver) = lab.udp_pair()?;
    // macOS sends no datagram larger than the send buffer, which starts at 9,216 octets.
    let options = SockRef::from(&sender);
    if options
        .send_buffer_size()
        .map_err(while_("asking for a buffer's size"))?
        < 128 * 1024
    {
        options
            .set_send_buffer_size(128 * 1024)
            .map_err(while_("asking for a larger buffer"))?;
    }
    Ok(SIZES
        .map(|size| (size, one_size(&sender, &receiver, size)))
        .to_vec())
}

fn one_size(sender: &UdpSocket, receiver: &UdpSocket, size: usize) -> Result<usize, String> {
    let mut buffer = vec![0; SIZES[SIZES.len() - 1]];
    let tried: io::Result<usize> = sender
        .send(&vec![b'x'; size])
        .and_then(|_| receiver.recv(&mut buffer));
    tried.map_err(|error| {
        if is_timeout(&error) {
            "sent, but nothing arrived".into()
        } else {
            plain(&error)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn udp_cuts_and_tcp_hands_on() {
        let seen = run(&Lab::default()).unwrap();
        assert_eq!(seen.udp_reads, ["0123"]);
        assert_eq!(seen.udp_told, cfg!(windows));
        assert_eq!(seen.tcp_reads.concat(), TEXT);
    }

    #[test]
    fn ipv4_carries_65507_octets_and_not_one_more() {
        let seen = run(&Lab::default()).unwrap();
        for (size, outcome) in seen.sizes {
            if size <= 65_507 {
                assert_eq!(outcome, Ok(size));
            } else {
                assert!(outcome.is_err(), "{size}: {outcome:?}");
            }
        }
    }
}
