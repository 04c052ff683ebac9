//! It worked, so it is 200.
//!
//! Every status that begins with 2 says that it worked. The other two digits say what the client can
//! do with the answer: 201 means that something new has come into being, 204 that the answer has no
//! body to wait for. A program that reads only the digits must learn all of it from them.

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
        ("PUT", Place::File | Place::NoFile) => 200,
        ("DELETE", Place::File) => 200,
        ("GET" | "HEAD" | "DELETE", Place::NoFile) => 404,
        ("PUT" | "DELETE" | "POST", _) => 405,
        _ => 501,
    };
    let allow = match (status, place) {
        (405, Place::Page) => "GET, HEAD",
        (405, _) => "GET, HEAD, PUT, DELETE",
        _ => "",
    };
    Answer { status, allow }
}
