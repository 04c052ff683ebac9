//! The other end of a connection: the check's own side.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use crate::failure::{Compared, Failure, Kind, Outcome};
use crate::kernel::{self, Sent};
use crate::logged::octets;
use crate::story::{self, Route};
use crate::wait::{self, TICK};

/// The other end of a connection with the student's code.
pub struct Peer {
    name: String,
    stream: Stream,
    sent: usize,
    /// The connection as the student's code sees it.
    route: Route,
}

/// What is waited for after the last octet.
const THE_END: &str = "the end of the stream";

enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

impl Peer {
    /// The peer over a stream that is connected to `other`. The stream itself cannot tell who that is
    /// when it was reset at once.
    pub(crate) fn tcp(name: &str, stream: TcpStream, other: SocketAddr) -> io::Result<Self> {
        // What is sent is to arrive at once, one piece for each `send`.
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(TICK))?;
        stream.set_write_timeout(Some(TICK))?;
        let route = Some((other, stream.local_addr()?));
        Ok(Self::new(name, Stream::Tcp(stream), route))
    }

    #[cfg(unix)]
    pub(crate) fn unix(name: &str, stream: UnixStream) -> io::Result<Self> {
        stream.set_read_timeout(Some(TICK))?;
        stream.set_write_timeout(Some(TICK))?;
        Ok(Self::new(name, Stream::Unix(stream), None))
    }

    fn new(name: &str, stream: Stream, route: Route) -> Self {
        Self {
            name: name.to_owned(),
            stream,
            sent: 0,
            route,
        }
    }

    /// The peer's own socket address.
    ///
    /// # Panics
    /// For the peer of a Unix socket, which has none.
    pub fn address(&self) -> SocketAddr {
        self.route.expect("a TCP connection has addresses").1
    }

    /// Sends all the octets in one call where the kernel takes them so.
    ///
    /// # Errors
    /// When the student's code does not read, or has closed the connection.
    pub fn send(&mut self, data: impl AsRef<[u8]>) -> Outcome {
        // What has a type parameter is compiled anew for each exercise, at each save.
        self.send_octets(data.as_ref())
    }

    fn send_octets(&mut self, data: &[u8]) -> Outcome {
        story::step(&self.name, format!("sent {}", octets(data.len())), data);
        let unmet = format!("{} sends {}", self.name, octets(data.len()));
        let name = self.name.clone();
        let mut left = data;
        while !left.is_empty() {
            let taken = data.len() - left.len();
            let what = || {
                format!(
                    "can send no more: {taken} of {} are sent, and nobody reads",
                    octets(data.len())
                )
            };
            let count = wait::until(&name, &unmet, what, || self.write(left).map(Some))?;
            left = &left[count..];
        }
        self.sent += data.len();
        Ok(())
    }

    /// Waits until the student's code has read all that was sent on this connection, and has done with
    /// it: what it does at once, such as an answer, has happened.
    ///
    /// What is sent after this cannot arrive in the same read.
    ///
    /// # Errors
    /// When it does not read it.
    pub fn until_read(&self) -> Outcome {
        // A thread that works on, or waits for another thread, makes no call that tells us so.
        const LONG_ENOUGH: Duration = Duration::from_millis(200);
        let read = || story::read_from(self.route);
        let unmet = format!("your code reads what {} has sent", self.name);
        let what = || {
            let sent = octets(self.sent);
            format!("has sent {sent}, and {} of them have been read", read())
        };
        let (mut all_read, mut slept, begun) = (None, false, Instant::now());
        wait::until(&self.name, &unmet, what, || {
            if read() >= self.sent || self.read_unseen(begun) {
                let since = all_read.get_or_insert_with(Instant::now);
                if story::rests(self.route) || since.elapsed() > LONG_ENOUGH {
                    return Ok(Some(()));
                }
                // Without a logbook: at rest is who sleeps, and still sleeps when looked at again.
                let sleeps = !story::is_logged(self.route) && story::all_sleep();
                if sleeps && std::mem::replace(&mut slept, true) {
                    return Ok(Some(()));
                }
                slept = sleeps;
            }
            story::wait_for_news(TICK);
            Ok(None)
        })
    }

    /// Has the student's code read all through a socket that keeps no logbook, one of `std`?
    fn read_unseen(&self, begun: Instant) -> bool {
        // Less than it takes until everybody is taken for stuck.
        const LONG_ENOUGH: Duration = Duration::from_millis(600);
        let sent = (self.route).and_then(|(own, other)| kernel::sent_to(own, other));
        match sent {
            Some(sent) if sent != Sent::Closed => sent == Sent::Read,
            // What comes next shows whether the octets were read before the end.
            Some(_) => !story::is_logged(self.route),
            // Nothing is known to be read, and a thread is in no call that is known.
            None => {
                begun.elapsed() > LONG_ENOUGH
                    && story::read_from(self.route) == 0
                    && story::still_for().is_none()
            }
        }
    }

    /// Reads exactly these octets. A different one is seen at once.
    ///
    /// # Errors
    /// When other octets come, too few, or none.
    pub fn expect(&mut self, expected: impl AsRef<[u8]>) -> Outcome {
        self.expect_octets(expected.as_ref())
    }

    fn expect_octets(&mut self, expected: &[u8]) -> Outcome {
        let unmet = format!(
            "{} receives {}: \"{}\"",
            self.name,
            octets(expected.len()),
            expected.escape_ascii()
        );
        let mut got = Vec::new();
        while got.len() < expected.len() {
            let wanted = octets(expected.len());
            let piece = self.piece(&unmet, expected.len() - got.len(), &wanted, got.len())?;
            self.heard(&piece);
            got.extend_from_slice(&piece);
            if piece.is_empty() {
                return Err(ended(&self.name, &unmet, expected, &got));
            }
            if !expected.starts_with(&got) {
                return Err(Failure::octets(unmet, expected, &got));
            }
        }
        Ok(())
    }

    /// Expects the end of the stream, and no octet before it.
    ///
    /// # Errors
    /// When octets come, or no end.
    pub fn expect_end(&mut self) -> Outcome {
        let unmet = format!("{} sees the end of the stream", self.name);
        let piece = self.piece(&unmet, 1024, THE_END, 0)?;
        self.heard(&piece);
        if piece.is_empty() {
            return Ok(());
        }
        Err(Failure::octets(unmet, &[], &piece))
    }

    /// Has nothing come so far? Call it after [`until_read`](Self::until_read), when the student's
    /// code has had its chance.
    ///
    /// # Errors
    /// When octets, or the end of the stream, have come.
    pub fn nothing_yet(&mut self) -> Outcome {
        let unmet = format!("{} has received nothing yet", self.name);
        let mut buffer = [0; 1024];
        match self.read(&mut buffer) {
            Err(error) if wait::is_no_error(&error) => Ok(()),
            Err(error) => Err(Failure::new(
                Kind::Error,
                format!("{unmet}: {error}"),
                format!("{:?}", error.kind()),
            )),
            Ok(0) => Err(ended(&self.name, &unmet, &[], &[])),
            Ok(count) => {
                self.heard(&buffer[..count]);
                Err(Failure::octets(unmet, &[], &buffer[..count]))
            }
        }
    }

    /// Reads up to and including the mark, such as `\n` or `\r\n\r\n`.
    ///
    /// # Errors
    /// When the stream ends before, or 64 KiB come without it.
    pub fn read_until(&mut self, mark: impl AsRef<[u8]>) -> Outcome<Vec<u8>> {
        self.read_until_octets(mark.as_ref())
    }

    fn read_until_octets(&mut self, mark: &[u8]) -> Outcome<Vec<u8>> {
        let wanted = format!("text up to \"{}\"", mark.escape_ascii());
        let unmet = format!("{} receives {wanted}", self.name);
        let mut got = Vec::new();
        while !got.ends_with(mark) {
            // Octet by octet: what stands behind the mark is for the next call.
            let piece = self.piece(&unmet, 1, &wanted, got.len())?;
            got.extend_from_slice(&piece);
            if piece.is_empty() || got.len() > 64 * 1024 {
                self.heard(&got);
                return Err(ended(&self.name, &unmet, mark, &got[..got.len().min(256)]));
            }
        }
        self.heard(&got);
        Ok(got)
    }

    /// Reads exactly so many octets.
    ///
    /// # Errors
    /// When the stream ends before.
    pub fn read_exactly(&mut self, count: usize) -> Outcome<Vec<u8>> {
        let wanted = octets(count);
        let unmet = format!("{} receives {wanted}", self.name);
        let mut got = Vec::new();
        while got.len() < count {
            let piece = self.piece(&unmet, count - got.len(), &wanted, got.len())?;
            self.heard(&piece);
            got.extend_from_slice(&piece);
            if piece.is_empty() {
                return Err(ended(&self.name, &unmet, &[], &got));
            }
        }
        Ok(got)
    }

    /// Reads until the stream ends, at most 16 MiB.
    ///
    /// # Errors
    /// When it does not end.
    pub fn read_to_end(&mut self) -> Outcome<Vec<u8>> {
        const MOST: usize = 16 << 20;
        let unmet = format!("{} reads to the end of the stream", self.name);
        let mut got = Vec::new();
        loop {
            let piece = self.piece(&unmet, MOST, THE_END, got.len())?;
            self.heard(&piece);
            got.extend_from_slice(&piece);
            if piece.is_empty() {
                return Ok(got);
            }
            if got.len() > MOST {
                return Err(Failure::new(Kind::Octets, unmet, "more than 16 MiB"));
            }
        }
    }

    /// Half-close: sends no more, and can still receive.
    ///
    /// # Errors
    /// When the connection is gone.
    pub fn finish(&mut self) -> Outcome {
        story::step(&self.name, "will send no more (half-close)", &[]);
        let result = match &self.stream {
            Stream::Tcp(stream) => stream.shutdown(Shutdown::Write),
            #[cfg(unix)]
            Stream::Unix(stream) => stream.shutdown(Shutdown::Write),
        };
        result.map_err(|error| {
            let unmet = format!("{} ends its direction: {error}", self.name);
            Failure::new(Kind::Error, unmet, format!("{:?}", error.kind()))
        })
    }

    /// Closes the connection.
    pub fn close(self) {
        story::step(&self.name, "closed the connection", &[]);
    }

    /// What one read of the socket brings, at most `most` octets; nothing at the end of the stream.
    /// If none come, the story says that `wanted` was waited for, of which `have` had come.
    fn piece(&mut self, unmet: &str, most: usize, wanted: &str, have: usize) -> Outcome<Vec<u8>> {
        let mut buffer = vec![0; most.min(64 * 1024)];
        let (name, sent) = (self.name.clone(), self.sent);
        // What came earlier on this connection does not count: it was asked for by another step.
        let come = match have {
            0 if wanted == THE_END => ", which has not come".to_owned(),
            0 => "; nothing of that has come".to_owned(),
            _ if wanted == THE_END => format!("; {} have come, and no end", octets(have)),
            1 => "; 1 octet of that has come".to_owned(),
            _ => format!("; {} of that have come", octets(have)),
        };
        let what = || format!("has sent {} and waits for {wanted}{come}", octets(sent));
        let count = wait::until(&name, unmet, what, || match self.read(&mut buffer) {
            Ok(count) => Ok(Some(count)),
            // Who closes without having read everything resets the connection: an end too.
            Err(error) if error.kind() == ErrorKind::ConnectionReset => Ok(Some(0)),
            Err(error) => Err(error),
        });
        let count = count.map_err(|mut failure| {
            // Who has not sent all is another mistake than who waits when all is sent.
            if have > 0 && failure.kind == Kind::Deadline {
                failure.detail.insert_str(0, "after a part; ");
            }
            failure
        })?;
        buffer.truncate(count);
        Ok(buffer)
    }

    fn heard(&self, data: &[u8]) {
        let what = match data.len() {
            0 => "received the end of the stream".to_owned(),
            count => format!("received {}", octets(count)),
        };
        story::step(&self.name, what, data);
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.stream {
            Stream::Tcp(stream) => stream.read(buffer),
            #[cfg(unix)]
            Stream::Unix(stream) => stream.read(buffer),
        }
    }

    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        match &mut self.stream {
            Stream::Tcp(stream) => stream.write(data),
            #[cfg(unix)]
            Stream::Unix(stream) => stream.write(data),
        }
    }
}

/// The stream of `name` has ended too early.
fn ended(name: &str, unmet: &str, expected: &[u8], got: &[u8]) -> Box<Failure> {
    let after = octets(got.len());
    let mut told = format!("{unmet}, but the stream has ended after {after}");
    if story::waits_for_accept(name) {
        told +=
            ": the listening socket was closed, and nobody had called `accept` for this connection";
    }
    let mut failure = Failure::new(Kind::End, told, format!("ended after {after}"));
    if failure.panic.is_none() && !expected.is_empty() {
        failure.compared = Some(Compared::Octets {
            expected: expected.to_vec(),
            got: got.to_vec(),
        });
    }
    failure
}
