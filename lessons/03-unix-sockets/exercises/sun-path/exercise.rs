//! The name as the kernel gets it. The task is in `task.md`.

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
    let octets = text.len();
    if octets > size {
        return Err(Refused::TooLong { octets, most: size });
    }
    Ok(text.as_bytes().to_vec())
}
