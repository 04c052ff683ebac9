//! The body of a request: a reader that ends where the body ends.

use super::head::Framing;
use crate::line::LONGEST_LINE;
use std::io::{self, BufRead as _, BufReader, Read, Write};

/// So much of an unwanted body is read and thrown away, in octets, to keep the connection.
const WORTH_DISCARDING: u64 = 64 * 1024;

/// The body that belongs to one head.
#[derive(Debug)]
pub struct Body<'wire, S> {
    wire: &'wire mut BufReader<S>,
    place: Place,
    client_waits: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// So many octets until the end of the body.
    Left(u64),
    /// Before the line that tells the length of a chunk; `first` when no chunk has come yet.
    ChunkLine { first: bool },
    /// So many octets until the end of this chunk.
    InChunk(u64),
    /// After the last chunk.
    Done,
}

impl<'wire, S: Read + Write> Body<'wire, S> {
    /// The body that `framing` describes. With `client_waits`, the first read sends `100 Continue`.
    pub fn new(wire: &'wire mut BufReader<S>, framing: Framing, client_waits: bool) -> Self {
        let place = match framing {
            Framing::None => Place::Left(0),
            Framing::Length(octets) => Place::Left(octets),
            Framing::Chunked => Place::ChunkLine { first: true },
        };
        Body {
            wire,
            place,
            client_waits,
        }
    }

    /// The length, when it was announced.
    pub fn announced(&self) -> Option<u64> {
        if let Place::Left(octets) = self.place {
            Some(octets)
        } else {
            None
        }
    }

    /// Whether the body has been read to its end.
    pub fn is_complete(&self) -> bool {
        matches!(self.place, Place::Left(0) | Place::Done)
    }

    /// Throws away what nobody has read. `false`: the connection cannot be used for another
    /// request.
    pub fn discard_rest(&mut self) -> bool {
        if self.is_complete() {
            return true;
        }
        // A client that waits for `100 Continue` may or may not send the body now; there is no way
        // to tell what its next octet means (RFC 9110 §10.1.1).
        if self.client_waits {
            return false;
        }
        let discarded = io::copy(&mut self.take(WORTH_DISCARDING), &mut io::sink());
        discarded.is_ok() && self.is_complete()
    }

    /// Reads a line that ends with CRLF. Where some programs take LF alone for its end and others
    /// read on, two of them see different chunks: one more way to smuggle a request.
    fn line(&mut self) -> io::Result<String> {
        let mut octets = Vec::new();
        let mut bounded = self.wire.by_ref().take(LONGEST_LINE as u64);
        bounded.read_until(b'\n', &mut octets)?;
        let line = octets.strip_suffix(b"\r\n").map(<[u8]>::to_vec);
        let line = line.and_then(|line| String::from_utf8(line).ok());
        line.ok_or_else(|| {
            malformed("a line between chunks is too long, or does not end with CRLF")
        })
    }

    /// Reads `1a2b` and the end of its line: the length of the next chunk, hexadecimal
    /// (RFC 9112 §7.1). The data of the chunk before end with CRLF, which comes first.
    fn chunk_length(&mut self, first: bool) -> io::Result<u64> {
        if !first {
            let mut end = [0; 2];
            self.wire.read_exact(&mut end)?;
            if end != *b"\r\n" {
                return Err(malformed("a chunk is longer than it said"));
            }
        }
        let line = self.line()?;
        // An extension may follow; this server knows none, and ignores them as it must.
        let digits = line.split(';').next().unwrap_or_default().trim_end();
        let hex = !digits.is_empty() && digits.bytes().all(|octet| octet.is_ascii_hexdigit());
        let length = u64::from_str_radix(digits, 16).ok().filter(|_| hex);
        length.ok_or_else(|| malformed("the length of a chunk is not a hexadecimal number"))
    }

    /// Reads the trailer section after the last chunk: lines until an empty one. Nothing in it
    /// matters here, but the next request begins behind it.
    fn skip_trailers(&mut self) -> io::Result<()> {
        for _ in 0..super::head::MOST_FIELDS {
            if self.line()?.is_empty() {
                return Ok(());
            }
        }
        Err(malformed("the trailer does not end"))
    }
}

impl<S: Read + Write> Read for Body<'_, S> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.is_complete() || into.is_empty() {
            return Ok(0);
        }
        if std::mem::take(&mut self.client_waits) {
            self.wire
                .get_mut()
                .write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        if let Place::ChunkLine { first } = self.place {
            self.place = match self.chunk_length(first)? {
                0 => {
                    self.skip_trailers()?;
                    Place::Done
                }
                length => Place::InChunk(length),
            };
        }
        let left = match self.place {
            Place::Left(left) | Place::InChunk(left) => left,
            Place::ChunkLine { .. } | Place::Done => return Ok(0),
        };
        let count = self.wire.by_ref().take(left).read(into)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let left = left - count as u64;
        self.place = match self.place {
            Place::Left(_) => Place::Left(left),
            _ if left == 0 => Place::ChunkLine { first: false },
            _ => Place::InChunk(left),
        };
        Ok(count)
    }
}

/// The error of a body that breaks the rules: the client gets 400.
pub(crate) fn malformed(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    /// A wire that gives what the client sent and keeps what the server sends.
    struct Wire(Cursor<Vec<u8>>, Vec<u8>);

    impl Read for Wire {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.0.read(into)
        }
    }

    impl Write for Wire {
        fn write(&mut self, from: &[u8]) -> io::Result<usize> {
            self.1.write(from)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn wire(octets: &[u8]) -> BufReader<Wire> {
        BufReader::with_capacity(7, Wire(Cursor::new(octets.to_vec()), Vec::new()))
    }

    /// The content of a chunked body and what stands behind it.
    fn chunked(octets: &[u8]) -> io::Result<(Vec<u8>, Vec<u8>)> {
        let mut wire = wire(octets);
        let (mut content, mut behind) = (Vec::new(), Vec::new());
        Body::new(&mut wire, Framing::Chunked, false).read_to_end(&mut content)?;
        wire.read_to_end(&mut behind)?;
        Ok((content, behind))
    }

    #[test]
    fn chunks_join_and_end_where_they_end() {
        let (content, behind) =
            chunked(b"4\r\nWiki\r\n00a;x=y\r\npedia in\r\n\r\n0\r\nA: b\r\n\r\nGET /").unwrap();
        assert_eq!(content, b"Wikipedia in\r\n");
        assert_eq!(behind, b"GET /");
    }

    #[test]
    fn broken_chunks_are_refused() {
        let long = [vec![b'1'; 600], b"\r\n".to_vec()].concat();
        for (octets, kind) in [
            (
                &b"4\r\nWikipedia\r\n0\r\n\r\n"[..],
                io::ErrorKind::InvalidData,
            ),
            (b"-4\r\nWiki\r\n", io::ErrorKind::InvalidData),
            (b"+4\r\nWiki\r\n", io::ErrorKind::InvalidData),
            (b"0x4\r\nWiki\r\n", io::ErrorKind::InvalidData),
            (b"\r\n", io::ErrorKind::InvalidData),
            (b"4\nWiki\r\n0\r\n\r\n", io::ErrorKind::InvalidData),
            (b"4;x\nWiki\r\n0\r\n\r\n", io::ErrorKind::InvalidData),
            (b"4\r\nWiki\r\n0\r\n\n", io::ErrorKind::InvalidData),
            (b"11111111111111111\r\n", io::ErrorKind::InvalidData),
            (&long, io::ErrorKind::InvalidData),
            (b"0\r\nno end", io::ErrorKind::InvalidData),
            (b"4\r\nWi", io::ErrorKind::UnexpectedEof),
            (b"4\r\nWiki\r", io::ErrorKind::UnexpectedEof),
        ] {
            assert_eq!(chunked(octets).unwrap_err().kind(), kind, "{octets:?}");
        }
    }

    #[test]
    fn a_length_is_kept_and_100_continue_comes_once() {
        let mut wire = wire(b"12345GET /");
        let mut body = Body::new(&mut wire, Framing::Length(5), true);
        assert_eq!(body.announced(), Some(5));
        let mut content = Vec::new();
        body.read_to_end(&mut content).unwrap();
        assert_eq!(content, b"12345");
        assert!(body.is_complete());
        assert_eq!(wire.get_ref().1, b"HTTP/1.1 100 Continue\r\n\r\n");
        let mut short = self::wire(b"123");
        let mut body = Body::new(&mut short, Framing::Length(5), false);
        let error = body.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }

    #[test]
    fn a_small_rest_is_discarded_and_a_big_one_is_not() {
        let rest = |length: usize, waits| {
            let mut wire = wire(&vec![0; length]);
            Body::new(&mut wire, Framing::Length(length as u64), waits).discard_rest()
        };
        assert!(rest(0, true));
        assert!(rest(64 * 1024, false));
        assert!(!rest(64 * 1024 + 1, false));
        assert!(!rest(10, true));
    }

    proptest! {
        #[test]
        fn whatever_is_cut_into_chunks_comes_back(
            pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..40), 0..6),
            behind in proptest::collection::vec(any::<u8>(), 0..9),
        ) {
            let mut octets = Vec::new();
            for piece in &pieces {
                octets.extend(format!("{:X}\r\n", piece.len()).bytes());
                octets.extend(piece);
                octets.extend(b"\r\n");
            }
            octets.extend(b"0\r\n\r\n");
            octets.extend(&behind);
            prop_assert_eq!(chunked(&octets).unwrap(), (pieces.concat(), behind));
        }

        #[test]
        fn any_octets_end_without_a_panic(octets in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = chunked(&octets);
        }
    }
}
