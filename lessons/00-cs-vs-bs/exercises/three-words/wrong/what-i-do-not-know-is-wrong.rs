//! A method that I do not know is no method.
//!
//! The line is a proper request line, and only this server cannot do what it asks. The client should
//! learn that: 501 says "I do not know this method", 400 says "this is not HTTP". If `parse` refuses,
//! the server cannot tell the two apart. Take any word.

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
    if !["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"].contains(&parts[0]) {
        return None;
    }
    if parts[1].is_empty() || parts[1].contains(char::is_whitespace) {
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
