//! Spaces around a text mean nothing.
//!
//! In a name each character counts, and ` notes` and `notes` are two files. Who trims serves one for
//! the other, and answers a question that nobody has asked. Take the name as it was sent, or refuse it.

/// Replaces each `%` and two hexadecimal digits by the octet that they stand for. `None` if the digits
/// are missing.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut octets = Vec::new();
    let mut rest = text.bytes();
    while let Some(octet) = rest.next() {
        if octet == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            octets.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            octets.push(octet);
        }
    }
    Some(octets)
}

/// The name of one file directly in the folder, from what stands behind `/files/` in a target. `None`
/// if it could be anything else than that.
pub fn file_name(text: &str) -> Option<String> {
    let name = String::from_utf8(decode(text)?).ok()?;
    let name = name.trim();
    if name.is_empty() || name == "." || name == ".." || name.contains(['/', '\\', ':', '\0']) {
        return None;
    }
    Some(name.to_owned())
}
