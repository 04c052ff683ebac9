//! Every name ends with a NUL octet.
//!
//! A path does, because it is a text of C, and the NUL says where it ends. The end of an abstract name is
//! told by the length of the address, and a NUL is an octet like any other: with one more at its end it
//! is another name, and nobody finds the server.

/// Why a name cannot be the address of a socket.
#[derive(Debug, PartialEq)]
pub enum Refused {
    /// The text is empty.
    Empty,
    /// A path contains a NUL octet.
    Nul,
    /// The name has so many octets, and may have so many at most.
    TooLong { octets: usize, most: usize },
}

/// The octets that a name puts into a field `sun_path` of `size` octets. `@` in front marks an abstract
/// name, any other text is a path.
pub fn sun_path(text: &str, size: usize) -> Result<Vec<u8>, Refused> {
    if text.is_empty() {
        return Err(Refused::Empty);
    }
    let name = text.strip_prefix('@').unwrap_or(text);
    if name.contains('\0') {
        return Err(Refused::Nul);
    }
    let octets = name.len();
    if octets > size - 1 {
        return Err(Refused::TooLong {
            octets,
            most: size - 1,
        });
    }
    if text.starts_with('@') {
        return Ok(format!("\0{name}\0").into_bytes());
    }
    Ok(format!("{name}\0").into_bytes())
}
