//! A field of 108 octets holds a path of 108 octets.
//!
//! The NUL octet that ends a path must fit as well, so the path has one octet less: 107 on Linux, 103 on
//! macOS. The one in front of an abstract name takes its octet of the field too.

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
    if let Some(name) = text.strip_prefix('@') {
        let octets = name.len();
        if octets > size {
            return Err(Refused::TooLong { octets, most: size });
        }
        return Ok(format!("\0{name}").into_bytes());
    }
    if text.contains('\0') {
        return Err(Refused::Nul);
    }
    let octets = text.len();
    if octets > size {
        return Err(Refused::TooLong { octets, most: size });
    }
    Ok(format!("{text}\0").into_bytes())
}
