//! What I do not do I do not know.
//!
//! 501 says that the server has never heard of the method, so the client need not try it anywhere.
//! `POST` it knows: it only makes no sense at these targets. 405 says that, and `Allow` names what does
//! (RFC 9110 §15.5.6 and §15.6.2).

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
        ("PUT" | "DELETE", _) => 405,
        _ => 501,
    };
    let allow = match (status, place) {
        (405, Place::Page) => "GET, HEAD",
        (405, _) => "GET, HEAD, PUT, DELETE",
        _ => "",
    };
    Answer { status, allow }
}
