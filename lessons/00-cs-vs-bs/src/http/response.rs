//! The answer: a status, some header fields, and perhaps a body.

use super::date::http_date;
use super::page;
use crate::disk::{DiskError, send};
use std::fmt::{self, Write as _};
use std::fs::File;
use std::io::{self, Write};
use std::time::SystemTime;

/// An answer, ready to be written.
#[derive(Debug)]
pub struct Response {
    /// The status code (RFC 9110 §15).
    pub status: u16,
    fields: Vec<(&'static str, String)>,
    content: Content,
}

#[derive(Debug)]
enum Content {
    None,
    Text(String),
    File(File, u64),
}

impl Response {
    /// An answer without a body.
    pub fn empty(status: u16) -> Response {
        Response {
            status,
            fields: Vec::new(),
            content: Content::None,
        }
    }

    /// An answer whose body is text of the given media type.
    pub fn text(status: u16, media_type: &str, text: String) -> Response {
        let response = Response {
            content: Content::Text(text),
            ..Response::empty(status)
        };
        response.with("Content-Type", media_type)
    }

    /// An answer whose body is a file of `length` octets.
    ///
    /// The browser is told to save it and never to show it: a page that a stranger has uploaded
    /// would otherwise run its scripts with the rights of this site.
    pub fn download(file: File, length: u64, name: &str) -> Response {
        let save = format!(
            "attachment; filename*=UTF-8''{}",
            crate::percent::encode(name)
        );
        Response {
            content: Content::File(file, length),
            ..Response::empty(200)
        }
        .with("Content-Type", "application/octet-stream")
        .with("Content-Disposition", &save)
        .with("Cross-Origin-Resource-Policy", "same-origin")
    }

    /// "Done; now look there": after a form, so that reloading the page does not send it again
    /// (RFC 9110 §15.4.4).
    pub fn see_other(place: &str) -> Response {
        Response::empty(303).with("Location", place)
    }

    /// The answer that tells why not: a page for a browser, a line for other programs.
    pub fn refusal(refusal: &Refusal, html: bool) -> Response {
        let response = if html {
            let text = page::refusal(refusal.status, reason(refusal.status), &refusal.sentence);
            page::protected(Response::text(
                refusal.status,
                "text/html; charset=utf-8",
                text,
            ))
        } else {
            let text = format!("{}\n", refusal.sentence);
            Response::text(refusal.status, "text/plain; charset=utf-8", text)
        };
        if refusal.allow.is_empty() {
            response
        } else {
            response.with("Allow", refusal.allow)
        }
    }

    /// Adds a header field.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Response {
        self.fields.push((name, value.to_owned()));
        self
    }

    /// The reason phrase of the status.
    pub fn reason(&self) -> &'static str {
        reason(self.status)
    }

    /// Writes the answer; for HEAD everything but the body (RFC 9110 §9.3.2). `false`: the file
    /// was shorter than announced, so the connection must end.
    ///
    /// # Errors
    /// Those of the socket.
    pub fn write(&mut self, wire: &mut impl Write, head: bool, keep: bool) -> io::Result<bool> {
        let mut text = format!("HTTP/1.1 {} {}\r\n", self.status, self.reason());
        let mut field = |name: &str, value: &dyn fmt::Display| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{name}: {value}\r\n");
        };
        for (name, value) in &self.fields {
            field(name, value);
        }
        match &self.content {
            // 204 has no body and must not speak of its length (RFC 9110 §8.6).
            Content::None if self.status == 204 => {}
            Content::None => field("Content-Length", &0),
            Content::Text(text) => field("Content-Length", &text.len()),
            Content::File(_, length) => field("Content-Length", length),
        }
        // "Believe the Content-Type, do not guess a better one from the content."
        field("X-Content-Type-Options", &"nosniff");
        if !keep {
            field("Connection", &"close");
        }
        field("Date", &http_date(SystemTime::now()));
        text += "\r\n";
        match &mut self.content {
            // Head and body in one write: two small ones would be two segments.
            Content::Text(body) if !head => text += body,
            Content::File(file, length) if !head => return send(&text, file, *length, wire),
            _ => {}
        }
        wire.write_all(text.as_bytes())?;
        Ok(true)
    }
}

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        Response::refusal(&refusal, false)
    }
}

/// Why a request is not done.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status code.
    pub status: u16,
    /// The reason, for a person.
    pub sentence: String,
    /// The methods that would work; empty when that is not the question.
    pub allow: &'static str,
    /// Nothing more can be read from this connection.
    pub fatal: bool,
    /// The client has gone: there is nobody to answer.
    pub hopeless: bool,
}

impl Refusal {
    /// A refusal after which the connection can go on.
    pub fn new(status: u16, sentence: &str) -> Refusal {
        let sentence = sentence.to_owned();
        Refusal {
            status,
            sentence,
            allow: "",
            fatal: false,
            hopeless: false,
        }
    }

    /// 405, with the methods that would work (RFC 9110 §15.5.6).
    pub fn not_allowed(allow: &'static str) -> Refusal {
        let sentence = format!("that does not work here, but these do: {allow}");
        Refusal {
            allow,
            ..Refusal::new(405, &sentence)
        }
    }

    /// For the log of the server: the sentence only when the client may never see it.
    pub fn for_log(&self) -> String {
        if self.fatal {
            self.to_string()
        } else {
            format!("{} {}", self.status, reason(self.status))
        }
    }

    /// What became of a body that could not be read to its end.
    pub fn of_body(error: &io::Error) -> Refusal {
        let refusal = match error.kind() {
            io::ErrorKind::InvalidData => Refusal::new(400, &error.to_string()),
            io::ErrorKind::TimedOut => {
                Refusal::new(408, "the body did not come in time: nothing was changed")
            }
            // The client has closed the one direction; it may still read in the other.
            io::ErrorKind::UnexpectedEof => Refusal::new(
                400,
                "the body is shorter than announced: nothing was changed",
            ),
            _ => Refusal {
                hopeless: true,
                ..Refusal::new(400, "the connection was lost: nothing was changed")
            },
        };
        Refusal {
            fatal: true,
            ..refusal
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} {}: {}",
            self.status,
            reason(self.status),
            self.sentence
        )
    }
}

impl From<DiskError> for Refusal {
    fn from(error: DiskError) -> Self {
        let status = match error {
            DiskError::Name(_) => 400,
            DiskError::Missing(_) => 404,
            DiskError::NotAFile(_) | DiskError::Denied => 403,
            DiskError::Full => 507,
            DiskError::Io(_) => 500,
        };
        Refusal::new(status, &error.to_string())
    }
}

/// The usual words for a status. They are for people; programs look at the number.
pub fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        303 => "See Other",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        411 => "Length Required",
        412 => "Precondition Failed",
        414 => "URI Too Long",
        415 => "Unsupported Media Type",
        417 => "Expectation Failed",
        421 => "Misdirected Request",
        431 => "Request Header Fields Too Large",
        501 => "Not Implemented",
        505 => "HTTP Version Not Supported",
        507 => "Insufficient Storage",
        _ => "Internal Server Error",
    }
}
