//! What does not work is not found.
//!
//! 404 says: there is nothing at this address. But the page is there, and only the method makes no
//! sense for it. 405 says that, and names the methods that do. A person who reads 404 looks for a
//! mistake in the address, and finds none.

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
        ("GET" | "HEAD" | "PUT" | "DELETE" | "POST", _) => 404,
        _ => 501,
    };
    Answer { status, allow: "" }
}
