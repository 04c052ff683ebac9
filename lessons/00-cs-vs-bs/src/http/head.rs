//! The head of a request, and the question that decides everything after it: how long is the body?

use super::response::Refusal;
use std::io::{self, BufRead, Read};

/// The longest head in octets.
pub const LONGEST_HEAD: usize = 16 * 1024;
/// The most header fields.
pub const MOST_FIELDS: usize = 64;

/// The head of one request.
#[derive(Debug)]
pub struct Head {
    /// The method, in capitals: methods are case-sensitive (RFC 9110 §9.1).
    pub method: String,
    /// The path, with its query if it has one.
    pub target: String,
    /// `Host`, or the authority of a target in absolute form, which wins (RFC 9112 §3.2.2). `None`
    /// only in HTTP/1.0, which does not ask for it.
    pub host: Option<String>,
    /// How the end of the body is found.
    pub framing: Framing,
    /// Whether the client waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1).
    pub expects_continue: bool,
    /// Whether the client wants the connection to stay open (RFC 9112 §9.3).
    pub keep_alive: bool,
    fields: Vec<(String, Vec<u8>)>,
}

/// How the end of a body is found (RFC 9112 §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// There is no body.
    None,
    /// So many octets: `Content-Length`.
    Length(u64),
    /// Chunks, until one of length 0: `Transfer-Encoding: chunked`.
    Chunked,
}

/// What came instead of the next request head, or the head.
#[derive(Debug)]
pub enum Incoming {
    /// A request.
    Head(Head),
    /// The client has closed between two requests, or kept quiet between them: a proper end.
    End,
    /// Something that is no request, or not one that this server takes.
    Refused(Refusal),
}

/// Reads the next head, with its empty line.
///
/// # Errors
/// Those of the socket.
pub fn read_head(wire: &mut impl BufRead) -> io::Result<Incoming> {
    let mut octets = Vec::new();
    loop {
        let line_start = octets.len();
        let mut bounded = wire.take((LONGEST_HEAD - line_start) as u64);
        match bounded.read_until(b'\n', &mut octets) {
            Ok(_) => {}
            // Browsers open connections that they may never use. Silence there is no fault.
            Err(e) if e.kind() == io::ErrorKind::TimedOut && octets.is_empty() => {
                return Ok(Incoming::End);
            }
            Err(e) if e.kind() == io::ErrorKind::TimedOut => {
                return Ok(refuse(408, "the head of the request did not come in time"));
            }
            Err(error) => return Err(error),
        }
        let line = &octets[line_start..];
        if octets.len() == LONGEST_HEAD && !line.ends_with(b"\n") {
            return match line_start {
                0 => Ok(refuse(414, "the address in the request is too long")),
                _ => Ok(refuse(431, "the header fields are longer than 16 KiB")),
            };
        }
        match line {
            b"" if octets.is_empty() => return Ok(Incoming::End),
            b"" => {
                return Ok(refuse(
                    400,
                    "the connection ended in the middle of the head",
                ));
            }
            // An empty line before a request is a habit of old clients (RFC 9112 §2.2).
            b"\r\n" | b"\n" if line_start == 0 => octets.clear(),
            b"\r\n" | b"\n" => break,
            // Another protocol: it may wait for our answer and never send an empty line.
            _ if line_start == 0 && memchr::memmem::find(line, b" HTTP/").is_none() => {
                return Ok(refuse(400, "this is not an HTTP request"));
            }
            _ if !line.ends_with(b"\n") => {
                return Ok(refuse(
                    400,
                    "the connection ended in the middle of the head",
                ));
            }
            _ => {}
        }
    }
    Ok(parse(&octets).map_or_else(Incoming::Refused, Incoming::Head))
}

fn refuse(status: u16, sentence: &str) -> Incoming {
    Incoming::Refused(Refusal::new(status, sentence))
}

/// Reads a whole head with `httparse`, and decides what only the server can decide.
fn parse(octets: &[u8]) -> Result<Head, Refusal> {
    let mut fields = [httparse::EMPTY_HEADER; MOST_FIELDS];
    let mut request = httparse::Request::new(&mut fields);
    match request.parse(octets) {
        Ok(httparse::Status::Complete(_)) => {}
        Err(httparse::Error::TooManyHeaders) => {
            return Err(Refusal::new(
                431,
                "the request has more than 64 header fields",
            ));
        }
        Err(httparse::Error::Version) => {
            return Err(Refusal::new(505, "this server speaks HTTP/1.1"));
        }
        Ok(httparse::Status::Partial) | Err(_) => {
            return Err(Refusal::new(400, "this is not an HTTP request"));
        }
    }
    let version = request.version.unwrap_or(0);
    let fields = request.headers.iter();
    let mut head = Head {
        method: request.method.unwrap_or_default().to_owned(),
        target: request.path.unwrap_or_default().to_owned(),
        host: None,
        framing: Framing::None,
        expects_continue: false,
        keep_alive: false,
        fields: fields
            .map(|f| (f.name.to_ascii_lowercase(), f.value.to_vec()))
            .collect(),
    };
    head.framing = head.find_framing(version)?;
    head.host = head.find_host(version)?;
    head.expects_continue = head.find_expectation(version)?;
    head.keep_alive = version == 1 && !head.list("connection").any(|word| word == "close");
    Ok(head)
}

impl Head {
    /// The value of a header field (name in small letters) that stands once.
    ///
    /// # Errors
    /// 400 when it stands twice: whom of the two should one believe?
    pub fn one(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let mut values = self
            .fields
            .iter()
            .filter(|(n, _)| n == name)
            .map(|(_, value)| value);
        let value = values.next();
        if values.next().is_some() {
            return Err(Refusal::new(
                400,
                &format!("the header field '{name}' stands twice"),
            ));
        }
        let text = |value: &'_ Vec<u8>| {
            Refusal::new(
                400,
                &format!("'{name}' is {} octets that are not text", value.len()),
            )
        };
        value
            .map(|value| {
                std::str::from_utf8(value)
                    .map(str::trim)
                    .map_err(|_| text(value))
            })
            .transpose()
    }

    /// The words of a header field that is a list, in small letters.
    fn list<'a>(&'a self, name: &'a str) -> impl Iterator<Item = String> + 'a {
        let values = self.fields.iter().filter(move |(n, _)| n == name);
        let texts = values.map(|(_, value)| String::from_utf8_lossy(value).to_ascii_lowercase());
        texts.flat_map(|text| {
            text.split(',')
                .map(|w| w.trim().to_owned())
                .collect::<Vec<_>>()
        })
    }

    /// Whether the client wants its request done under a condition only (RFC 9110 §13.1).
    pub fn is_conditional(&self) -> bool {
        let conditions = ["if-match", "if-none-match", "if-unmodified-since"];
        self.fields
            .iter()
            .any(|(name, _)| conditions.contains(&name.as_str()))
    }

    /// Whether the client shows HTML: a browser says so, curl does not.
    pub fn wants_html(&self) -> bool {
        self.list("accept")
            .any(|kind| kind.starts_with("text/html"))
    }

    // ANCHOR: framing
    /// Decides how the end of the body is found (RFC 9112 §6.3), and takes no risk with it.
    fn find_framing(&self, version: u8) -> Result<Framing, Refusal> {
        let length = self.one("content-length")?;
        let Some(coding) = self.one("transfer-encoding")? else {
            let Some(digits) = length else {
                return Ok(Framing::None);
            };
            return match crate::line::parse_length(digits) {
                Some(octets) => Ok(Framing::Length(octets)),
                None => Err(Refusal::new(400, "Content-Length is not a number")),
            };
        };
        // Two ends for one body: a proxy in front could believe the one and this server the other.
        // Then the rest of the body is a request that the proxy has never checked
        // ("request smuggling", RFC 9112 §11.2).
        if length.is_some() || version == 0 {
            return Err(Refusal::new(
                400,
                "the request says in two ways where its body ends",
            ));
        }
        if !coding.eq_ignore_ascii_case("chunked") {
            return Err(Refusal::new(
                501,
                "this server knows no transfer coding but chunked",
            ));
        }
        Ok(Framing::Chunked)
    }
    // ANCHOR_END: framing

    /// Exactly one `Host` in HTTP/1.1 (RFC 9112 §3.2); and the target as path and query.
    fn find_host(&mut self, version: u8) -> Result<Option<String>, Refusal> {
        let host = self.one("host")?.map(str::to_owned);
        if host.is_none() && version == 1 {
            return Err(Refusal::new(
                400,
                "an HTTP/1.1 request must have a Host field",
            ));
        }
        let start = self
            .target
            .get(..7)
            .filter(|start| start.eq_ignore_ascii_case("http://"));
        if start.is_some() {
            let rest = self.target.split_off(7);
            let end = rest.find(['/', '?']).unwrap_or(rest.len());
            let (authority, path) = rest.split_at(end);
            self.target = if path.starts_with('/') {
                path.to_owned()
            } else {
                format!("/{path}")
            };
            return Ok(Some(authority.to_owned()));
        }
        Ok(host)
    }

    fn find_expectation(&self, version: u8) -> Result<bool, Refusal> {
        match self.one("expect")? {
            // A client of HTTP/1.0 cannot understand `100 Continue`.
            Some(word) if word.eq_ignore_ascii_case("100-continue") => Ok(version == 1),
            Some(_) => Err(Refusal::new(
                417,
                "this server meets no expectation but 100-continue",
            )),
            None => Ok(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(mut text: &[u8]) -> Result<Option<Head>, u16> {
        match read_head(&mut text).unwrap() {
            Incoming::Head(head) => Ok(Some(head)),
            Incoming::End => Ok(None),
            Incoming::Refused(refusal) => Err(refusal.status),
        }
    }

    fn with(fields: &str) -> Result<Framing, u16> {
        read(format!("PUT /files/a HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n").as_bytes())
            .map(|head| head.unwrap().framing)
    }

    #[test]
    fn framing_has_one_answer_or_none() {
        assert_eq!(with(""), Ok(Framing::None));
        assert_eq!(with("Content-Length: 12\r\n"), Ok(Framing::Length(12)));
        assert_eq!(with("Transfer-Encoding: chunked\r\n"), Ok(Framing::Chunked));
        for (fields, status) in [
            ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400),
            ("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400),
            ("Content-Length: 5\r\nContent-Length: 5\r\n", 400),
            ("Content-Length: 5, 5\r\n", 400),
            ("Content-Length: +5\r\n", 400),
            ("Content-Length: -1\r\n", 400),
            ("Content-Length: 0x5\r\n", 400),
            ("Content-Length: 99999999999999999999\r\n", 400),
            ("Content-Length:\r\n", 400),
            ("Content-Length : 5\r\n", 400),
            (
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                400,
            ),
            ("Transfer-Encoding: gzip, chunked\r\n", 501),
            ("Transfer-Encoding: xchunked\r\n", 501),
            ("X: a\r\n Transfer-Encoding: chunked\r\n", 400),
        ] {
            assert_eq!(with(fields), Err(status), "{fields:?}");
        }
        let old = b"PUT / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(read(old).map(|_| ()), Err(400));
    }

    #[test]
    fn heads_that_are_refused() {
        let long = format!("GET /{} HTTP/1.1\r\n", "x".repeat(LONGEST_HEAD));
        let fat = format!(
            "GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n",
            "x".repeat(LONGEST_HEAD)
        );
        let many = format!(
            "GET / HTTP/1.1\r\nHost: a\r\n{}\r\n",
            "X: y\r\n".repeat(MOST_FIELDS)
        );
        for (text, status) in [
            ("LIST\n\n", 400),
            ("GET / HTTP/1.1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\n", 400),
            ("GET / HT", 400),
            ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
            ("GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", 417),
            (&long, 414),
            (&fat, 431),
            (&many, 431),
        ] {
            assert_eq!(read(text.as_bytes()).map(|_| ()), Err(status), "{text:.60}");
        }
    }

    #[test]
    fn heads_that_are_taken() {
        assert!(read(b"").unwrap().is_none());
        let head = read(b"\r\nGET http://localhost:80/a?b HTTP/1.1\r\nHost: x\r\n\r\n");
        let head = head.unwrap().unwrap();
        assert_eq!(
            (head.target.as_str(), head.host.as_deref()),
            ("/a?b", Some("localhost:80"))
        );
        assert!(head.keep_alive);
        let head = read(b"GET / HTTP/1.1\nHost: x\nConnection: Foo, CLOSE\n\n")
            .unwrap()
            .unwrap();
        assert!(!head.keep_alive);
        let head = read(b"GET / HTTP/1.0\r\n\r\n").unwrap().unwrap();
        assert!(!head.keep_alive);
    }
}
