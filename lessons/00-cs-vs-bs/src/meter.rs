//! Counts the octets that cross a socket, each way.

use std::io::{self, Read, Write};

/// A stream that counts what passes through it.
#[derive(Debug)]
pub struct Metered<S> {
    inner: S,
    traffic: Traffic,
}

/// Octets of the application: what the programs wrote and read, without the headers of TCP and IP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Octets from this side to the other.
    pub sent: u64,
    /// Octets from the other side to this one.
    pub received: u64,
}

impl<S> Metered<S> {
    /// Counts from 0.
    pub fn new(inner: S) -> Self {
        Metered {
            inner,
            traffic: Traffic::default(),
        }
    }

    /// The stream inside.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// What has crossed since the last call; the count begins again.
    pub fn take(&mut self) -> Traffic {
        std::mem::take(&mut self.traffic)
    }
}

impl<S: Read> Read for Metered<S> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.traffic.received += count as u64;
        Ok(count)
    }
}

impl<S: Write> Write for Metered<S> {
    fn write(&mut self, from: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(from)?;
        self.traffic.sent += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
