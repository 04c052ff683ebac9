//! A NUL octet ends every name.
//!
//! It ends a path, because a path is a text of C. The end of an abstract name is told by the length of the
//! address, so a NUL in it is an octet like any other. Refuse it in a path only.

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
    let (is_abstract, name) = match text.strip_prefix('@') {
        Some(name) => (true, name.as_bytes()),
        None => (false, text.as_bytes()),
    };
    if name.contains(&0) {
        return Err(Refused::Nul);
    }
    let (octets, most) = (name.len(), size - 1);
    if octets > most {
        return Err(Refused::TooLong { octets, most });
    }
    let nul: &[u8] = &[0];
    Ok(if is_abstract {
        [nul, name].concat()
    } else {
        [name, nul].concat()
    })
}
