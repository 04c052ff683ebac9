//! A socket that does not wait for ever.
//!
//! A thread that reads from a silent client waits until the client speaks. A server with a bounded
//! number of threads is then stopped by a bounded number of silent clients. So every stage of a
//! conversation has a deadline.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// A transfer must keep up this average, in octets a second, after its grace has gone.
/// A telephone modem of 1994 (28.8 kbit/s) would just fail; anything newer passes.
pub const SLOWEST: u64 = 4096;

/// A connected socket with a deadline for the present stage of the conversation.
#[derive(Debug)]
pub struct Paced {
    stream: TcpStream,
    patience: Duration,
    began: Instant,
    moved: u64,
    /// Whether octets that move earn more time (a body) or not (a request head).
    earns: bool,
}

impl Paced {
    /// Wraps a connected socket. `patience` is the time for one request head, and the longest
    /// silence inside a body.
    ///
    /// # Errors
    /// When the socket's options cannot be set.
    pub fn new(stream: TcpStream, patience: Duration) -> io::Result<Paced> {
        // Every answer is written in one piece, so there is nothing for Nagle's algorithm to
        // collect, and waiting for an acknowledgement would only delay the last segment.
        stream.set_nodelay(true)?;
        Ok(Paced {
            stream,
            patience,
            began: Instant::now(),
            moved: 0,
            earns: false,
        })
    }

    /// Begins to wait for a request head: it must be complete when the patience has gone.
    /// A client that sends one octet every few seconds gains nothing.
    pub fn expect_head(&mut self) {
        self.begin(false);
    }

    /// Begins a transfer: no silence longer than the patience, and on average at least
    /// [`SLOWEST`] octets a second.
    pub fn expect_transfer(&mut self) {
        self.begin(true);
    }

    fn begin(&mut self, earns: bool) {
        (self.began, self.moved, self.earns) = (Instant::now(), 0, earns);
    }

    // ANCHOR: left
    /// How long the next system call may wait.
    fn left(&self) -> io::Result<Duration> {
        let mut allowance = self.patience;
        if self.earns {
            allowance += Duration::from_millis(self.moved.saturating_mul(1000) / SLOWEST);
        }
        let left = allowance.saturating_sub(self.began.elapsed());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        // What a fast start has earned is no licence for a long silence.
        Ok(left.min(self.patience))
    }
    // ANCHOR_END: left

    /// Says "no more from me" and reads what still arrives, for as long as the patience lasts.
    ///
    /// Closing a socket that holds octets nobody has read makes the kernel send a reset (RST), and
    /// a reset makes the peer's kernel throw away the answer that it has not handed over yet
    /// (RFC 9112 §9.6). So a refusal in the middle of an upload would be lost.
    pub fn linger(&mut self) {
        self.begin(false);
        if self.stream.shutdown(Shutdown::Write).is_ok() {
            let mut scrap = [0; 4096];
            while self.read(&mut scrap).is_ok_and(|count| count > 0) {}
        }
    }
}

impl Read for Paced {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        let count = self.stream.read(into).map_err(timed_out)?;
        self.moved += count as u64;
        Ok(count)
    }
}

impl Write for Paced {
    fn write(&mut self, from: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.left()?))?;
        let count = self.stream.write(from).map_err(timed_out)?;
        self.moved += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// A socket whose time has gone says `EAGAIN` on Unix ("would block") and `WSAETIMEDOUT` on
/// Windows. Both mean the same here.
fn timed_out(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::WouldBlock {
        io::ErrorKind::TimedOut.into()
    } else {
        error
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    fn pair(patience: Duration) -> (TcpStream, Paced) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (
            client,
            Paced::new(listener.accept().unwrap().0, patience).unwrap(),
        )
    }

    #[test]
    fn a_silent_peer_is_given_up() {
        let (_client, mut paced) = pair(Duration::from_millis(30));
        paced.expect_head();
        let error = paced.read(&mut [0; 10]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[test]
    fn octets_earn_time_in_a_transfer_and_not_in_a_head() {
        let (_client, mut paced) = pair(Duration::from_millis(100));
        paced.expect_head();
        paced.moved = SLOWEST * 60;
        paced.began -= Duration::from_millis(200);
        assert!(paced.left().is_err());
        paced.earns = true;
        // A minute was earned, yet one silence may not be longer than the patience.
        assert_eq!(paced.left().unwrap(), Duration::from_millis(100));
    }
}
