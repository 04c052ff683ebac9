//! Messages that keep their boundaries, and do not get lost.

use std::io;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::stop::{Stop, Wait};

/// The largest datagram that a receiver takes, in octets. Linux refuses to send more than the
/// socket's send buffer (212,992 octets unless changed: `net.core.wmem_default`).
pub const LARGEST: usize = 256 * 1024;

/// A datagram as it arrived.
#[derive(Debug)]
pub struct Datagram<'a> {
    /// What was sent, whole.
    pub octets: &'a [u8],
    /// The path that the sender has bound, if it has bound one. Only then can it be answered.
    pub sender: Option<PathBuf>,
    /// What became of the answer.
    pub answered: Answered,
}

/// What became of the answer to a datagram.
#[derive(Debug)]
pub enum Answered {
    /// The kernel has put it into the sender's queue.
    Yes,
    /// The sender has no name to send it to.
    NoName,
    /// The sender has gone, or does not read.
    Failed(io::Error),
}

/// Take datagrams at `socket` until `stop` is turned; answer each with its text in capitals, if
/// its sender has a name.
///
/// # Errors
/// The first error of `tell`, or of a receive.
pub fn receive(
    socket: &UnixDatagram,
    stop: &Stop,
    mut tell: impl FnMut(Datagram<'_>) -> io::Result<()>,
) -> io::Result<()> {
    // A send would wait while the other side's queue is full, and a sender that never reads its
    // answers would stop us and, behind it, everybody else. So no call waits; the wait is in
    // `stop.wait`.
    socket.set_nonblocking(true)?;
    let mut buffer = vec![0; LARGEST];
    while stop.wait(socket, None)? == Wait::Ready {
        let (length, sender) = match socket.recv_from(&mut buffer) {
            Ok(received) => received,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
            Err(error) => return Err(error),
        };
        let octets = &buffer[..length];
        let sender = sender.as_pathname().map(Path::to_owned);
        let answered = match &sender {
            None => Answered::NoName,
            Some(path) => {
                let answer = String::from_utf8_lossy(octets).to_uppercase();
                match socket.send_to(answer.as_bytes(), path) {
                    Ok(_) => Answered::Yes,
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                        Answered::Failed(io::Error::other("the sender does not read its answers"))
                    }
                    Err(error) => Answered::Failed(error),
                }
            }
        };
        tell(Datagram {
            octets,
            sender,
            answered,
        })?;
    }
    Ok(())
}

/// Wait for one datagram at `socket`, for `patience` at most.
///
/// # Errors
/// `WouldBlock` or `TimedOut` if none came in time.
pub fn receive_one(socket: &UnixDatagram, patience: Duration) -> io::Result<Vec<u8>> {
    socket.set_read_timeout(Some(patience))?;
    let mut buffer = vec![0; LARGEST];
    let length = socket.recv(&mut buffer)?;
    buffer.truncate(length);
    Ok(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn boundaries_stay_and_only_the_named_are_answered() {
        let folder = tempfile::tempdir().unwrap();
        let (here, me) = (folder.path().join("d"), folder.path().join("me"));
        let (receiver, _claim) = crate::claim::receive(&here, 0o600).unwrap();
        let stop = Stop::new().unwrap();
        let mut got = Vec::new();
        thread::scope(|scope| {
            let server = scope.spawn(|| {
                receive(&receiver, &stop, |datagram| {
                    let answered = matches!(datagram.answered, Answered::Yes);
                    got.push((datagram.octets.to_vec(), datagram.sender, answered));
                    Ok(())
                })
            });
            let nameless = UnixDatagram::unbound().unwrap();
            for text in ["one", "", "three"] {
                nameless.send_to(text.as_bytes(), &here).unwrap();
            }
            let (named, _claim) = crate::claim::receive(&me, 0o600).unwrap();
            named.send_to(b"four", &here).unwrap();
            let answer = receive_one(&named, Duration::from_secs(10)).unwrap();
            assert_eq!(answer, b"FOUR");
            stop.now();
            server.join().unwrap().unwrap();
        });
        assert_eq!(
            got,
            [
                (b"one".to_vec(), None, false),
                (b"".to_vec(), None, false),
                (b"three".to_vec(), None, false),
                (b"four".to_vec(), Some(me), true),
            ]
        );
    }

    #[test]
    fn a_sender_that_never_reads_keeps_nobody_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let (here, deaf) = (folder.path().join("d"), folder.path().join("deaf"));
        let (receiver, _claim) = crate::claim::receive(&here, 0o600).unwrap();
        let stop = Stop::new().unwrap();
        let mut failed = 0;
        thread::scope(|scope| {
            let server = scope.spawn(|| {
                receive(&receiver, &stop, |datagram| {
                    failed += usize::from(matches!(datagram.answered, Answered::Failed(_)));
                    Ok(())
                })
            });
            let (deaf, _claim) = crate::claim::receive(&deaf, 0o600).unwrap();
            let (named, _claim) = crate::claim::receive(&folder.path().join("me"), 0o600).unwrap();
            // More answers than any queue for them holds.
            for _ in 0..2_000 {
                deaf.send_to(b"?", &here).unwrap();
            }
            named.send_to(b"hello", &here).unwrap();
            let answer = receive_one(&named, Duration::from_secs(10)).unwrap();
            assert_eq!(answer, b"HELLO");
            stop.now();
            server.join().unwrap().unwrap();
        });
        assert!(failed > 0, "the deaf sender's queue is full");
    }

    #[test]
    fn nothing_to_receive_ends_in_time() {
        let (_a, b) = UnixDatagram::pair().unwrap();
        let kind = receive_one(&b, Duration::from_millis(10))
            .unwrap_err()
            .kind();
        assert!(matches!(
            kind,
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
        ));
    }
}
