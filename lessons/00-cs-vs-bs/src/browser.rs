//! A small HTTP client: enough of a browser to be counted, and no screen.
//!
//! It sends fewer header fields than a real browser does, so its figures are the smallest that B/S
//! can have.

use crate::line::parse_length;
use crate::meter::{Metered, Traffic};
use crate::terminal::visible;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

/// The longest answer that is kept in memory, in octets.
const LONGEST_ANSWER: u64 = 64 * 1024 * 1024;
/// The most octets of an answer's head.
const LONGEST_HEAD: u64 = 64 * 1024;
/// The boundary of the forms. Nothing in the lesson's own files contains it.
const BOUNDARY: &str = "----layer-by-layer-7d1c0f";

/// A connection to a web server.
#[derive(Debug)]
pub struct Browser {
    wire: BufReader<Metered<TcpStream>>,
    host: String,
}

/// What the server answered.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The head as it stood on the wire.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header field.
    pub fn field(&self, name: &str) -> Option<&str> {
        let fields = self
            .head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'));
        let mut found = fields.filter(|(field, _)| field.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.trim())
    }
}

impl Browser {
    /// Connects to a web server.
    ///
    /// # Errors
    /// Those of `connect(2)`.
    pub fn connect(server: SocketAddr) -> io::Result<Browser> {
        let stream = TcpStream::connect_timeout(&server, Duration::from_secs(5))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        stream.set_write_timeout(Some(Duration::from_secs(60)))?;
        Ok(Browser {
            wire: BufReader::new(Metered::new(stream)),
            host: server.to_string(),
        })
    }

    /// Sends one request and reads the answer. `fields` stand between `Host` and `Content-Length`.
    ///
    /// # Errors
    /// Those of the socket; `InvalidData` when the answer is not HTTP.
    pub fn request(
        &mut self,
        method: &str,
        target: &str,
        fields: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> io::Result<Answer> {
        let mut request = format!("{method} {target} HTTP/1.1\r\n");
        if !fields
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("host"))
        {
            request.extend(["Host: ", &self.host, "\r\n"]);
        }
        for (name, value) in fields {
            request.extend([name, ": ", value, "\r\n"]);
        }
        if let Some(body) = body {
            request.extend(["Content-Length: ", &body.len().to_string(), "\r\n"]);
        }
        let mut octets = (request + "\r\n").into_bytes();
        octets.extend(body.unwrap_or_default());
        // A server that refuses a body may close before all of it is sent. Its answer counts more
        // than the error of sending.
        let sent = self.wire.get_mut().write_all(&octets);
        self.answer(method == "HEAD")
            .map_err(|error| sent.err().unwrap_or(error))
    }

    /// What a browser does when the user opens the page.
    ///
    /// # Errors
    /// As [`Browser::request`]; and when the server refuses.
    pub fn look(&mut self) -> io::Result<String> {
        let answer = self.request("GET", "/", &[("Accept", "text/html")], None)?;
        let answer = expect(answer, 200)?;
        String::from_utf8(answer.body).map_err(|_| nonsense("the page is not UTF-8"))
    }

    /// What a browser does when the user follows the link to a file.
    ///
    /// # Errors
    /// As [`Browser::look`].
    pub fn download(&mut self, name: &str) -> io::Result<Vec<u8>> {
        let target = format!("/files/{}", crate::percent::encode(name));
        let answer = self.request("GET", &target, &[("Accept", "text/html")], None)?;
        Ok(expect(answer, 200)?.body)
    }

    /// What a browser does when the user sends a form with a file: it posts the form, is sent to
    /// the page, and fetches that. Returns the page.
    ///
    /// # Errors
    /// As [`Browser::look`].
    pub fn submit_file(&mut self, action: &str, name: &str, content: &[u8]) -> io::Result<String> {
        let (media_type, form) = Browser::form(name, content);
        self.submit(action, &media_type, &form)
    }

    /// The form that a browser makes of one chosen file: its `Content-Type` and its octets.
    pub fn form(name: &str, content: &[u8]) -> (String, Vec<u8>) {
        let quoted = name.replace('"', "%22");
        let mut form = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{quoted}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        form.extend(content);
        form.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
        (format!("multipart/form-data; boundary={BOUNDARY}"), form)
    }

    /// What a browser does when the user presses a button: the same, with an empty form.
    ///
    /// # Errors
    /// As [`Browser::look`].
    pub fn submit_button(&mut self, action: &str) -> io::Result<String> {
        self.submit(action, "application/x-www-form-urlencoded", b"")
    }

    fn submit(&mut self, action: &str, media_type: &str, form: &[u8]) -> io::Result<String> {
        let origin = format!("http://{}", self.host);
        let fields = [
            ("Accept", "text/html"),
            ("Origin", &origin),
            ("Content-Type", media_type),
        ];
        expect(self.request("POST", action, &fields, Some(form))?, 303)?;
        self.look()
    }

    /// Ends the conversation in order: says "no more from me" (a half-close), and waits until the
    /// server has closed as well.
    ///
    /// # Errors
    /// Those of the socket. What was asked before is done all the same.
    pub fn close(mut self) -> io::Result<()> {
        let stream = self.wire.get_ref().get_ref();
        stream.shutdown(Shutdown::Write)?;
        io::copy(&mut self.wire, &mut io::sink())?;
        Ok(())
    }

    /// The octets that crossed the connection since the last call.
    pub fn traffic(&mut self) -> Traffic {
        self.wire.get_mut().take()
    }

    fn answer(&mut self, no_body: bool) -> io::Result<Answer> {
        let (status, head) = loop {
            let (status, head) = self.answer_head()?;
            // "Go on": the answer itself comes later (RFC 9110 §15.2).
            if !(100..200).contains(&status) {
                break (status, head);
            }
        };
        let mut answer = Answer {
            status,
            head,
            body: Vec::new(),
        };
        if no_body || matches!(status, 204 | 304) {
            return Ok(answer);
        }
        if answer.field("transfer-encoding").is_some() {
            return Err(nonsense(
                "the answer comes in chunks: use curl for such a server",
            ));
        }
        // Without a length the body ends with the connection (RFC 9112 §6.3).
        let announced = answer.field("content-length").map(|length| {
            parse_length(length).ok_or_else(|| nonsense("the length is not a number"))
        });
        let announced = announced.transpose()?;
        let too_long = "the answer is longer than 64 MiB: use curl for such a file";
        if announced > Some(LONGEST_ANSWER) {
            return Err(nonsense(too_long));
        }
        let most = announced.unwrap_or(LONGEST_ANSWER + 1);
        (&mut self.wire).take(most).read_to_end(&mut answer.body)?;
        let came = answer.body.len() as u64;
        if came > LONGEST_ANSWER {
            return Err(nonsense(too_long));
        }
        if announced.is_some_and(|length| came < length) {
            return Err(nonsense("the answer ends before its announced length"));
        }
        Ok(answer)
    }

    /// Reads one head. Returns its status and its text.
    fn answer_head(&mut self) -> io::Result<(u16, String)> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut bounded = (&mut self.wire).take(LONGEST_HEAD - head.len() as u64);
            if bounded.read_until(b'\n', &mut head)? == 0 {
                return Err(match head.len() {
                    0 => io::ErrorKind::UnexpectedEof.into(),
                    _ => nonsense("the answer is not HTTP"),
                });
            }
            // A line that is not HTTP shows at once: do not wait for an empty line behind it.
            if !head.starts_with(b"HTTP/1.") {
                return Err(nonsense(
                    "the answer is not HTTP: this port belongs to another protocol",
                ));
            }
        }
        let head = String::from_utf8(head).map_err(|_| nonsense("the head is not UTF-8"))?;
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| nonsense("the status line has no status"))?;
        Ok((status, head))
    }
}

fn expect(answer: Answer, status: u16) -> io::Result<Answer> {
    if answer.status == status {
        return Ok(answer);
    }
    let line = answer.head.lines().next().unwrap_or_default();
    Err(io::Error::other(format!(
        "the server answered {}",
        visible(line)
    )))
}

fn nonsense(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}
