//! POST creates, and PUT changes what is there.
//!
//! Many introductions say so. But `PUT` names the target itself, so it can make it as well as replace
//! it (RFC 9110 §9.3.4). `POST` hands something to a target that decides what to do with it; that is
//! how the page takes a form, and not how a program stores `/files/notes.txt`.

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
    if !["GET", "HEAD", "PUT", "DELETE", "POST"].contains(&method) {
        return Answer {
            status: 501,
            allow: "",
        };
    }
    let allow = match place {
        Place::Page => "GET, HEAD",
        Place::File | Place::NoFile => "GET, HEAD, PUT, DELETE",
    };
    if !allow.split(", ").any(|known| known == method) {
        return Answer { status: 405, allow };
    }
    let status = match (place, method) {
        (Place::NoFile, _) => 404,
        (_, "PUT" | "DELETE") => 204,
        _ => 200,
    };
    Answer { status, allow: "" }
}
