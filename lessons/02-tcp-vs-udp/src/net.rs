//! Sockets for the experiments: on loopback, on ports the system chooses, with a deadline on every
//! wait.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use crate::trouble::{Trouble, while_};

/// The two transport protocols of this lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Transmission Control Protocol: a connection, a stream of octets (RFC 9293).
    Tcp,
    /// User Datagram Protocol: no connection, single datagrams (RFC 768).
    Udp,
}

/// Where the experiments run, and how long they wait before they give up.
#[derive(Debug, Clone, Copy)]
pub struct Lab {
    /// An address of this machine: 127.0.0.1 or `::1`.
    pub addr: IpAddr,
    /// The deadline of every single wait.
    pub patience: Duration,
}

impl Default for Lab {
    fn default() -> Self {
        Self {
            addr: IpAddr::V4(Ipv4Addr::LOCALHOST),
            patience: Duration::from_secs(5),
        }
    }
}

impl Lab {
    /// The address with port 0: "system, choose a free port".
    pub fn any_port(&self) -> SocketAddr {
        SocketAddr::new(self.addr, 0)
    }

    /// A UDP socket whose receives end after [`Lab::patience`].
    ///
    /// # Errors
    /// [`Trouble`] if the address is not one of this machine or sockets have run out.
    pub fn udp(&self) -> Result<UdpSocket, Trouble> {
        let socket = bind_udp(self.any_port())?;
        socket
            .set_read_timeout(Some(self.patience))
            .map_err(while_("setting a deadline"))?;
        Ok(socket)
    }

    /// A listening TCP socket.
    ///
    /// # Errors
    /// As [`Lab::udp`].
    pub fn listener(&self) -> Result<TcpListener, Trouble> {
        bind_tcp(self.any_port())
    }

    /// Connects to `to`, with a deadline for the connection and for every read and write on it.
    ///
    /// # Errors
    /// [`Trouble::NobodyListens`], or what else the system said.
    pub fn connect(&self, to: SocketAddr) -> Result<TcpStream, Trouble> {
        let stream = TcpStream::connect_timeout(&to, self.patience)
            .map_err(|error| Trouble::reaching(to, error))?;
        self.with_deadlines(stream)
    }

    /// Accepts one connection.
    ///
    /// # Errors
    /// [`Trouble::Silence`] if no client came within [`Lab::patience`].
    pub fn accept(&self, listener: &TcpListener) -> Result<TcpStream, Trouble> {
        let start = Instant::now();
        let stream = accept_until(listener, || start.elapsed() >= self.patience)?.ok_or(
            Trouble::Silence {
                waiting_for: "waiting for a client",
                after: self.patience,
            },
        )?;
        self.with_deadlines(stream)
    }

    /// Two ends of one TCP connection: who connected, and who accepted.
    ///
    /// # Errors
    /// As [`Lab::connect`] and [`Lab::accept`].
    pub fn tcp_pair(&self) -> Result<(TcpStream, TcpStream), Trouble> {
        let listener = self.listener()?;
        let client = self.connect(local(&listener)?)?;
        Ok((client, self.accept(&listener)?))
    }

    /// Two UDP sockets, each connected to the other. "Connected" costs no packet: it is a note in
    /// the kernel about whom to send to and whom to hear.
    ///
    /// # Errors
    /// As [`Lab::udp`].
    pub fn udp_pair(&self) -> Result<(UdpSocket, UdpSocket), Trouble> {
        let (one, other) = (self.udp()?, self.udp()?);
        one.connect(local_udp(&other)?)
            .map_err(while_("connecting a UDP socket"))?;
        other
            .connect(local_udp(&one)?)
            .map_err(while_("connecting a UDP socket"))?;
        Ok((one, other))
    }

    fn with_deadlines(self, stream: TcpStream) -> Result<TcpStream, Trouble> {
        stream
            .set_read_timeout(Some(self.patience))
            .and_then(|()| stream.set_write_timeout(Some(self.patience)))
            .map_err(while_("setting a deadline"))?;
        Ok(stream)
    }
}

/// Binds a UDP socket.
///
/// # Errors
/// [`Trouble::PortTaken`] and its kin.
pub fn bind_udp(endpoint: SocketAddr) -> Result<UdpSocket, Trouble> {
    UdpSocket::bind(endpoint).map_err(|error| Trouble::binding(endpoint, error))
}

/// Opens a listening TCP socket.
///
/// # Errors
/// [`Trouble::PortTaken`] and its kin.
pub fn bind_tcp(endpoint: SocketAddr) -> Result<TcpListener, Trouble> {
    TcpListener::bind(endpoint).map_err(|error| Trouble::binding(endpoint, error))
}

/// The endpoint that the system gave a listening socket.
///
/// # Errors
/// [`Trouble::System`], which a fresh socket does not cause.
pub fn local(listener: &TcpListener) -> Result<SocketAddr, Trouble> {
    listener.local_addr().map_err(while_("asking for the port"))
}

/// The endpoint that the system gave a UDP socket.
///
/// # Errors
/// [`Trouble::System`], which a bound socket does not cause.
pub fn local_udp(socket: &UdpSocket) -> Result<SocketAddr, Trouble> {
    socket.local_addr().map_err(while_("asking for the port"))
}

/// Waits for a client until `enough` says so; then `None`.
///
/// The standard library has no `accept` with a deadline, so this one looks again and again: often
/// at first, then a hundred times a second. A server with much to do would wait with `poll`.
///
/// # Errors
/// [`Trouble::System`] if the listening socket is broken.
pub fn accept_until(
    listener: &TcpListener,
    enough: impl Fn() -> bool,
) -> Result<Option<TcpStream>, Trouble> {
    listener
        .set_nonblocking(true)
        .map_err(while_("preparing the listening socket"))?;
    let mut pause = Duration::from_micros(100);
    while !enough() {
        match listener.accept() {
            Ok((stream, _)) => {
                // On some systems the new socket inherits "do not block".
                stream
                    .set_nonblocking(false)
                    .map_err(while_("preparing a connection"))?;
                return Ok(Some(stream));
            }
            Err(error) if is_timeout(&error) => {
                thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(10));
            }
            // The client gave up before it was accepted: wait for the next one.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // The client waits in the backlog until another one has ended.
            Err(error) if is_out_of_descriptors(&error) => {
                thread::sleep(Duration::from_millis(10));
            }
            Err(error) => return Err(while_("accepting a connection")(error)),
        }
    }
    Ok(None)
}

/// Whether a read or a write ended because its time was over. (Unix says `WouldBlock`, Windows
/// `TimedOut`.)
pub fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    )
}

/// Whether the process or the system has no descriptor left for one more socket. (The standard
/// library has no name for these: `EMFILE` and `ENFILE` of Unix, `WSAEMFILE` of Windows.)
fn is_out_of_descriptors(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(23 | 24 | 10_024))
}

/// Whether an error is the echo of an ICMP "port unreachable". (Unix says refused, Windows reset.)
pub fn is_refused(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset
    )
}

/// The addresses of `127.0.0.1:9000`, `[::1]:9000` or `localhost:9000`, to send to.
///
/// # Errors
/// [`Trouble::UnknownName`] if there is none; [`Trouble::NoDestination`] for port 0, and for an
/// address that means "every interface".
pub fn resolve(text: &str) -> Result<Vec<SocketAddr>, Trouble> {
    // The system's resolver would read 1.2.3 as 1.2.0.3, and so call a machine that nobody meant. A
    // host's name does not end in a number (RFC 1123 §2.1), so this must be an IPv4 address.
    let host = text.rsplit_once(':').map_or(text, |(host, _)| host);
    if ends_in_a_number(host) && host.parse::<Ipv4Addr>().is_err() {
        return Err(Trouble::UnknownName(text.to_owned()));
    }
    let found: Vec<SocketAddr> = text
        .to_socket_addrs()
        .map(Iterator::collect)
        .unwrap_or_default();
    match found.first() {
        None => Err(Trouble::UnknownName(text.to_owned())),
        Some(to) if to.port() == 0 || to.ip().is_unspecified() => Err(Trouble::NoDestination(*to)),
        Some(_) => Ok(found),
    }
}

/// Whether the last label of a host is a number as `inet_aton` reads it: decimal, octal, or 0x.
fn ends_in_a_number(host: &str) -> bool {
    let last = host.trim_end_matches('.').rsplit('.').next().unwrap_or("");
    let hex = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    hex.map_or_else(
        || last.chars().all(|ch| ch.is_ascii_digit()),
        |digits| digits.chars().all(|ch| ch.is_ascii_hexdigit()),
    )
}

/// A flag that asks a running thread to end.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether somebody asked.
    pub fn asked(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_comes_and_the_wait_ends() {
        let lab = Lab {
            patience: Duration::from_millis(50),
            ..Lab::default()
        };
        let listener = lab.listener().unwrap();
        assert!(matches!(
            lab.accept(&listener),
            Err(Trouble::Silence { .. })
        ));
    }

    #[test]
    fn a_taken_port_is_named() {
        let lab = Lab::default();
        let first = lab.udp().unwrap();
        let endpoint = local_udp(&first).unwrap();
        assert!(matches!(bind_udp(endpoint), Err(Trouble::PortTaken(taken)) if taken == endpoint));
    }

    #[test]
    fn an_address_of_elsewhere_is_not_mine() {
        // 192.0.2.1 is reserved for documentation (RFC 5737), so no interface here has it.
        let elsewhere = "192.0.2.1:0".parse().unwrap();
        assert!(matches!(bind_udp(elsewhere), Err(Trouble::NotMyAddress(_))));
    }

    #[test]
    fn nothing_can_be_sent_to_port_0_or_to_every_interface() {
        for nowhere in ["127.0.0.1:0", "0.0.0.0:9000", "[::]:9000"] {
            assert!(
                matches!(resolve(nowhere), Err(Trouble::NoDestination(_))),
                "{nowhere}"
            );
        }
    }

    #[test]
    fn names_and_nonsense() {
        assert_eq!(
            resolve("127.0.0.1:9000").unwrap(),
            ["127.0.0.1:9000".parse().unwrap()]
        );
        assert_eq!(
            resolve("[::1]:9000").unwrap(),
            ["[::1]:9000".parse().unwrap()]
        );
        for nonsense in [
            "",
            "9000",
            "127.0.0.1",
            "127.0.0.1:70000",
            "::1:x",
            "1.2.3:9",
            "127.1:9",
            "0x7f.0x1:9",
            "0X7f000001:9",
            "127.1.:9",
            "2130706433:9",
        ] {
            assert!(
                matches!(resolve(nonsense), Err(Trouble::UnknownName(_))),
                "{nonsense}"
            );
        }
    }
}
