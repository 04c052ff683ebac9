//! What begins with a bracket is IPv6.
//!
//! An IPv6 endpoint begins with one, but not everything that does is an endpoint: `[::1]` has no port, and
//! `[` is a good letter for the name of a file. `parse` decides about the whole text. What it refuses is a
//! path.

use std::net::{SocketAddr, SocketAddrV4, SocketAddrV6};
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
    if text.starts_with('[') {
        return text.parse().ok().map(Address::V6);
    }
    match text.parse() {
        Ok(SocketAddr::V4(endpoint)) => Some(Address::V4(endpoint)),
        _ => Some(Address::Path(text.into())),
    }
}
