//! A version number is only a label.
//!
//! It says how the rest of the message is written. `HTTP/2` has frames of binary fields, and no lines
//! at all (RFC 9113); what comes after such a line cannot be read as HTTP/1.1. Take the two versions
//! that you can read, whole, and refuse the others.

/// The first line of an HTTP request, in its three parts.
#[derive(Debug, PartialEq, Eq)]
pub struct RequestLine {
    /// What to do: `GET`.
    pub method: String,
    /// With what: `/files/notes.txt`.
    pub target: String,
    /// How the rest is written: `HTTP/1.1`.
    pub version: String,
}

/// The parts of a request line, which comes without its line end. `None` if it is not exactly a
/// method, a space, a target, a space, and `HTTP/1.0` or `HTTP/1.1`.
pub fn parse(line: &str) -> Option<RequestLine> {
    let parts: Vec<&str> = line.split(' ').collect();
    if parts.len() != 3 || !parts[2].starts_with("HTTP/") {
        return None;
    }
    if parts
        .iter()
        .any(|part| part.is_empty() || part.contains(char::is_whitespace))
    {
        return None;
    }
    Some(RequestLine {
        method: parts[0].to_string(),
        target: parts[1].to_string(),
        version: parts[2].to_string(),
    })
}
