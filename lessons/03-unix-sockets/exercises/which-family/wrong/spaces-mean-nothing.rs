//! Spaces around a text mean nothing.
//!
//! In a name of the kernel every octet counts: ` s.sock` and `s.sock` are two files, and `@chat ` is another
//! name than `@chat`. Who trims the text looks for a socket that nobody has bound. Take it as it is.

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
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if let Some(name) = text.strip_prefix('@') {
        return Some(Address::Abstract(name.to_owned()));
    }
    Some(match text.parse() {
        Ok(SocketAddr::V4(endpoint)) => Address::V4(endpoint),
        Ok(SocketAddr::V6(endpoint)) => Address::V6(endpoint),
        Err(_) => Address::Path(text.into()),
    })
}
