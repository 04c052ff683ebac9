//! Any white space separates, and any amount of it.
//!
//! `split_whitespace` is made for text that people write. A protocol says one thing in one way: one
//! space. The next program on the way may take a tab for a part of the target, and then the two have
//! read different requests. Split at ' ', and look at what is left.

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
    let parts: Vec<&str> = line.split_whitespace().collect();
    if parts.len() != 3 || (parts[2] != "HTTP/1.0" && parts[2] != "HTTP/1.1") {
        return None;
    }
    Some(RequestLine {
        method: parts[0].to_string(),
        target: parts[1].to_string(),
        version: parts[2].to_string(),
    })
}
