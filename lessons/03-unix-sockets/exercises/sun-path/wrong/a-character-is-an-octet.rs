//! A character is an octet.
//!
//! In ASCII it is. In UTF-8, `é` takes two octets and `你` takes three, and the kernel counts octets: a
//! path of 36 characters can be too long. `len` of a `str` counts octets, `chars().count()` characters.

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
        let octets = name.chars().count();
        if octets > size - 1 {
            return Err(Refused::TooLong {
                octets,
                most: size - 1,
            });
        }
        return Ok(format!("\0{name}").into_bytes());
    }
    if text.contains('\0') {
        return Err(Refused::Nul);
    }
    let octets = text.chars().count();
    if octets > size - 1 {
        return Err(Refused::TooLong {
            octets,
            most: size - 1,
        });
    }
    Ok(format!("{text}\0").into_bytes())
}
