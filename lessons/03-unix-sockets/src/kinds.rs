//! Stream, datagram and sequenced packets, side by side.

use std::io;
use std::os::fd::OwnedFd;

use rustix::io::Errno;
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType};

/// The three types of AF_UNIX socket, with their usual names.
pub const KINDS: [(&str, SocketType); 3] = [
    ("stream", SocketType::STREAM),
    ("datagram", SocketType::DGRAM),
    ("seqpacket", SocketType::SEQPACKET),
];

/// What was observed of one type.
#[derive(Debug, PartialEq, Eq)]
pub struct Observed {
    /// What each read gave after all writes were done.
    pub reads: Vec<Vec<u8>>,
    /// How many messages of 1,000 octets fitted before the kernel told the writer to wait,
    /// because nobody read.
    pub fitted: usize,
    /// How many of these the reader found afterwards.
    pub arrived: usize,
}

/// Write each of `messages` into one end of a pair of type `kind`, and read at the other end;
/// then fill the pair until the kernel says "wait", and count what arrives.
///
/// # Errors
/// `Unsupported` if the system does not have the type (macOS has no AF_UNIX seqpacket).
pub fn observe(kind: SocketType, messages: &[&[u8]]) -> io::Result<Observed> {
    let (ours, theirs) = match pair(kind) {
        Err(Errno::PROTONOSUPPORT | Errno::SOCKTNOSUPPORT | Errno::PROTOTYPE) => {
            return Err(io::ErrorKind::Unsupported.into());
        }
        pair => pair?,
    };
    for message in messages {
        rustix::net::send(&ours, message, SendFlags::empty())?;
    }
    let reads = drain(&theirs)?;

    let message = [b'x'; 1000];
    let mut fitted = 0;
    loop {
        match rustix::net::send(&ours, &message, SendFlags::empty()) {
            Ok(length) if length == message.len() => fitted += 1,
            // A stream may take a part of it: we do not count the part.
            Ok(_) | Err(Errno::AGAIN | Errno::NOBUFS) => break,
            Err(error) => return Err(error.into()),
        }
    }
    let octets: usize = drain(&theirs)?.iter().map(Vec::len).sum();
    Ok(Observed {
        reads,
        fitted,
        arrived: octets / message.len(),
    })
}

/// Two connected sockets that never wait: what cannot be done now gives `AGAIN`.
fn pair(kind: SocketType) -> rustix::io::Result<(OwnedFd, OwnedFd)> {
    let (ours, theirs) =
        rustix::net::socketpair(AddressFamily::UNIX, kind, SocketFlags::empty(), None)?;
    rustix::io::ioctl_fionbio(&ours, true)?;
    rustix::io::ioctl_fionbio(&theirs, true)?;
    Ok((ours, theirs))
}

fn drain(socket: &OwnedFd) -> io::Result<Vec<Vec<u8>>> {
    let mut reads = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match rustix::net::recv(socket, &mut buffer, RecvFlags::empty()) {
            Ok((length, _)) => reads.push(buffer[..length].to_vec()),
            Err(Errno::AGAIN) => return Ok(reads),
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGES: [&[u8]; 3] = [b"one", b"two", b"three"];

    #[test]
    fn a_stream_merges_and_a_datagram_socket_does_not() {
        let stream = observe(SocketType::STREAM, &MESSAGES).unwrap();
        assert_eq!(stream.reads, [b"onetwothree"]);
        let datagram = observe(SocketType::DGRAM, &MESSAGES).unwrap();
        assert_eq!(datagram.reads, MESSAGES);
    }

    #[test]
    fn nothing_is_lost_when_nobody_reads() {
        for kind in [SocketType::STREAM, SocketType::DGRAM] {
            let seen = observe(kind, &[]).unwrap();
            assert!(seen.fitted > 0);
            assert_eq!(seen.fitted, seen.arrived);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn sequenced_packets_keep_boundaries() {
        let seen = observe(SocketType::SEQPACKET, &MESSAGES).unwrap();
        assert_eq!(seen.reads, MESSAGES);
        assert_eq!(seen.fitted, seen.arrived);
    }
}
