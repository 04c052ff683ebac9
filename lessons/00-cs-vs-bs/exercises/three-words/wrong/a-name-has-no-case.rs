//! Capitals and small letters are the same.
//!
//! In host names they are. HTTP's methods are compared octet by octet: `get` is not
//! `GET`, and a server answers it with 501 (RFC 9110 §9.1). Who changes the letters here hides from the
//! server what the client has sent. Keep what came.

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
    if parts.len() != 3 {
        return None;
    }
    if parts
        .iter()
        .any(|part| part.is_empty() || part.contains(char::is_whitespace))
    {
        return None;
    }
    if parts[2] != "HTTP/1.0" && parts[2] != "HTTP/1.1" {
        return None;
    }
    Some(RequestLine {
        method: parts[0].to_uppercase(),
        target: parts[1].to_string(),
        version: parts[2].to_string(),
    })
}
