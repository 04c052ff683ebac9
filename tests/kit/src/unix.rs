//! The sockets of `std::os::unix::net` with a logbook: each call is a step of the story.

use std::io::{self, ErrorKind};
use std::net::Shutdown;
use std::os::unix::net::{self as std_unix, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::logged::{Log, octets, shown_as_std, stream_of_octets};
use crate::moment::{self, Moment};
use crate::story;

/// [`std::os::unix::net::UnixListener`] with a logbook.
pub struct UnixListener {
    inner: std_unix::UnixListener,
    log: Arc<Log>,
}

impl UnixListener {
    /// See [`std::os::unix::net::UnixListener::bind`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn bind<P: AsRef<Path>>(path: P) -> io::Result<Self> {
        let log = Log::new(String::new(), None, "");
        let name = file_name(path.as_ref());
        match std_unix::UnixListener::bind(&path) {
            Ok(inner) => {
                log.say(format!("listens on `{name}`"), &[]);
                moment::comes(story::check(), Moment::Bound, path.as_ref());
                Ok(Self { inner, log })
            }
            Err(error) => {
                log.say(format!("`bind` to `{name}` failed: {error}"), &[]);
                Err(error)
            }
        }
    }

    /// Without a step in the story: it is the check that made it.
    pub(crate) fn given(inner: std_unix::UnixListener) -> Self {
        let log = Log::new(String::new(), None, "");
        Self { inner, log }
    }

    /// See [`std::os::unix::net::UnixListener::accept`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn accept(&self) -> io::Result<(UnixStream, SocketAddr)> {
        match self.log.call("accept", || self.inner.accept()) {
            Ok((stream, peer)) => {
                self.log.say("`accept` returned a connection", &[]);
                Ok((stream.into(), peer))
            }
            Err(error) => {
                self.log.say(format!("`accept` failed: {error}"), &[]);
                Err(error)
            }
        }
    }

    /// See [`std::os::unix::net::UnixListener::incoming`].
    pub fn incoming(&self) -> impl Iterator<Item = io::Result<UnixStream>> {
        std::iter::repeat_with(|| self.accept().map(|(stream, _)| stream))
    }

    /// See [`std::os::unix::net::UnixListener::try_clone`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn try_clone(&self) -> io::Result<Self> {
        let log = Arc::clone(&self.log);
        self.inner.try_clone().map(|inner| Self { inner, log })
    }
}

shown_as_std!(UnixListener, std_unix::UnixListener);

/// [`std::os::unix::net::UnixStream`] with a logbook.
pub struct UnixStream {
    inner: std_unix::UnixStream,
    log: Arc<Log>,
}

impl UnixStream {
    /// See [`std::os::unix::net::UnixStream::connect`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn connect<P: AsRef<Path>>(path: P) -> io::Result<Self> {
        let before = Log::new(String::new(), None, "");
        let name = file_name(path.as_ref());
        match before.call("connect", || std_unix::UnixStream::connect(&path)) {
            Ok(inner) => {
                before.say(format!("connected to `{name}`"), &[]);
                Ok(inner.into())
            }
            Err(error) => {
                before.say(format!("`connect` to `{name}` failed: {error}"), &[]);
                if error.kind() == ErrorKind::ConnectionRefused {
                    moment::comes(story::check(), Moment::Refused, path.as_ref());
                }
                Err(error)
            }
        }
    }

    /// See [`std::os::unix::net::UnixStream::pair`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn pair() -> io::Result<(Self, Self)> {
        let (one, other) = std_unix::UnixStream::pair()?;
        Ok((one.into(), other.into()))
    }

    /// See [`std::os::unix::net::UnixStream::try_clone`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn try_clone(&self) -> io::Result<Self> {
        let log = Arc::clone(&self.log);
        self.inner.try_clone().map(|inner| Self { inner, log })
    }

    /// See [`std::os::unix::net::UnixStream::shutdown`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        self.log.say(format!("calls `shutdown({how:?})`"), &[]);
        self.inner.shutdown(how)
    }

    /// See [`std::os::unix::net::UnixStream::set_read_timeout`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn set_read_timeout(&self, limit: Option<Duration>) -> io::Result<()> {
        self.log.set_timed(limit);
        self.inner.set_read_timeout(limit)
    }
}

impl From<std_unix::UnixStream> for UnixStream {
    fn from(inner: std_unix::UnixStream) -> Self {
        story::logs(None);
        let log = Log::new("the other side".into(), None, "closed the connection");
        Self { inner, log }
    }
}

shown_as_std!(UnixStream, std_unix::UnixStream);

stream_of_octets!(UnixStream);

/// [`std::os::unix::net::UnixDatagram`] with a logbook.
pub struct UnixDatagram {
    inner: std_unix::UnixDatagram,
    log: Arc<Log>,
}

impl UnixDatagram {
    /// See [`std::os::unix::net::UnixDatagram::bind`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn bind<P: AsRef<Path>>(path: P) -> io::Result<Self> {
        let log = Log::new(String::new(), None, "");
        let name = file_name(path.as_ref());
        match std_unix::UnixDatagram::bind(&path) {
            Ok(inner) => {
                log.say(format!("is bound to `{name}`"), &[]);
                moment::comes(story::check(), Moment::Bound, path.as_ref());
                Ok(Self { inner, log })
            }
            Err(error) => {
                log.say(format!("`bind` to `{name}` failed: {error}"), &[]);
                Err(error)
            }
        }
    }

    /// See [`std::os::unix::net::UnixDatagram::unbound`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn unbound() -> io::Result<Self> {
        let log = Log::new(String::new(), None, "");
        std_unix::UnixDatagram::unbound().map(|inner| Self { inner, log })
    }

    /// See [`std::os::unix::net::UnixDatagram::set_read_timeout`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn set_read_timeout(&self, limit: Option<Duration>) -> io::Result<()> {
        self.log.set_timed(limit);
        self.inner.set_read_timeout(limit)
    }

    /// See [`std::os::unix::net::UnixDatagram::connect`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn connect<P: AsRef<Path>>(&self, path: P) -> io::Result<()> {
        let name = file_name(path.as_ref());
        let result = self.inner.connect(path);
        self.log.say(
            match &result {
                Ok(()) => format!("`connect` chose `{name}` as the only peer"),
                Err(error) => format!("`connect` to `{name}` failed: {error}"),
            },
            &[],
        );
        result
    }

    /// See [`std::os::unix::net::UnixDatagram::send`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn send(&self, data: &[u8]) -> io::Result<usize> {
        self.sent("send", data, "the peer", || self.inner.send(data))
    }

    /// See [`std::os::unix::net::UnixDatagram::send_to`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn send_to<P: AsRef<Path>>(&self, data: &[u8], path: P) -> io::Result<usize> {
        let name = format!("`{}`", file_name(path.as_ref()));
        self.sent("send_to", data, &name, || self.inner.send_to(data, path))
    }

    fn sent(
        &self,
        call: &'static str,
        data: &[u8],
        to: &str,
        send: impl FnOnce() -> io::Result<usize>,
    ) -> io::Result<usize> {
        let count = octets(data.len());
        self.log
            .say(format!("calls `{call}` with {count} for {to}"), data);
        let result = self.log.call(call, send);
        if let Err(error) = &result {
            self.log.say(format!("`{call}` failed: {error}"), &[]);
        }
        result
    }

    /// See [`std::os::unix::net::UnixDatagram::recv_from`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn recv_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        let result = self.log.call("recv_from", || self.inner.recv_from(buffer));
        let from = match &result {
            Ok((_, address)) => sender(address),
            Err(_) => String::new(),
        };
        let count = result.as_ref().map(|(count, _)| *count);
        self.log.received("recv_from", buffer, &from, count);
        result
    }

    /// See [`std::os::unix::net::UnixDatagram::recv`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn recv(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = self.log.call("recv", || self.inner.recv(buffer));
        self.log
            .received("recv", buffer, "the peer", result.as_ref().copied());
        result
    }
}

shown_as_std!(UnixDatagram, std_unix::UnixDatagram);

/// Who sent a datagram, for the story.
pub(crate) fn sender(address: &SocketAddr) -> String {
    address.as_pathname().map_or_else(
        || "a socket without a name".into(),
        |path| format!("`{}`", file_name(path)),
    )
}

/// The folder is the check's own and differs from run to run; the name is what the story needs.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}
