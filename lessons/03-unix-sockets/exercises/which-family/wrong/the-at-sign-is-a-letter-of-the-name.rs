//! The @ is the first letter of an abstract name.
//!
//! It is how tools write the NUL octet that opens an abstract name, because nobody can type a NUL. It
//! marks the kind of the address, and is no part of the name: `@chat` has the name `chat`. Who keeps
//! the @ looks for another name, and meets nobody.

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
    if text.starts_with('@') {
        return Some(Address::Abstract(text.to_owned()));
    }
    Some(match text.parse() {
        Ok(SocketAddr::V4(endpoint)) => Address::V4(endpoint),
        Ok(SocketAddr::V6(endpoint)) => Address::V6(endpoint),
        Err(_) => Address::Path(text.into()),
    })
}
