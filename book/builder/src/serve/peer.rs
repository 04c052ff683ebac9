//! Whose program is at the other end of a connection within this machine.

use std::net::SocketAddr;

/// Whether another user of this machine is there, as far as the system tells: Linux does. (The
/// superuser, who may do everything, is none.)
#[cfg(target_os = "linux")]
pub(super) fn is_other_user(peer: SocketAddr, local: SocketAddr) -> bool {
    let table = if peer.is_ipv4() { "tcp" } else { "tcp6" };
    let table = std::fs::read_to_string(format!("/proc/net/{table}")).unwrap_or_default();
    let own = rustix::process::geteuid().as_raw();
    owner(&table, peer, local).is_some_and(|user| user != 0 && user != own)
}

/// Whether another user of this machine is there: this system does not tell.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_other_user(_: SocketAddr, _: SocketAddr) -> bool {
    false
}

/// The user whose connection this is, in a table as proc(5) describes it, if it is in there.
#[cfg(target_os = "linux")]
fn owner(table: &str, from: SocketAddr, to: SocketAddr) -> Option<u32> {
    let (from, to) = (written(from), written(to));
    table.lines().find_map(|line| {
        let mut words = line.split_whitespace().skip(1);
        let is_this = words.next() == Some(&from) && words.next() == Some(&to);
        is_this.then(|| words.nth(4)?.parse().ok()).flatten()
    })
}

/// An address as the table has it: words of 32 bits in the byte order of this machine, and the port.
#[cfg(target_os = "linux")]
fn written(addr: SocketAddr) -> String {
    let octets = match addr.ip() {
        std::net::IpAddr::V4(ip) => ip.octets().to_vec(),
        std::net::IpAddr::V6(ip) => ip.octets().to_vec(),
    };
    let words = octets.as_chunks().0.iter();
    let words = words.map(|word| format!("{:08X}", u32::from_ne_bytes(*word)));
    format!("{}:{:04X}", words.collect::<Vec<_>>().concat(), addr.port())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn the_owner_of_a_connection_is_found() {
        for addr in ["127.0.0.1:0", "[::1]:0"] {
            // Not every machine has IPv6.
            let Ok(listener) = TcpListener::bind(addr) else {
                continue;
            };
            let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            let (_server, peer) = listener.accept().unwrap();
            let local = listener.local_addr().unwrap();
            let table = if peer.is_ipv4() { "tcp" } else { "tcp6" };
            let table = std::fs::read_to_string(format!("/proc/net/{table}")).unwrap();
            let own = rustix::process::geteuid().as_raw();
            assert_eq!(owner(&table, peer, local), Some(own), "{table}");
            assert!(!is_other_user(peer, local));
            drop(client);
        }
    }

    #[cfg(target_endian = "little")]
    #[test]
    fn the_row_of_the_client_is_read_and_not_the_servers() {
        const TABLE: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n   \
            0: 0100007F:0BB8 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 1 1\n   \
            1: 0100007F:C350 0100007F:0BB8 01 00000000:00000000 00:00000000 00000000  1001        0 2 1\n";
        let [server, client, other] =
            [3000, 50000, 50001].map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
        assert_eq!(owner(TABLE, client, server), Some(1001));
        assert_eq!(owner(TABLE, other, server), None);
    }
}
