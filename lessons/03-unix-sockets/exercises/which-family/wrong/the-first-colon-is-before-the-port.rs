//! The first colon stands before the port.
//!
//! An IPv6 address is full of colons: `[::1]:80`. That is why it stands in brackets. The port is behind
//! the *last* colon, after the bracket. You need not take it apart: `text.parse::<SocketAddr>()` knows
//! both forms.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddrV4, SocketAddrV6};
use std::path::PathBuf;

/// Where a server is.
#[derive(Debug, PartialEq)]
pub enum Address {
    /// An IPv4 address and a port: `127.0.0.1:80`.
    V4(SocketAddrV4),
    /// An IPv6 address and a port: `[::1]:80`.
    V6(SocketAddrV6),
    /// An abstract name, without the `@` that marks it.
    Abstract(String),
    /// The path of a Unix socket.
    Path(PathBuf),
}

/// The address that a text means. The empty text means none.
pub fn which_family(text: &str) -> Option<Address> {
    if text.is_empty() {
        return None;
    }
    if let Some(name) = text.strip_prefix('@') {
        return Some(Address::Abstract(name.to_owned()));
    }
    if let Some((host, port)) = text.split_once(':')
        && let Ok(port) = port.parse()
    {
        if let Ok(address) = host.parse::<Ipv4Addr>() {
            return Some(Address::V4(SocketAddrV4::new(address, port)));
        }
        let host = host.trim_matches(['[', ']']);
        if let Ok(address) = host.parse::<Ipv6Addr>() {
            return Some(Address::V6(SocketAddrV6::new(address, port, 0, 0)));
        }
    }
    Some(Address::Path(text.into()))
}
