//! Three words. The task is in `task.md`.

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
    // This finds three words in any line that has three. Refuse the lines that are no request lines.
    let mut words = line.split_whitespace();
    Some(RequestLine {
        method: words.next()?.to_owned(),
        target: words.next()?.to_owned(),
        version: words.next()?.to_owned(),
    })
}
