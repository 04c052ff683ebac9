//! `multipart/form-data`: the form that a browser sends when a file is in it (RFC 7578).
//!
//! ```text
//! --boundary                                               a delimiter opens each part
//! Content-Disposition: form-data; name="file"; filename="notes.txt"
//!                                                          an empty line ends the part's head
//! …the octets of the file, as they are…
//! --boundary--                                             two more hyphens: the last delimiter
//! ```
//!
//! No length stands anywhere: the end of a file is found by looking for CRLF, two hyphens and the
//! boundary. The file passes through a buffer of fixed size, so its length costs no memory.

use super::body::malformed;
use crate::disk::CHUNK;
use memchr::memmem;
use std::io::{self, Read};

/// The longest head of a part in octets. A file name of 255 octets takes at most 765 of them.
const LONGEST_PART_HEAD: usize = 4096;

/// A form, read part by part from `source`.
#[derive(Debug)]
pub struct Multipart<R> {
    source: R,
    delimiter: Vec<u8>,
    buffer: Vec<u8>,
    /// Where the octets begin in `buffer` that nobody has taken yet.
    start: usize,
}

/// The head of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The name of the form's field.
    pub field: String,
    /// The name of the file; `None` when the field is no file.
    pub file: Option<String>,
}

/// Finds the boundary in a `Content-Type`. `None`: it is not such a form.
pub fn boundary(content_type: &str) -> Option<&str> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let named = parameters
        .split(';')
        .filter_map(|parameter| parameter.split_once('='));
    let mut values = named.filter(|(name, _)| name.trim().eq_ignore_ascii_case("boundary"));
    let value = values.next()?.1.trim();
    let value = value
        .strip_prefix('"')
        .and_then(|v| v.strip_suffix('"'))
        .unwrap_or(value);
    // RFC 2046 §5.1.1: 1 to 70 characters.
    (1..=70).contains(&value.len()).then_some(value)
}

impl<R: Read> Multipart<R> {
    /// Reads the form in `source`, whose parts are divided by `boundary`.
    pub fn new(source: R, boundary: &str) -> Self {
        // Every delimiter follows a CRLF except the first. With a CRLF put before the form, the
        // first is no exception.
        let delimiter = format!("\r\n--{boundary}").into_bytes();
        Multipart {
            source,
            delimiter,
            buffer: b"\r\n".to_vec(),
            start: 0,
        }
    }

    /// Goes to the next part, past what is left of this one. `None`: the form is complete.
    ///
    /// # Errors
    /// Those of the source; `InvalidData` when it is not such a form, or ends before its last
    /// delimiter.
    pub fn next_part(&mut self) -> io::Result<Option<Part>> {
        io::copy(self, &mut io::sink())?;
        self.start += self.delimiter.len();
        self.buffer_at_least(2)?;
        if self.waiting().starts_with(b"--") {
            return Ok(None);
        }
        while matches!(self.waiting().first(), Some(b' ' | b'\t')) {
            self.start += 1;
            self.buffer_at_least(2)?;
        }
        if !self.waiting().starts_with(b"\r\n") {
            return Err(malformed("something stands behind the boundary of a form"));
        }
        let length = loop {
            let here = &self.waiting()[..self.waiting().len().min(LONGEST_PART_HEAD)];
            if let Some(at) = memmem::find(here, b"\r\n\r\n") {
                break at + 4;
            }
            if here.len() == LONGEST_PART_HEAD {
                return Err(malformed("the head of a part of the form is too long"));
            }
            self.buffer_at_least(self.waiting().len() + 1)?;
        };
        let part = part_head(&self.waiting()[2..length])?;
        self.start += length;
        Ok(Some(part))
    }

    fn waiting(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Reads until `count` octets wait in the buffer.
    fn buffer_at_least(&mut self, count: usize) -> io::Result<()> {
        while self.waiting().len() < count {
            self.buffer.drain(..self.start);
            self.start = 0;
            let had = self.buffer.len();
            self.buffer.resize(had + CHUNK, 0);
            let got = self.source.read(&mut self.buffer[had..]);
            self.buffer
                .truncate(had + got.as_ref().map_or(0, |count| *count));
            if got? == 0 {
                return Err(malformed("the form ends before its last boundary"));
            }
        }
        Ok(())
    }
}

// ANCHOR: multipart_read
/// Reads the content of the present part, up to the delimiter behind it.
impl<R: Read> Read for Multipart<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let safe = match memmem::find(self.waiting(), &self.delimiter) {
                Some(at) => at,
                // The last octets may be the beginning of a delimiter whose end has not come yet.
                None => (self.waiting().len() + 1).saturating_sub(self.delimiter.len()),
            };
            let here = self.waiting().starts_with(&self.delimiter);
            if safe > 0 || here || into.is_empty() {
                let count = safe.min(into.len());
                into[..count].copy_from_slice(&self.waiting()[..count]);
                self.start += count;
                return Ok(count);
            }
            self.buffer_at_least(self.waiting().len() + 1)?;
        }
    }
}
// ANCHOR_END: multipart_read

fn part_head(octets: &[u8]) -> io::Result<Part> {
    let mut fields = [httparse::EMPTY_HEADER; 8];
    let Ok(httparse::Status::Complete((_, fields))) = httparse::parse_headers(octets, &mut fields)
    else {
        return Err(malformed("the head of a part of the form makes no sense"));
    };
    let disposition = fields
        .iter()
        .find(|f| f.name.eq_ignore_ascii_case("content-disposition"));
    let value = disposition.and_then(|field| std::str::from_utf8(field.value).ok());
    let (kind, parameters) = value
        .and_then(|value| value.split_once(';'))
        .unwrap_or_default();
    if !kind.trim().eq_ignore_ascii_case("form-data") {
        return Err(malformed("a part of the form does not say what it is"));
    }
    // RFC 7578 §4.2 forbids this way to write a name. Some programs use it all the same; without
    // this line their file would be taken for a field without a file.
    let file = parameter(parameters, "filename");
    if file.is_none() && parameter(parameters, "filename*").is_some() {
        return Err(malformed("a form writes filename=\"…\", not filename*=…"));
    }
    let field =
        parameter(parameters, "name").ok_or_else(|| malformed("a part of the form has no name"))?;
    Ok(Part { field, file })
}

/// Finds `name="value"` or `name=value` in a list divided by semicolons. Programs differ in how they
/// write a quotation mark inside the value: browsers and new versions of curl write `%22`, older
/// ones `\"`. Both are understood; every other `%` and `\` stands for itself (WHATWG HTML,
/// "multipart/form-data encoding algorithm").
fn parameter(text: &str, wanted: &str) -> Option<String> {
    let mut rest = text;
    loop {
        let (name, after) = rest.trim_start_matches([';', ' ', '\t']).split_once('=')?;
        let mut value = String::new();
        if let Some(quoted) = after.strip_prefix('"') {
            let mut characters = quoted.chars();
            loop {
                match characters.next()? {
                    '"' => break,
                    '\\' if characters.as_str().starts_with(['"', '\\']) => {
                        value.extend(characters.next());
                    }
                    other => value.push(other),
                }
            }
            rest = characters.as_str();
        } else {
            let end = after.find(';').unwrap_or(after.len());
            value.push_str(after[..end].trim_end());
            rest = &after[end..];
        }
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value.replace("%22", "\""));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A source that gives a few octets at a time, as a network does.
    struct Trickle<'a>(&'a [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(into.len()).min(self.0.len());
            into[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    type Parts = Vec<(String, Option<String>, Vec<u8>)>;

    fn parts(form: &[u8], boundary: &str, step: usize) -> io::Result<Parts> {
        let mut reader = Multipart::new(Trickle(form, step), boundary);
        let mut found = Vec::new();
        while let Some(part) = reader.next_part()? {
            let mut content = Vec::new();
            reader.read_to_end(&mut content)?;
            found.push((part.field, part.file, content));
        }
        Ok(found)
    }

    #[test]
    fn reads_what_curl_sent() {
        // Recorded from: curl -F 'file=@a.txt' -F note=hi
        let form = b"--------------------------d74496d66958873e\r\n\
            Content-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\
            Content-Type: text/plain\r\n\r\nhello\n\r\n\
            --------------------------d74496d66958873e\r\n\
            Content-Disposition: form-data; name=\"note\"\r\n\r\nhi\r\n\
            --------------------------d74496d66958873e--\r\n";
        for step in [1, 2, 7, 1000] {
            let found = parts(form, "------------------------d74496d66958873e", step).unwrap();
            let file = ("file".into(), Some("a.txt".into()), b"hello\n".to_vec());
            assert_eq!(found, [file, ("note".into(), None, b"hi".to_vec())]);
        }
    }

    #[test]
    fn file_names_of_every_writer() {
        for (text, file) in [
            ("filename=\"a.txt\"", "a.txt"),
            ("filename=\"a%22b.txt\"", "a\"b.txt"),
            ("filename=\"a\\\"b.txt\"", "a\"b.txt"),
            ("filename=\"100%.txt\"", "100%.txt"),
            ("filename=\"a;b=c.txt\"", "a;b=c.txt"),
            ("filename=\"报告.txt\"", "报告.txt"),
            ("FileName=\"\"", ""),
        ] {
            let text = format!("; name=\"file\"; {text}");
            assert_eq!(parameter(&text, "filename").as_deref(), Some(file));
            assert_eq!(parameter(&text, "name").as_deref(), Some("file"));
        }
        assert_eq!(parameter("; name=\"file", "name"), None);
        assert_eq!(
            parameter("; name=file; x=y", "name").as_deref(),
            Some("file")
        );
    }

    #[test]
    fn boundaries() {
        assert_eq!(boundary("multipart/form-data; boundary=abc"), Some("abc"));
        assert_eq!(
            boundary("Multipart/Form-Data; charset=x; BOUNDARY=\"a b\""),
            Some("a b")
        );
        assert_eq!(boundary("multipart/form-data"), None);
        assert_eq!(boundary("multipart/form-data; boundary="), None);
        assert_eq!(boundary("text/plain; boundary=abc"), None);
        assert_eq!(
            boundary(&format!("multipart/form-data; boundary={}", "x".repeat(71))),
            None
        );
    }

    #[test]
    fn forms_that_are_cut_or_broken() {
        let head = "--b\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n";
        let long = format!("--b\r\nX: {}", "x".repeat(2 * LONGEST_PART_HEAD));
        // Too long, and complete: the bound is on the head, not on the waiting for its end.
        let longer = format!(
            "--b\r\nX: {}\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\nx\r\n--b--",
            "x".repeat(LONGEST_PART_HEAD)
        );
        for form in [
            String::new(),
            "no delimiter".into(),
            "--b".into(),
            format!("{head}content without an end"),
            format!("{head}content\r\n--b"),
            "--bX\r\n\r\n".into(),
            "--b\r\n\r\nx\r\n--b--".into(),
            "--b\r\nContent-Disposition: form-data; filename=\"f\"\r\n\r\nx\r\n--b--".into(),
            "--b\r\nContent-Disposition: form-data; name=\"f\"; filename*=UTF-8''f\r\n\r\nx\r\n--b--"
                .into(),
            long,
            longer,
        ] {
            let error = parts(form.as_bytes(), "b", 1000).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{form:.50}");
        }
    }

    proptest! {
        // The content is made of pieces of the delimiter, so that near misses are frequent.
        #[test]
        fn what_was_put_into_a_form_comes_out(
            contents in proptest::collection::vec("[-\r\nbx]{0,60}", 0..4),
            step in 1_usize..20,
        ) {
            let mut form = Vec::new();
            let mut expected = Vec::new();
            for content in contents.into_iter().filter(|c| !format!("\r\n{c}").contains("\r\n--bb")) {
                form.extend(b"--bb\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n");
                form.extend(content.bytes());
                form.extend(b"\r\n");
                expected.push(("f".to_owned(), None, content.into_bytes()));
            }
            form.extend(b"--bb--\r\n");
            prop_assert_eq!(parts(&form, "bb", step).unwrap(), expected);
        }

        #[test]
        fn any_octets_end_without_a_panic(octets in "[-\r\nb:;=\"nameformdt]{0,200}") {
            let _ = parts(octets.as_bytes(), "b", 3);
        }
    }
}
