//! A way to stop a server that waits.

use std::io;
use std::net::Shutdown;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// A switch that ends every wait that watches it.
///
/// It is a socketpair: turning the switch closes one end, and from then on the other end is
/// readable for ever, for any number of threads that poll it.
#[derive(Debug)]
pub struct Stop {
    watched: UnixStream,
    switch: UnixStream,
}

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// There is something to read, or a connection to accept, or the end of the stream; or room to write.
    Ready,
    /// Somebody turned the switch.
    Stopped,
    /// The time is over.
    TimedOut,
}

impl Stop {
    /// A switch that is not turned yet.
    ///
    /// # Errors
    /// Too many open files.
    pub fn new() -> io::Result<Self> {
        let (watched, switch) = UnixStream::pair()?;
        Ok(Self { watched, switch })
    }

    /// Turn the switch. Turning it again does nothing.
    pub fn now(&self) {
        // An error could only say that the end is closed already.
        let _ = self.switch.shutdown(Shutdown::Write);
    }

    /// Wait until `socket` has something to read, or the switch is turned, or `limit` is over.
    ///
    /// # Errors
    /// As poll(2), which does not fail on open descriptors.
    pub fn wait(&self, socket: impl AsFd, limit: Option<Duration>) -> io::Result<Wait> {
        wait_for(socket.as_fd(), PollFlags::IN, self.watched.as_fd(), limit)
    }

    /// Wait until `socket` has room for what is written to it, or the switch is turned, or `limit` is over.
    ///
    /// # Errors
    /// As [`Stop::wait`].
    pub fn wait_for_room(&self, socket: impl AsFd, limit: Option<Duration>) -> io::Result<Wait> {
        wait_for(socket.as_fd(), PollFlags::OUT, self.watched.as_fd(), limit)
    }

    /// Whether the switch has been turned.
    ///
    /// # Errors
    /// As [`Stop::wait`].
    pub fn is_turned(&self) -> io::Result<bool> {
        let wait = self.wait(&self.watched, Some(Duration::ZERO))?;
        Ok(wait == Wait::Stopped)
    }

    /// Pause for `time`, or until the switch is turned.
    ///
    /// # Errors
    /// As [`Stop::wait`].
    pub fn pause(&self, time: Duration) -> io::Result<()> {
        self.wait(&self.watched, Some(time)).map(|_| ())
    }
}

fn wait_for(
    socket: BorrowedFd<'_>,
    what: PollFlags,
    stop: BorrowedFd<'_>,
    limit: Option<Duration>,
) -> io::Result<Wait> {
    let end = limit.map(|limit| Instant::now() + limit);
    loop {
        let mut both = [
            PollFd::from_borrowed_fd(stop, PollFlags::IN),
            PollFd::from_borrowed_fd(socket, what),
        ];
        let left = end.map(|end| end.saturating_duration_since(Instant::now()));
        let left = left.and_then(|left| Timespec::try_from(left).ok());
        match poll(&mut both, left.as_ref()) {
            Ok(0) => return Ok(Wait::TimedOut),
            Ok(_) if !both[0].revents().is_empty() => return Ok(Wait::Stopped),
            Ok(_) => return Ok(Wait::Ready),
            // A signal arrived: wait for what is left of the time.
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn ready_stopped_and_timed_out_are_told_apart() {
        let stop = Stop::new().unwrap();
        let (a, mut b) = UnixStream::pair().unwrap();
        let moment = Some(Duration::from_millis(1));
        assert_eq!(stop.wait(&a, moment).unwrap(), Wait::TimedOut);
        b.write_all(b"x").unwrap();
        assert_eq!(stop.wait(&a, moment).unwrap(), Wait::Ready);
        assert!(!stop.is_turned().unwrap());
        assert_eq!(stop.wait_for_room(&a, None).unwrap(), Wait::Ready);
        a.set_nonblocking(true).unwrap();
        while (&a).write(&[0; 4096]).is_ok() {}
        assert_eq!(stop.wait_for_room(&a, moment).unwrap(), Wait::TimedOut);
        stop.now();
        assert!(stop.is_turned().unwrap());
        stop.now();
        assert_eq!(stop.wait(&a, None).unwrap(), Wait::Stopped);
        assert_eq!(stop.wait(&a, None).unwrap(), Wait::Stopped);
        assert_eq!(stop.wait_for_room(&a, None).unwrap(), Wait::Stopped);
    }
}
