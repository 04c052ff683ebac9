//! The field is always full, zeros and all.
//!
//! The structure in memory is, but the kernel is told how many octets of it count. For a path the zeros
//! do no harm. For an abstract name each zero counts, and 100 of them make another name. Hand over the
//! octets of the name and its one NUL.

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
    let mut field = vec![0; size];
    let (start, name) = match text.strip_prefix('@') {
        Some(name) => (1, name.as_bytes()),
        None => (0, text.as_bytes()),
    };
    if start == 0 && name.contains(&0) {
        return Err(Refused::Nul);
    }
    if name.len() > size - 1 {
        return Err(Refused::TooLong {
            octets: name.len(),
            most: size - 1,
        });
    }
    field[start..start + name.len()].copy_from_slice(name);
    Ok(field)
}
