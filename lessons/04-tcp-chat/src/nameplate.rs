//! A name plate beside the port, so that our programs recognise each other.
//!
//! The port is taken. By our own server, so that we may call it, or by a stranger? The chat itself
//! cannot answer: its server says nothing until the client has spoken, and to call it to find out
//! would use up the one call it takes. So the server answers that question elsewhere: on the UDP
//! port of the same number. (TCP and UDP count their ports separately, so both can have port 8080.)

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

const QUESTION: &[u8] = b"lesson-04-tcp-chat?";
const WAITING: &[u8] = b"lesson-04-tcp-chat waits for a caller";
const TALKING: &[u8] = b"lesson-04-tcp-chat is talking";

/// What stands on the name plate of a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Neighbour {
    /// This lesson's server, ready for a call.
    Waiting,
    /// This lesson's server, with a caller already.
    Talking,
    /// Something that does not answer as this lesson's server does.
    Stranger,
}

/// Answers questions until it is dropped.
#[derive(Debug)]
pub struct Nameplate {
    at: SocketAddr,
    talking: Arc<AtomicBool>,
    stop: Arc<AtomicBool>,
    answering: Option<JoinHandle<()>>,
}

impl Nameplate {
    /// Hangs a name plate out at the UDP endpoint `at`.
    ///
    /// # Errors
    /// The UDP port is taken.
    pub fn hang_out(at: SocketAddr) -> io::Result<Self> {
        let socket = UdpSocket::bind(at)?;
        let at = reachable(socket.local_addr()?);
        let talking = Arc::new(AtomicBool::new(false));
        let stop = Arc::new(AtomicBool::new(false));
        let (shows_talking, stopped) = (Arc::clone(&talking), Arc::clone(&stop));
        let answering = thread::spawn(move || {
            let mut question = [0; QUESTION.len() + 1];
            while !stopped.load(Ordering::Acquire) {
                // An error here is an ICMP message about an earlier answer. Nobody waits for it.
                let Ok((count, from)) = socket.recv_from(&mut question) else {
                    continue;
                };
                // Only programs of this machine can want this port.
                let local = from.ip().is_loopback() || from.ip() == at.ip();
                if local && &question[..count] == QUESTION {
                    let answer = if shows_talking.load(Ordering::Acquire) {
                        TALKING
                    } else {
                        WAITING
                    };
                    let _ = socket.send_to(answer, from);
                }
            }
        });
        Ok(Self {
            at,
            talking,
            stop,
            answering: Some(answering),
        })
    }

    /// From now on, answers that the server has its caller.
    pub fn now_talking(&self) {
        self.talking.store(true, Ordering::Release);
    }
}

impl Drop for Nameplate {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        // `recv_from` cannot be interrupted: wake it with a datagram of our own.
        if let (Ok(socket), Some(answering)) = (socket_for(self.at), self.answering.take())
            && socket.send_to(b"", self.at).is_ok()
        {
            let _ = answering.join();
        }
    }
}

/// Asks who listens at `at`. Tries for up to a second: a server that has just started hangs its name
/// plate out a moment after it listens.
pub fn who_listens(at: SocketAddr) -> Neighbour {
    let at = reachable(at);
    for _ in 0..5 {
        match ask(at) {
            Ok(Some(neighbour)) => return neighbour,
            Ok(None) => {}
            // Refused at once (ICMP port unreachable): wait, instead of asking again in a circle.
            Err(_) => thread::sleep(Duration::from_millis(200)),
        }
    }
    Neighbour::Stranger
}

fn ask(at: SocketAddr) -> io::Result<Option<Neighbour>> {
    let socket = socket_for(at)?;
    socket.set_read_timeout(Some(Duration::from_millis(200)))?;
    // A connected UDP socket takes datagrams from this peer only.
    socket.connect(at)?;
    socket.send(QUESTION)?;
    let mut answer = [0; 64];
    let count = match socket.recv(&mut answer) {
        Ok(count) => count,
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
            ) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    Ok(Some(match &answer[..count] {
        WAITING => Neighbour::Waiting,
        TALKING => Neighbour::Talking,
        _ => Neighbour::Stranger,
    }))
}

/// An unbound address of the same family.
fn socket_for(at: SocketAddr) -> io::Result<UdpSocket> {
    if at.is_ipv4() {
        UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))
    } else {
        UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0))
    }
}

/// Where to ask: "every interface" is no destination, but loopback is one of them.
pub fn reachable(at: SocketAddr) -> SocketAddr {
    let ip = match at.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, at.port())
}

#[cfg(test)]
mod tests {
    use super::{Nameplate, Neighbour, who_listens};
    use std::net::UdpSocket;

    #[test]
    fn our_server_is_recognised_and_says_when_it_is_busy() {
        let plate = Nameplate::hang_out("127.0.0.1:0".parse().unwrap()).unwrap();
        assert_eq!(who_listens(plate.at), Neighbour::Waiting);
        plate.now_talking();
        assert_eq!(who_listens(plate.at), Neighbour::Talking);
    }

    #[test]
    fn a_stranger_is_a_stranger() {
        let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
        assert_eq!(
            who_listens(silent.local_addr().unwrap()),
            Neighbour::Stranger
        );
    }

    #[test]
    fn the_port_is_free_again_afterwards() {
        let plate = Nameplate::hang_out("[::1]:0".parse().unwrap()).unwrap();
        let at = plate.at;
        drop(plate);
        UdpSocket::bind(at).unwrap();
    }
}
