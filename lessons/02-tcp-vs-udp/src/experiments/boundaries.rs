//! Does one `send` make one `recv`? With UDP, yes. With TCP, nothing promises it.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
};

use crate::{
    net::{Lab, local_udp},
    trouble::{Trouble, while_},
};

/// What the sender hands over, one piece a call.
pub const PIECES: [&str; 3] = ["one\n", "two\n", "three\n"];

/// A text whose characters are longer than one octet: each of these three is three octets long.
pub const WIDE: &str = "网络课";

/// What was observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boundaries {
    /// Octets of each `write`, in order.
    pub written: Vec<usize>,
    /// What each `read` on the TCP socket returned, once all octets had arrived.
    pub tcp_reads: Vec<Vec<u8>>,
    /// What each `recv` on the UDP socket returned.
    pub udp_reads: Vec<Vec<u8>>,
    /// What each `read` of at most 4 octets returned after *one* write of [`WIDE`] over TCP.
    pub wide_reads: Vec<Vec<u8>>,
}

/// Three writes and as many reads as it takes, over TCP and over UDP; then one write and small
/// reads.
///
/// # Errors
/// [`Trouble`] if a socket fails or a deadline passes.
pub fn run(lab: &Lab) -> Result<Boundaries, Trouble> {
    Ok(Boundaries {
        written: PIECES.iter().map(|piece| piece.len()).collect(),
        tcp_reads: over_tcp(lab, &PIECES, 1024)?,
        udp_reads: over_udp(lab)?,
        wide_reads: over_tcp(lab, &[WIDE], 4)?,
    })
}

// ANCHOR: tcp
fn over_tcp(lab: &Lab, pieces: &[&str], at_most: usize) -> Result<Vec<Vec<u8>>, Trouble> {
    let (mut sender, mut receiver) = lab.tcp_pair()?;
    for piece in pieces {
        sender
            .write_all(piece.as_bytes())
            .map_err(while_("writing"))?;
    }
    sender
        .shutdown(Shutdown::Write)
        .map_err(while_("ending the stream"))?;

    wait_for(&receiver, pieces.iter().map(|piece| piece.len()).sum())?;
    let mut reads = Vec::new();
    loop {
        let mut buffer = vec![0; at_most];
        match receiver.read(&mut buffer).map_err(while_("reading"))? {
            0 => return Ok(reads), // the sender has said all it had to say
            length => reads.push(buffer[..length].to_vec()),
        }
    }
}
// ANCHOR_END: tcp

// ANCHOR: udp
fn over_udp(lab: &Lab) -> Result<Vec<Vec<u8>>, Trouble> {
    let (sender, receiver) = (lab.udp()?, lab.udp()?);
    let to = local_udp(&receiver)?;
    for piece in PIECES {
        sender
            .send_to(piece.as_bytes(), to)
            .map_err(while_("sending"))?;
    }

    let mut reads = Vec::new();
    for _ in PIECES {
        let mut buffer = [0; 1024];
        let length = receiver.recv(&mut buffer).map_err(while_("receiving"))?;
        reads.push(buffer[..length].to_vec());
    }
    Ok(reads)
}
// ANCHOR_END: udp

/// Waits until `octets` octets are there to be read, so that the reads do not race the writes.
fn wait_for(stream: &TcpStream, octets: usize) -> Result<(), Trouble> {
    let mut buffer = vec![0; octets];
    // `peek` waits for the first octet only. On loopback the others are a moment behind.
    while stream
        .peek(&mut buffer)
        .map_err(while_("waiting for octets"))?
        < octets
    {
        std::thread::yield_now();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tcp_keeps_the_octets_and_udp_keeps_the_pieces() {
        let seen = run(&Lab::default()).unwrap();
        assert_eq!(seen.tcp_reads.concat(), PIECES.concat().as_bytes());
        assert_eq!(
            seen.udp_reads,
            PIECES.map(|piece| piece.as_bytes().to_vec())
        );
        assert_eq!(seen.wide_reads.concat(), WIDE.as_bytes());
    }

    #[test]
    fn a_small_buffer_cuts_a_character() {
        let seen = run(&Lab::default()).unwrap();
        assert!(seen.wide_reads.iter().all(|read| read.len() <= 4));
        assert!(
            seen.wide_reads
                .iter()
                .any(|read| std::str::from_utf8(read).is_err())
        );
    }
}
