//! What the sockets with a logbook have in common.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::story::{self, Route};

/// The logbook of one socket. All its clones share it.
#[derive(Debug)]
pub(crate) struct Log {
    check: u64,
    /// The other side, for the story. Empty where there is none.
    peer: String,
    route: Route,
    timed: AtomicBool,
    /// What to say when the last clone is gone.
    goodbye: &'static str,
}

impl Log {
    pub(crate) fn new(peer: String, route: Route, goodbye: &'static str) -> Arc<Self> {
        Arc::new(Self {
            check: story::check(),
            peer,
            route,
            timed: AtomicBool::new(false),
            goodbye,
        })
    }

    pub(crate) fn say(&self, what: impl Into<String>, octets: &[u8]) {
        story::done(self.check, what, octets);
    }

    pub(crate) fn set_timed(&self, limit: Option<Duration>) {
        self.timed.store(limit.is_some(), Ordering::Relaxed);
    }

    /// Makes a call that may wait.
    pub(crate) fn call<T>(&self, name: &'static str, make: impl FnOnce() -> T) -> T {
        let _in_call = story::call(
            self.check,
            self.route,
            name,
            self.timed.load(Ordering::Relaxed),
        );
        make()
    }

    /// Reads from a stream.
    pub(crate) fn read(
        &self,
        buffer: &mut [u8],
        read: impl FnOnce(&mut [u8]) -> io::Result<usize>,
    ) -> io::Result<usize> {
        let result = self.call("read", || read(buffer));
        match &result {
            Ok(0) if buffer.is_empty() => self.say("`read` into an empty buffer returned 0", &[]),
            Ok(0) => self.say(
                format!("`read` returned 0: {} will send no more", self.peer),
                &[],
            ),
            Ok(count) => {
                story::has_read(self.check, self.route, *count);
                self.say(
                    format!("`read` returned {}", octets(*count)),
                    &buffer[..*count],
                );
            }
            Err(error) => self.say(format!("`read` failed: {error}"), &[]),
        }
        story::empty_read(self.check, "read", matches!(result, Ok(0)));
        story::call_failed(self.check, "read", result.is_err());
        result
    }

    /// Writes to a stream.
    pub(crate) fn write(
        &self,
        data: &[u8],
        write: impl FnOnce(&[u8]) -> io::Result<usize>,
    ) -> io::Result<usize> {
        // Said before it happens: the other side may have it, and say so, before `write` returns.
        self.say(format!("calls `write` with {}", octets(data.len())), data);
        let result = self.call("write", || write(data));
        match &result {
            Ok(count) if *count < data.len() => {
                self.say(format!("`write` took only {}", octets(*count)), &[]);
            }
            Ok(_) => {}
            Err(error) => self.say(format!("`write` failed: {error}"), &[]),
        }
        result
    }

    /// A datagram came, or none.
    pub(crate) fn received(
        &self,
        call: &'static str,
        buffer: &[u8],
        from: &str,
        result: Result<usize, &io::Error>,
    ) {
        story::call_failed(self.check, call, result.is_err());
        match result {
            Ok(count) => {
                story::has_read(self.check, None, count);
                let full = if count > 0 && count == buffer.len() {
                    ", all that the buffer can hold,"
                } else {
                    ""
                };
                self.say(
                    format!("`{call}` returned {}{full} from {from}", octets(count)),
                    &buffer[..count],
                );
            }
            Err(error) => self.say(format!("`{call}` failed: {error}"), &[]),
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        if !self.goodbye.is_empty() {
            let peer = &self.peer;
            let to = if peer.is_empty() { "" } else { " to " };
            story::done(self.check, format!("{}{to}{peer}", self.goodbye), &[]);
        }
    }
}

/// `1 octet`, `5 octets`.
pub(crate) fn octets(count: usize) -> String {
    format!("{count} octet{}", if count == 1 { "" } else { "s" })
}

/// Gives a socket the methods of its `std` type, and shows it as that.
macro_rules! shown_as_std {
    ($socket:ident, $std:ty) => {
        impl std::ops::Deref for $socket {
            type Target = $std;

            fn deref(&self) -> &Self::Target {
                &self.inner
            }
        }

        impl std::fmt::Debug for $socket {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.inner.fmt(f)
            }
        }
    };
}
pub(crate) use shown_as_std;

/// Reads and writes a stream with its logbook, owned or borrowed, as `std` allows.
macro_rules! stream_of_octets {
    ($stream:ident) => {
        impl std::io::Read for &$stream {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                self.log.read(buffer, |buffer| (&self.inner).read(buffer))
            }
        }

        impl std::io::Write for &$stream {
            fn write(&mut self, data: &[u8]) -> std::io::Result<usize> {
                self.log.write(data, |data| (&self.inner).write(data))
            }

            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }

        impl std::io::Read for $stream {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                (&*self).read(buffer)
            }
        }

        impl std::io::Write for $stream {
            fn write(&mut self, data: &[u8]) -> std::io::Result<usize> {
                (&*self).write(data)
            }

            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
    };
}
pub(crate) use stream_of_octets;
