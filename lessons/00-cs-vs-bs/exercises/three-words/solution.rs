//! Three words.

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
    let [method, target, version] = parts[..] else {
        return None;
    };
    let word = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
    if !word(method) || !word(target) || !matches!(version, "HTTP/1.0" | "HTTP/1.1") {
        return None;
    }
    Some(RequestLine {
        method: method.to_owned(),
        target: target.to_owned(),
        version: version.to_owned(),
    })
}
