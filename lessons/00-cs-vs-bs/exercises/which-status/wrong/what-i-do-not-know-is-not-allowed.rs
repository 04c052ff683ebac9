//! A method that I do not know is not allowed.
//!
//! 405 says: I know this method, and this target does not support it; `Allow` names those that it does.
//! Of a method that it has never heard of the server can say nothing like that, at any target. That is
//! 501 (RFC 9110 §9.1).

/// What stands at the target of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// `/`: the page that lists the files. It is always there.
    Page,
    /// `/files/<name>`, and there is such a file.
    File,
    /// `/files/<name>`, and there is no such file.
    NoFile,
}

/// The beginning of an answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    /// The three digits.
    pub status: u16,
    /// The value of the field `Allow`: methods, with a comma and a space between two of them. Empty
    /// unless the status is 405.
    pub allow: &'static str,
}

/// Chooses the answer to a method at a place, as if everything went well on the disk.
pub fn answer(method: &str, place: Place) -> Answer {
    let status = match (method, place) {
        ("GET" | "HEAD", Place::Page | Place::File) => 200,
        ("PUT", Place::NoFile) => 201,
        ("PUT" | "DELETE", Place::File) => 204,
        ("GET" | "HEAD" | "DELETE", Place::NoFile) => 404,
        _ => 405,
    };
    let allow = match (status, place) {
        (405, Place::Page) => "GET, HEAD",
        (405, _) => "GET, HEAD, PUT, DELETE",
        _ => "",
    };
    Answer { status, allow }
}
