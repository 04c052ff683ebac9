//! How many peers has a socket? A connected TCP socket has one. A UDP socket has as many as send
//! to it; and with multicast one datagram reaches many.

use std::{
    collections::BTreeSet,
    io::{Read, Write},
    net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket},
};

use socket2::{Domain, SockAddr, Socket, Type};

use crate::{
    net::{Lab, is_timeout, local, local_udp},
    trouble::{Trouble, plain, while_},
};

/// Peers, and members of the multicast group.
pub const PEERS: usize = 3;

/// What was observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneToMany {
    /// Sockets that the UDP server needed for [`PEERS`] peers.
    pub udp_sockets: usize,
    /// Different peers that the one UDP socket heard.
    pub udp_peers: usize,
    /// Peers that got their own answer from it.
    pub udp_answered: usize,
    /// Sockets that the TCP server needed: one that listens, and one a connection.
    pub tcp_sockets: usize,
    /// Different local ports of the TCP server's connected sockets: they all share one.
    pub tcp_ports: usize,
    /// Peers that got their own answer.
    pub tcp_answered: usize,
    /// The group; or why this machine has no multicast on loopback, in the system's words.
    pub multicast: Result<Multicast, String>,
}

/// What was observed of a multicast group. It is always an IPv4 group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Multicast {
    /// The group's address.
    pub group: Ipv4Addr,
    /// One sender, one datagram: members that received it.
    pub one_to_many: usize,
    /// Every member sends one datagram: receptions counted at all members together.
    pub many_to_many: usize,
}

/// Talks to three peers with each protocol, then to a group.
///
/// # Errors
/// [`Trouble`] if a socket fails or a deadline passes. A machine without multicast is no error.
pub fn run(lab: &Lab) -> Result<OneToMany, Trouble> {
    let (udp_peers, udp_answered) = over_udp(lab)?;
    let (tcp_sockets, tcp_ports, tcp_answered) = over_tcp(lab)?;
    let multicast = multicast(lab);
    Ok(OneToMany {
        udp_sockets: 1,
        udp_peers,
        udp_answered,
        tcp_sockets,
        tcp_ports,
        tcp_answered,
        multicast,
    })
}

// ANCHOR: udp
fn over_udp(lab: &Lab) -> Result<(usize, usize), Trouble> {
    let server = lab.udp()?; // the only socket of the server
    let to = local_udp(&server)?;
    let peers: Vec<UdpSocket> = (0..PEERS).map(|_| lab.udp()).collect::<Result<_, _>>()?;
    for (name, peer) in (b'a'..).zip(&peers) {
        peer.send_to(&[name], to).map_err(while_("sending"))?;
    }

    let mut heard = BTreeSet::new();
    for _ in 0..PEERS {
        let mut name = [0];
        let (_, from) = server.recv_from(&mut name).map_err(while_("receiving"))?;
        server
            .send_to(&name.to_ascii_uppercase(), from)
            .map_err(while_("answering"))?;
        heard.insert(from);
    }
    // ANCHOR_END: udp

    let mut answered = 0;
    for (name, peer) in (b'a'..).zip(&peers) {
        let mut answer = [0];
        peer.recv(&mut answer)
            .map_err(while_("receiving the answer"))?;
        answered += usize::from(answer[0] == name.to_ascii_uppercase());
    }
    Ok((heard.len(), answered))
}

fn over_tcp(lab: &Lab) -> Result<(usize, usize, usize), Trouble> {
    let listener = lab.listener()?;
    let to = local(&listener)?;
    let mut pairs = Vec::new();
    for _ in 0..PEERS {
        let client = lab.connect(to)?;
        pairs.push((client, lab.accept(&listener)?));
    }
    let mut ports = BTreeSet::new();
    let mut answered = 0;
    for (name, (client, server)) in (b'a'..).zip(&mut pairs) {
        let mut octet = [0];
        client.write_all(&[name]).map_err(while_("writing"))?;
        server.read_exact(&mut octet).map_err(while_("reading"))?;
        server
            .write_all(&octet.to_ascii_uppercase())
            .map_err(while_("answering"))?;
        client
            .read_exact(&mut octet)
            .map_err(while_("reading the answer"))?;
        answered += usize::from(octet[0] == name.to_ascii_uppercase());
        ports.insert(
            server
                .local_addr()
                .map_err(while_("asking for the port"))?
                .port(),
        );
    }
    Ok((1 + pairs.len(), ports.len(), answered))
}

/// A group that hardly anybody else uses: 239.255/16 is for local use (RFC 2365 §6.1), and the
/// last two octets come from this process and the port.
fn group(port: u16) -> Ipv4Addr {
    let [a, b] = port.to_be_bytes();
    let [.., c] = std::process::id().to_be_bytes();
    Ipv4Addr::new(239, 255, a ^ c, b)
}

fn multicast(lab: &Lab) -> Result<Multicast, String> {
    try_multicast(lab).map_err(|error| match error {
        Ok(trouble) => trouble.to_string(),
        Err(error) if is_timeout(&error) => "the datagram to the group did not come back".into(),
        Err(error) => plain(&error),
    })
}

type Refusal = Result<Trouble, std::io::Error>;

fn try_multicast(lab: &Lab) -> Result<Multicast, Refusal> {
    let port = local_udp(&Lab::default().udp().map_err(Ok)?)
        .map_err(Ok)?
        .port();
    let group = group(port);
    let members: Vec<UdpSocket> = (0..PEERS)
        .map(|_| member(lab, group, port))
        .collect::<Result<_, _>>()
        .map_err(Err)?;
    let to = SocketAddr::from((group, port));

    // Somebody outside the group may send to it: only receiving needs membership.
    let outsider = sender().map_err(Err)?;
    outsider.send_to(b"to all", to).map_err(Err)?;
    let one_to_many = receive_from_all(&members, 1).map_err(Err)?;

    for member in &members {
        member.send_to(b"from one to all", to).map_err(Err)?;
    }
    let many_to_many = receive_from_all(&members, PEERS).map_err(Err)?;
    Ok(Multicast {
        group,
        one_to_many,
        many_to_many,
    })
}

// ANCHOR: member
/// A socket that receives what is sent to the group. All members share one port.
fn member(lab: &Lab, group: Ipv4Addr, port: u16) -> std::io::Result<UdpSocket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, None)?;
    socket.set_reuse_address(true)?; // lets several sockets bind this port
    #[cfg(all(unix, not(target_os = "linux")))]
    socket.set_reuse_port(true)?; // BSD and macOS ask for this one
    socket.bind(&SockAddr::from(SocketAddrV4::new(
        bind_address(group),
        port,
    )))?;
    socket.join_multicast_v4(&group, &Ipv4Addr::LOCALHOST)?; // joins on loopback only
    socket.set_multicast_if_v4(&Ipv4Addr::LOCALHOST)?; // and sends there
    socket.set_read_timeout(Some(lab.patience.min(std::time::Duration::from_secs(1))))?;
    Ok(socket.into())
}
// ANCHOR_END: member

/// On Unix a member binds the group's own address: then it hears this group and nothing else.
/// Windows knows only the wildcard here.
fn bind_address(group: Ipv4Addr) -> Ipv4Addr {
    if cfg!(unix) {
        group
    } else {
        Ipv4Addr::UNSPECIFIED
    }
}

fn sender() -> std::io::Result<UdpSocket> {
    let socket = UdpSocket::bind((IpAddr::from(Ipv4Addr::LOCALHOST), 0))?;
    socket2::SockRef::from(&socket).set_multicast_if_v4(&Ipv4Addr::LOCALHOST)?;
    Ok(socket)
}

/// Receives `each` datagrams at every member; counts them all.
fn receive_from_all(members: &[UdpSocket], each: usize) -> std::io::Result<usize> {
    let mut received = 0;
    for member in members {
        for _ in 0..each {
            member.recv(&mut [0; 64])?;
            received += 1;
        }
    }
    Ok(received)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_udp_socket_serves_all_and_tcp_needs_one_each() {
        let seen = run(&Lab::default()).unwrap();
        assert_eq!((seen.udp_peers, seen.udp_answered), (PEERS, PEERS));
        assert_eq!(
            (seen.tcp_sockets, seen.tcp_ports, seen.tcp_answered),
            (PEERS + 1, 1, PEERS)
        );
    }

    #[test]
    fn a_group_reaches_every_member_where_there_is_multicast() {
        // A machine without it says why; that is all this test can ask of such a machine.
        match run(&Lab::default()).unwrap().multicast {
            Ok(seen) => {
                assert!(seen.group.is_multicast());
                assert_eq!(
                    (seen.one_to_many, seen.many_to_many),
                    (PEERS, PEERS * PEERS)
                );
            }
            Err(reason) => assert!(!reason.contains("os error"), "{reason}"),
        }
    }
}
