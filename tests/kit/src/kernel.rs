//! What the kernel knows of a TCP connection, where it tells: Linux, in proc_net_tcp(5).
//!
//! The logbook sees what goes through the sockets of `kit`. Right code may also use those of `std`: for
//! a connection that it made itself, or through `&*stream`. The kernel sees both.

use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;

/// `ESTABLISHED`.
const OPEN: &str = "01";
/// `CLOSE_WAIT`: the other side will send no more.
const OTHER_CLOSED: &str = "08";
/// `LISTEN`.
const LISTENING: &str = "0A";

/// One end of a connection: a line of the file.
struct End {
    state: String,
    /// Octets that the other side has not acknowledged yet.
    unsent: u64,
    /// Octets that have come and were not read yet; the end of the stream counts as one.
    unread: u64,
    /// The socket's number; 0 as long as no program has it.
    inode: u64,
}

/// What became of the octets that were sent on a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sent {
    /// The other end has read all of them.
    Read,
    /// Some are on their way, or wait in its buffer.
    Unread,
    /// The other end has closed: nobody knows any more.
    Closed,
}

/// What became of all that `other` has sent to the end `own` of a connection? `None` where the system
/// does not tell.
pub(crate) fn sent_to(own: SocketAddr, other: SocketAddr) -> Option<Sent> {
    let table = table(own)?;
    let open = |end: &End| end.state == OPEN || end.state == OTHER_CLOSED;
    let Some(reader) = find(&table, own, other).filter(open) else {
        return Some(Sent::Closed);
    };
    let end_of_stream = u64::from(reader.state == OTHER_CLOSED);
    let sender = find(&table, other, own);
    let arrived = sender.is_some_and(|sender| sender.unsent == 0);
    Some(if arrived && reader.unread <= end_of_stream {
        Sent::Read
    } else {
        Sent::Unread
    })
}

/// Does the connection still wait for `accept` on the server's side? `None` where the system does not
/// tell, and when the connection has gone together with the listening socket: who closes that resets
/// all that wait.
pub(crate) fn in_backlog(server: SocketAddr, client: SocketAddr) -> Option<bool> {
    let table = table(server)?;
    if let Some(end) = find(&table, server, client) {
        return Some(end.inode == 0 && (end.state == OPEN || end.state == OTHER_CLOSED));
    }
    is_listening(&table, server).then_some(false)
}

fn is_listening(table: &str, server: SocketAddr) -> bool {
    let own = written(server);
    table.lines().any(|line| {
        let mut fields = line.split_whitespace().skip(1);
        fields.next() == Some(&own) && fields.nth(1) == Some(LISTENING)
    })
}

fn table(address: SocketAddr) -> Option<String> {
    let file = if address.is_ipv4() { "tcp" } else { "tcp6" };
    fs::read_to_string(format!("/proc/self/net/{file}")).ok()
}

fn find(table: &str, own: SocketAddr, other: SocketAddr) -> Option<End> {
    let (own, other) = (written(own), written(other));
    table.lines().find_map(|line| {
        let mut fields = line.split_whitespace().skip(1);
        if fields.next()? != own || fields.next()? != other {
            return None;
        }
        let state = fields.next()?.to_owned();
        let (unsent, unread) = fields.next()?.split_once(':')?;
        Some(End {
            state,
            unsent: u64::from_str_radix(unsent, 16).ok()?,
            unread: u64::from_str_radix(unread, 16).ok()?,
            // Behind the timer, the retransmissions, the user and the timeout.
            inode: fields.nth(4)?.parse().ok()?,
        })
    })
}

/// An address as the file has it: words of 32 bits in the machine's own order, then the port.
fn written(address: SocketAddr) -> String {
    let octets = match address {
        SocketAddr::V4(address) => address.ip().octets().to_vec(),
        SocketAddr::V6(address) => address.ip().octets().to_vec(),
    };
    let mut text = String::new();
    for word in octets.chunks_exact(4) {
        let word = u32::from_ne_bytes([word[0], word[1], word[2], word[3]]);
        let _ = write!(text, "{word:08X}");
    }
    format!("{text}:{:04X}", address.port())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{TcpListener, TcpStream};

    use super::*;

    /// The acknowledgement may come a little after the octets.
    fn soon(wanted: Sent, own: SocketAddr, other: SocketAddr) {
        while sent_to(own, other) != Some(wanted) {
            std::thread::yield_now();
        }
    }

    #[test]
    fn the_kernel_tells_what_was_read_and_accepted() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let Ok(listener) = TcpListener::bind(address) else {
                // A system without IPv6.
                continue;
            };
            let server = listener.local_addr().unwrap();
            let mut stream = TcpStream::connect(server).unwrap();
            let client = stream.local_addr().unwrap();
            assert_eq!(in_backlog(server, client), Some(true));
            stream.write_all(b"hello").unwrap();
            assert_eq!(sent_to(server, client), Some(Sent::Unread));
            let (mut accepted, _) = listener.accept().unwrap();
            assert_eq!(in_backlog(server, client), Some(false));
            accepted.read_exact(&mut [0; 4]).unwrap();
            assert_eq!(sent_to(server, client), Some(Sent::Unread));
            accepted.read_exact(&mut [0]).unwrap();
            soon(Sent::Read, server, client);
            stream.shutdown(std::net::Shutdown::Write).unwrap();
            soon(Sent::Read, server, client);
            drop(accepted);
            soon(Sent::Closed, server, client);
            assert_eq!(in_backlog(server, client), Some(false));
            // Nobody accepts this one.
            let stream = TcpStream::connect(server).unwrap();
            let client = stream.local_addr().unwrap();
            assert_eq!(in_backlog(server, client), Some(true));
            drop(listener);
            while in_backlog(server, client) == Some(true) {
                std::thread::yield_now();
            }
            assert_eq!(in_backlog(server, client), None);
        }
    }
}
