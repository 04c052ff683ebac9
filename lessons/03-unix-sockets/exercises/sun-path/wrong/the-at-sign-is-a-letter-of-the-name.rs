//! The @ is the first letter of an abstract name.
//!
//! It is how tools write the NUL octet that opens an abstract name, because nobody can type a NUL. With
//! the @ in the field, the kernel reads a path, and `bind` makes a file of the name `@chat`. Put a NUL
//! octet in its place, and do not count the @ as an octet of the name.

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
    if text.contains('\0') {
        return Err(Refused::Nul);
    }
    let octets = text.len();
    if octets > size - 1 {
        return Err(Refused::TooLong {
            octets,
            most: size - 1,
        });
    }
    Ok(format!("{text}\0").into_bytes())
}
