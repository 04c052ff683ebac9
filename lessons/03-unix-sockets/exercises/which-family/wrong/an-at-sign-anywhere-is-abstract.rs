//! An @ in a text makes it an abstract name.
//!
//! Only an @ in front is the mark. In the middle it is a character like any other: `me@home` is a file's
//! name. `strip_prefix('@')` looks in front only, and hands you the rest.

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
    if let Some((_, name)) = text.split_once('@') {
        return Some(Address::Abstract(name.to_owned()));
    }
    Some(match text.parse() {
        Ok(SocketAddr::V4(endpoint)) => Address::V4(endpoint),
        Ok(SocketAddr::V6(endpoint)) => Address::V6(endpoint),
        Err(_) => Address::Path(text.into()),
    })
}
