//! Who notices that nobody is there? And: does a connection mean that somebody is?

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, UdpSocket},
    time::Duration,
};

use socket2::{Domain, SockAddr, Socket, Type};

use crate::{
    net::{Lab, is_refused, is_timeout, local, local_udp},
    trouble::{Trouble, plain, while_},
};

/// How long a receive waits for an answer that will not come.
const SHORT: Duration = Duration::from_millis(200);

/// What one call returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It worked; with the octets it handled.
    Done(usize),
    /// "Nobody is there."
    Refused,
    /// Nothing came within the deadline (200 ms).
    Silence,
    /// Another error, in the system's words.
    Other(String),
}

impl From<io::Result<usize>> for Outcome {
    fn from(result: io::Result<usize>) -> Self {
        match result {
            Ok(octets) => Self::Done(octets),
            Err(error) if is_refused(&error) => Self::Refused,
            Err(error) if is_timeout(&error) => Self::Silence,
            Err(error) => Self::Other(plain(&error)),
        }
    }
}

/// What was observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NobodyHome {
    /// `connect` to a TCP port that nobody listens on.
    pub tcp_connect: Outcome,
    /// `send_to` a UDP port that nobody has open, and then `recv`.
    pub udp_unconnected: [Outcome; 2],
    /// The same with a *connected* UDP socket: `send`, then `recv`, then `send`, then `recv`.
    pub udp_connected: [Outcome; 4],
    /// A TCP port with a listening socket whose program never calls `accept`: `connect`, `write`,
    /// `read`.
    pub asleep: [Outcome; 3],
}

/// Calls at four doors behind which nobody is.
///
/// # Errors
/// [`Trouble`] if a socket cannot be opened. That nobody answers is an observation, not an error.
pub fn run(lab: &Lab) -> Result<NobodyHome, Trouble> {
    Ok(NobodyHome {
        tcp_connect: tcp_refused(lab)?,
        udp_unconnected: udp_unconnected(lab)?,
        udp_connected: udp_connected(lab)?,
        asleep: asleep(lab)?,
    })
}

fn tcp_refused(lab: &Lab) -> Result<Outcome, Trouble> {
    // A socket that is bound but does not listen: the port is nobody else's, and it refuses.
    let any = SockAddr::from(lab.any_port());
    let bound = Socket::new(Domain::for_address(lab.any_port()), Type::STREAM, None)
        .and_then(|socket| socket.bind(&any).map(|()| socket))
        .map_err(while_("binding a socket"))?;
    let door = bound.local_addr().map_err(while_("asking for the port"))?;
    let door = door.as_socket().unwrap_or(lab.any_port());
    Ok(std::net::TcpStream::connect_timeout(&door, lab.patience)
        .map(|_| 0)
        .into())
}

/// A UDP port at which nobody receives. The socket that holds the port is connected to itself, so
/// it takes datagrams from nobody else, and no other program can get the port meanwhile.
fn udp_door(lab: &Lab) -> Result<(UdpSocket, SocketAddr), Trouble> {
    let holder = lab.udp()?;
    let door = local_udp(&holder)?;
    holder
        .connect(door)
        .map_err(while_("connecting a UDP socket"))?;
    Ok((holder, door))
}

fn udp_unconnected(lab: &Lab) -> Result<[Outcome; 2], Trouble> {
    let (_holder, door) = udp_door(lab)?;
    let socket = lab.udp()?;
    socket
        .set_read_timeout(Some(SHORT))
        .map_err(while_("setting a deadline"))?;
    let sent = socket.send_to(b"anybody?", door).into();
    let heard = socket.recv(&mut [0; 64]).into();
    Ok([sent, heard])
}

// ANCHOR: connected
fn udp_connected(lab: &Lab) -> Result<[Outcome; 4], Trouble> {
    let (_holder, door) = udp_door(lab)?;
    let socket = lab.udp()?;
    socket
        .set_read_timeout(Some(SHORT))
        .map_err(while_("setting a deadline"))?;
    // No packet crosses here: the kernel notes the peer. From now on it can tell which ICMP
    // message is about this socket.
    socket
        .connect(door)
        .map_err(while_("connecting a UDP socket"))?;
    let mut answer = [0; 64];
    Ok([
        socket.send(b"anybody?").into(), // leaves; an ICMP "port unreachable" comes back …
        socket.recv(&mut answer).into(), // … and the *next* call reports it
        socket.send(b"hello?").into(),   // the error is reported once: this leaves again
        socket.recv(&mut answer).into(),
    ])
}
// ANCHOR_END: connected

// ANCHOR: asleep
fn asleep(lab: &Lab) -> Result<[Outcome; 3], Trouble> {
    let listener = lab.listener()?; // and nobody will call accept on it
    let mut stream = lab.connect(local(&listener)?)?;
    stream
        .set_read_timeout(Some(SHORT))
        .map_err(while_("setting a deadline"))?;
    let written = stream.write(b"hello?").into();
    let heard = stream.read(&mut [0; 64]).into();
    Ok([Outcome::Done(0), written, heard])
}
// ANCHOR_END: asleep

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tcp_is_told_at_once_and_udp_later_or_never() {
        let seen = run(&Lab::default()).unwrap();
        assert_eq!(seen.tcp_connect, Outcome::Refused);
        assert_eq!(seen.udp_unconnected[0], Outcome::Done(8));
        // The first send on a connected socket never knows yet.
        assert_eq!(seen.udp_connected[0], Outcome::Done(8));
        assert!(
            seen.udp_connected[1..].contains(&Outcome::Refused),
            "{seen:?}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn an_unconnected_socket_hears_nothing() {
        let seen = run(&Lab::default()).unwrap();
        assert_eq!(seen.udp_unconnected[1], Outcome::Silence);
    }

    #[test]
    fn a_listening_socket_connects_without_a_program() {
        let seen = run(&Lab::default()).unwrap();
        assert_eq!(
            seen.asleep,
            [Outcome::Done(0), Outcome::Done(6), Outcome::Silence]
        );
    }
}
