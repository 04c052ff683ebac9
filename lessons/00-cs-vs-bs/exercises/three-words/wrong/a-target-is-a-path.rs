//! A target is the path of a file.
//!
//! Most targets are. But `OPTIONS *` asks about the server as a whole, and a request to a proxy names
//! the whole URL: `GET http://…/` (RFC 9112 §3.2). Here a target is any text without a space.

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
    if parts.len() != 3 || parts[0].is_empty() || parts[0].contains('\t') {
        return None;
    }
    if !parts[1].starts_with('/') || parts[1].contains(char::is_whitespace) {
        return None;
    }
    if parts[2] != "HTTP/1.0" && parts[2] != "HTTP/1.1" {
        return None;
    }
    Some(RequestLine {
        method: parts[0].to_string(),
        target: parts[1].to_string(),
        version: parts[2].to_string(),
    })
}
