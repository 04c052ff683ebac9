//! Loopback and its sockets.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

use super::Finding;

/// On loopback, an answer takes microseconds. What has not come by then is lost, or a firewall's.
const LIMIT: Duration = Duration::from_secs(2);

pub fn examine() -> Vec<Finding> {
    vec![
        over_tcp(),
        over_udp(),
        port(3000, "the book", "cargo xtask book serve --port 0"),
        port(8080, "some lessons' servers", "--port 0"),
        ipv6(),
        multicast(),
        unix_sockets(),
    ]
}

fn over_tcp() -> Finding {
    match exchange(Ipv4Addr::LOCALHOST.into()) {
        Ok(port) => Finding::ok(
            "TCP",
            format!("5 octets went over a connection to 127.0.0.1:{port}"),
        ),
        Err(error) => Finding::needed(
            "TCP",
            format!("no connection to 127.0.0.1: {error}"),
            "Bring loopback up (`sudo ip link set lo up`), or let your firewall allow 127.0.0.1.",
        ),
    }
}

/// Sends five octets over a new connection, and returns the server's port.
fn exchange(own: IpAddr) -> io::Result<u16> {
    let listener = TcpListener::bind((own, 0))?;
    let address = listener.local_addr()?;
    let mut client = TcpStream::connect_timeout(&address, LIMIT)?;
    let (mut server, _) = listener.accept()?;
    server.set_read_timeout(Some(LIMIT))?;
    client.write_all(b"hello")?;
    server.read_exact(&mut [0; 5])?;
    Ok(address.port())
}

fn over_udp() -> Finding {
    let attempt = || -> io::Result<u16> {
        let one = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        let other = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = other.local_addr()?;
        other.set_read_timeout(Some(LIMIT))?;
        one.send_to(b"hello", address)?;
        other.recv(&mut [0; 5])?;
        Ok(address.port())
    };
    match attempt() {
        Ok(port) => Finding::ok("UDP", format!("a datagram came to 127.0.0.1:{port}")),
        Err(error) => Finding::needed(
            "UDP",
            format!("no datagram comes over 127.0.0.1: {error}"),
            "Bring loopback up (`sudo ip link set lo up`), or let your firewall allow 127.0.0.1.",
        ),
    }
}

fn port(number: u16, whose: &str, instead: &str) -> Finding {
    let thing = match number {
        3000 => "port 3000",
        _ => "port 8080",
    };
    match TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, number))) {
        Ok(_) => Finding::ok(thing, format!("free, for {whose}")),
        Err(error) => Finding::wanted(
            thing,
            format!("{whose} would take it: {error}"),
            format!("End the program that has it, or take a free port: `{instead}`."),
        ),
    }
}

fn ipv6() -> Finding {
    match exchange(Ipv6Addr::LOCALHOST.into()) {
        Ok(port) => Finding::ok(
            "IPv6",
            format!("5 octets went over a connection to [::1]:{port}"),
        ),
        Err(error) => Finding::wanted(
            "IPv6",
            format!("no connection to [::1]: {error}"),
            "Go on without: what needs it says so. Linux: `sudo sysctl net.ipv6.conf.lo.disable_ipv6=0`.",
        ),
    }
}

/// Sends one datagram to a group that only this function joins, and waits for it.
fn multicast() -> Finding {
    // 239.0.0.0/8 is for groups of one's own organisation (RFC 2365 §6.1).
    let group = Ipv4Addr::new(239, 255, 77, 78);
    let attempt = || -> io::Result<()> {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
        socket.join_multicast_v4(&group, &Ipv4Addr::LOCALHOST)?;
        socket2::SockRef::from(&socket).set_multicast_if_v4(&Ipv4Addr::LOCALHOST)?;
        socket.set_read_timeout(Some(LIMIT))?;
        socket.send_to(b"?", (group, socket.local_addr()?.port()))?;
        socket.recv(&mut [0; 1]).map(drop)
    };
    match attempt() {
        Ok(()) => Finding::ok(
            "multicast",
            format!("a datagram to {group} came back on loopback"),
        ),
        Err(error) => Finding::wanted(
            "multicast",
            format!("a datagram to {group} did not come back: {error}"),
            "Go on without: only the group in lesson 02 needs it. A VPN or a firewall often is the reason.",
        ),
    }
}

#[cfg(unix)]
fn unix_sockets() -> Finding {
    use std::os::unix::net::{UnixListener, UnixStream};

    const THING: &str = "Unix sockets";
    let folder = match super::place::own_folder() {
        Ok(folder) => folder,
        Err(error) => return Finding::wanted(THING, format!("not tried: {error}"), "See above."),
    };
    // As long as the longest name that an exercise's check gives to one, and a little longer.
    let path = folder.join("a-socket-whose-name-is-long.sock");
    let attempt = || -> io::Result<()> {
        let listener = UnixListener::bind(&path)?;
        let mut client = UnixStream::connect(&path)?;
        client.write_all(b"hello")?;
        let (mut server, _) = listener.accept()?;
        server.set_read_timeout(Some(LIMIT))?;
        server.read_exact(&mut [0; 5])
    };
    let outcome = attempt();
    let _ = std::fs::remove_dir_all(&folder);
    let length = path.as_os_str().len();
    match outcome {
        Ok(()) => Finding::ok(
            THING,
            format!(
                "5 octets went over one; its path of {length} octets fits into a socket's name"
            ),
        ),
        Err(error) => Finding::needed(
            THING,
            format!("{} ({length} octets): {error}", path.display()),
            "Take a temporary folder on this machine's own disk with a shorter path: `export TMPDIR=/tmp`.",
        ),
    }
}

#[cfg(not(unix))]
fn unix_sockets() -> Finding {
    Finding::wanted(
        "Unix sockets",
        "this system has none that Rust's standard library offers",
        "Do lesson 03 in WSL; all others can be done here.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_taken_is_said() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let number = taken.local_addr().unwrap().port();
        let finding = port(number, "the book", "--port 0");
        let missing = finding.missing.unwrap();
        assert!(!missing.needed);
        assert!(missing.mend.contains("--port 0"), "{}", missing.mend);
    }

    #[test]
    fn loopback_carries_octets_and_datagrams() {
        assert_eq!(over_tcp().missing, None);
        assert_eq!(over_udp().missing, None);
    }
}
