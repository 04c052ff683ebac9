//! What stands behind a colon is a port.
//!
//! In an endpoint it is. But a path may contain a colon too: `12:30.sock` is a good name for a file.
//! A text is an endpoint only if all of it is one: an address, a colon, and a port. Let
//! `text.parse::<SocketAddr>()` decide, and take what it refuses as a path.

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
    if !text.contains(':') {
        return Some(Address::Path(text.into()));
    }
    match text.parse() {
        Ok(SocketAddr::V4(endpoint)) => Some(Address::V4(endpoint)),
        Ok(SocketAddr::V6(endpoint)) => Some(Address::V6(endpoint)),
        Err(_) => None,
    }
}
