//! What stands behind the part that I need does no harm.
//!
//! Your code takes three parts and does not look whether there is a fourth. Another program may take
//! the *last* part for the version, or all between the first and the last for the target. A line that
//! can be read in two ways is refused.

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
    let mut parts = line.split(' ');
    let method = parts.next()?;
    let target = parts.next()?;
    let version = parts.next()?;
    if method.is_empty() || target.is_empty() {
        return None;
    }
    if method.contains(char::is_whitespace) || target.contains(char::is_whitespace) {
        return None;
    }
    if version != "HTTP/1.0" && version != "HTTP/1.1" {
        return None;
    }
    Some(RequestLine {
        method: method.to_string(),
        target: target.to_string(),
        version: version.to_string(),
    })
}
