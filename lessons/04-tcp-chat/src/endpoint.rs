//! Finding each other: bind, listen, connect, and what it means when one of them fails.

use crate::error::{ChatError, plain};
use socket2::{Domain, Protocol, Socket, Type};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;
use std::{fmt, io};

/// How long to wait for an answer to a call.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why there is no listening or connected socket.
#[derive(Debug)]
pub enum EndpointError {
    /// Another program listens on this endpoint.
    Taken(SocketAddr),
    /// Nobody listens, but a connection of this port is still in TIME_WAIT.
    Lingering(SocketAddr),
    /// Nobody listens, and yet a program holds this port.
    Held(SocketAddr),
    /// A link-local address, which means nothing without its interface (RFC 4007).
    LinkLocal(SocketAddr),
    /// The address belongs to no interface of this machine.
    NotOurs(SocketAddr),
    /// The system lets only privileged programs use this port.
    Denied(SocketAddr),
    /// Nobody listens there.
    NobodyHome(SocketAddr),
    /// No answer at all, or none that leads there.
    Unreachable(SocketAddr, io::Error),
    /// Anything else.
    Other(SocketAddr, io::Error),
}

impl EndpointError {
    fn from_bind(at: SocketAddr, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::AddrInUse => match holder(at) {
                Holder::Listener => Self::Taken(at),
                Holder::TimeWait => Self::Lingering(at),
                Holder::Other => Self::Held(at),
            },
            _ if is_link_local(at) => Self::LinkLocal(at),
            io::ErrorKind::AddrNotAvailable => Self::NotOurs(at),
            io::ErrorKind::PermissionDenied => Self::Denied(at),
            _ => Self::Other(at, error),
        }
    }

    fn from_connect(to: SocketAddr, error: io::Error) -> Self {
        match error.kind() {
            _ if is_link_local(to) => Self::LinkLocal(to),
            io::ErrorKind::ConnectionRefused => Self::NobodyHome(to),
            io::ErrorKind::TimedOut
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::AddrNotAvailable => Self::Unreachable(to, error),
            _ => Self::Other(to, error),
        }
    }
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken(at) => write!(
                f,
                "{at} is taken: a program listens there already; call it with `client`, stop it, \
                 or choose another port with --port (0 lets the system choose)"
            ),
            Self::Lingering(at) => write!(
                f,
                "{at} is in use although nobody listens there: a connection of the last server \
                 is in TIME_WAIT, for a minute or so; wait, or choose another port with --port \
                 (no wait is needed where both servers set SO_REUSEADDR)"
            ),
            Self::Held(at) => write!(
                f,
                "{at} is in use although nobody listens there: another program holds the port, for \
                 a connection of its own perhaps; choose another port with --port (0 lets the \
                 system choose)"
            ),
            Self::LinkLocal(at) => write!(
                f,
                "{} is a link-local address: every link has its own, and --addr does not say which \
                 interface is meant; use another address, such as ::1 on this machine",
                at.ip()
            ),
            Self::NotOurs(at) => write!(
                f,
                "{} is not an address of this machine: listen on 127.0.0.1 (this machine only) or \
                 0.0.0.0 (every interface)",
                at.ip()
            ),
            Self::Denied(at) => write!(
                f,
                "you may not listen on port {}: low ports are reserved; choose one above 1023",
                at.port()
            ),
            Self::NobodyHome(to) => write!(
                f,
                "nobody is listening on {to}: start the server first: \
                 `cargo run -q -p lesson-04-tcp-chat -- server{} --port {}`",
                addr_option(to.ip()),
                to.port()
            ),
            Self::Unreachable(to, error) => write!(
                f,
                "{to} cannot be reached ({}): check the address with --addr",
                plain(error)
            ),
            Self::Other(at, error) => write!(f, "{at} cannot be used: {}", plain(error)),
        }
    }
}

impl std::error::Error for EndpointError {}

/// The option that names `ip` on a command line, with a space before it; nothing for the default.
pub fn addr_option(ip: IpAddr) -> String {
    if ip == Ipv4Addr::LOCALHOST {
        String::new()
    } else {
        format!(" --addr {ip}")
    }
}

fn is_link_local(at: SocketAddr) -> bool {
    matches!(at.ip(), IpAddr::V6(ip) if ip.is_unicast_link_local())
}

/// What keeps a port in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    /// A listening socket.
    Listener,
    /// A connection that has ended, in TIME_WAIT.
    TimeWait,
    /// Something else.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "not told apart"))]
    Other,
}

/// Who holds this port, found out without calling it: a server that takes one caller would take us
/// for it.
///
/// Linux lists its TCP sockets in `/proc/net/tcp` and `/proc/net/tcp6` (proc(5)): second
/// column the local endpoint in hexadecimal, fourth the state, 0A for LISTEN and 06 for
/// TIME_WAIT.
#[cfg(target_os = "linux")]
fn holder(at: SocketAddr) -> Holder {
    let port = format!(":{:04X}", at.port());
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"]
        .map(|table| std::fs::read_to_string(table).unwrap_or_default())
        .concat();
    let is_in = |state: &str| {
        tables.lines().any(|socket| {
            let mut columns = socket.split_ascii_whitespace().skip(1);
            columns.next().is_some_and(|local| local.ends_with(&port))
                && columns.nth(1) == Some(state)
        })
    };
    // Without the tables, suppose the usual case.
    if is_in("0A") || tables.is_empty() {
        Holder::Listener
    } else if is_in("06") {
        Holder::TimeWait
    } else {
        Holder::Other
    }
}

/// Elsewhere: with `SO_REUSEADDR`, as the standard library sets it, only a listening socket forbids
/// the port.
#[cfg(not(target_os = "linux"))]
fn holder(at: SocketAddr) -> Holder {
    if TcpListener::bind(at).is_err() {
        Holder::Listener
    } else {
        Holder::TimeWait
    }
}

// ANCHOR: listen
/// Listens on `at`. Port 0 lets the system choose.
///
/// On Unix the standard library sets `SO_REUSEADDR` before it binds, so that old
/// connections of this port in TIME_WAIT do not forbid it. (On Linux the server that
/// left them behind must have set the option too.) On Windows it does not, and must
/// not: there a second program could take the port away.
///
/// # Errors
/// See [`EndpointError`].
pub fn listen(at: SocketAddr) -> Result<TcpListener, EndpointError> {
    TcpListener::bind(at).map_err(|error| EndpointError::from_bind(at, error))
}

/// Listens on `at` as the first tutorial does: socket, bind, listen, and no option.
///
/// # Errors
/// See [`EndpointError`]; among them that an old connection is still in TIME_WAIT.
pub fn listen_naive(at: SocketAddr) -> Result<TcpListener, EndpointError> {
    let bound = || -> io::Result<Socket> {
        let family = Domain::for_address(at);
        let socket = Socket::new(family, Type::STREAM, Some(Protocol::TCP))?;
        socket.bind(&at.into())?;
        socket.listen(5)?;
        Ok(socket)
    };
    let socket = bound().map_err(|error| EndpointError::from_bind(at, error))?;
    Ok(socket.into())
}
// ANCHOR_END: listen

/// Connects to `to`. When it returns, the handshake is done: the peer's *kernel* has answered, and
/// its program need not have called `accept` yet (listen(2)).
///
/// # Errors
/// See [`EndpointError`].
pub fn connect(to: SocketAddr) -> Result<TcpStream, EndpointError> {
    let connected = TcpStream::connect_timeout(&to, PATIENCE)
        .map_err(|error| EndpointError::from_connect(to, error))?;
    // One turn is one write, and it shall leave at once (see lesson 02, small-writes).
    let _ = connected.set_nodelay(true);
    Ok(connected)
}

/// Takes the next caller from the backlog.
///
/// # Errors
/// Those of accept(2), except callers that have gone before they were accepted.
pub fn accept(listener: &TcpListener) -> Result<(TcpStream, SocketAddr), ChatError> {
    loop {
        match listener.accept() {
            Ok((stream, peer)) => {
                let _ = stream.set_nodelay(true);
                return Ok((stream, peer));
            }
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::ConnectionAborted | io::ErrorKind::Interrupted
                ) => {}
            Err(error) => return Err(ChatError::Socket(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{EndpointError, connect, listen, listen_naive};
    use std::net::{SocketAddr, TcpListener};

    fn loopback() -> SocketAddr {
        "127.0.0.1:0".parse().unwrap()
    }

    #[test]
    fn a_taken_port_is_called_taken_by_both() {
        let first = listen(loopback()).unwrap();
        let at = first.local_addr().unwrap();
        assert!(matches!(listen(at), Err(EndpointError::Taken(_))));
        assert!(matches!(listen_naive(at), Err(EndpointError::Taken(_))));
    }

    #[test]
    fn nobody_home_names_the_next_command() {
        let port_of_nobody = TcpListener::bind(loopback()).unwrap().local_addr().unwrap();
        let error = connect(port_of_nobody).unwrap_err();
        assert!(matches!(error, EndpointError::NobodyHome(_)), "{error:?}");
        assert!(
            error
                .to_string()
                .contains("cargo run -q -p lesson-04-tcp-chat -- server")
        );
    }

    #[test]
    fn the_next_command_names_the_address_that_was_called() {
        let to = |address: &str| EndpointError::NobodyHome(address.parse().unwrap()).to_string();
        assert!(to("[::1]:81").ends_with("server --addr ::1 --port 81`"));
        assert!(to("127.0.0.2:81").ends_with("server --addr 127.0.0.2 --port 81`"));
        assert!(to("127.0.0.1:81").ends_with("server --port 81`"));
    }

    #[test]
    fn a_foreign_address_is_refused_with_the_reason() {
        let error = listen("192.0.2.1:0".parse().unwrap()).unwrap_err();
        assert!(matches!(error, EndpointError::NotOurs(_)), "{error:?}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_port_that_is_held_without_listening_is_not_called_time_wait() {
        use socket2::{Domain, Socket, Type};
        let holder = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        holder.bind(&loopback().into()).unwrap();
        let at = holder.local_addr().unwrap().as_socket().unwrap();
        let error = listen(at).unwrap_err();
        assert!(matches!(error, EndpointError::Held(_)), "{error:?}");
    }

    #[test]
    fn a_link_local_address_is_refused_with_the_reason() {
        let at = "[fe80::1]:9".parse().unwrap();
        for error in [listen(at).unwrap_err(), connect(at).unwrap_err()] {
            assert!(matches!(error, EndpointError::LinkLocal(_)), "{error:?}");
        }
    }

    #[test]
    fn no_message_ends_in_an_os_error() {
        let to = "127.0.0.1:1".parse().unwrap();
        let error = EndpointError::Other(to, std::io::Error::from_raw_os_error(5));
        assert!(!error.to_string().contains("os error"), "{error}");
    }

    /// The side that closes first keeps the pair of endpoints in TIME_WAIT (RFC 9293, section 3.6.1).
    #[cfg(unix)]
    fn leave_time_wait_behind(server: TcpListener) -> SocketAddr {
        use std::io::{Read, Write};
        let at = server.local_addr().unwrap();
        let mut client = connect(at).unwrap();
        let (mut accepted, _) = server.accept().unwrap();
        // A client that was sent nothing acknowledges the FIN late; that may come after its own FIN, and bring
        // an RST that ends TIME_WAIT (RFC 1337).
        accepted.write_all(b"x").unwrap();
        assert_eq!(client.read(&mut [0]).unwrap(), 1);
        drop(accepted);
        assert_eq!(client.read(&mut [0]).unwrap(), 0);
        drop((client, server));
        at
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn time_wait_stops_the_naive_server() {
        let at = leave_time_wait_behind(listen_naive(loopback()).unwrap());
        let error = listen_naive(at).unwrap_err();
        assert!(matches!(error, EndpointError::Lingering(_)), "{error:?}");
    }

    /// On Linux it is not enough that the new server sets `SO_REUSEADDR`.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_a_naive_server_left_behind_stops_the_cured_one() {
        let at = leave_time_wait_behind(listen_naive(loopback()).unwrap());
        let error = listen(at).unwrap_err();
        assert!(matches!(error, EndpointError::Lingering(_)), "{error:?}");
    }

    #[cfg(unix)]
    #[test]
    fn time_wait_does_not_stop_the_cured_server() {
        let at = leave_time_wait_behind(listen(loopback()).unwrap());
        listen(at).unwrap();
    }
}
