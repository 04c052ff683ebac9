//! What does not fit is cut off.
//!
//! A path that is cut is the path of another file. The server would listen where no client looks, or at
//! a file of somebody else. Refuse it, and say how long it may be.

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
    if !is_abstract && name.contains(&0) {
        return Err(Refused::Nul);
    }
    let mut octets = Vec::new();
    if is_abstract {
        octets.push(0);
    }
    octets.extend(name.iter().take(size - 1));
    if !is_abstract {
        octets.push(0);
    }
    Ok(octets)
}
