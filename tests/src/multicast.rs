//! Whether this machine carries multicast over loopback.

use std::net::{Ipv4Addr, UdpSocket};
use std::time::Duration;

/// Sends one datagram to a group that only this function joins, and says whether it comes back.
pub fn works() -> bool {
    // 239.0.0.0/8 is for groups of one's own organisation (RFC 2365 §6.1).
    let group = Ipv4Addr::new(239, 255, 77, 77);
    let attempt = || -> std::io::Result<()> {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
        socket.join_multicast_v4(&group, &Ipv4Addr::LOCALHOST)?;
        socket2::SockRef::from(&socket).set_multicast_if_v4(&Ipv4Addr::LOCALHOST)?;
        socket.set_read_timeout(Some(Duration::from_secs(1)))?;
        socket.send_to(b"?", (group, socket.local_addr()?.port()))?;
        socket.recv(&mut [0; 1]).map(drop)
    };
    attempt().is_ok()
}
