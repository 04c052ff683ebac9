//! Many addresses, one a line: any number of lines in a fixed amount of memory.
//!
//! The input is read in large pieces, each piece is converted line by line into an output buffer,
//! and the buffer is written once a piece. No memory is allocated for a line.

use std::io::{self, Read, Write};

use crate::refusal::{Reason, Refusal};
use crate::{bits, ipv4};

/// The longest line that is read, in octets. A longer one is refused, so that a file without line
/// ends cannot fill the memory.
pub const LONGEST_LINE: usize = 64 * 1024;

/// The size of the input buffer, and the size from which output is written, in octets.
const PIECE: usize = 128 * 1024;

/// What the caller wants to know on the way.
pub trait Watch {
    /// A line is no address. `line` counts from 1. All output of the lines before it is written.
    ///
    /// # Errors
    /// Whatever kept the caller from reporting it.
    fn refused(&mut self, line: u64, text: &[u8], refusal: Refusal) -> io::Result<()>;

    /// `octets` of the input have been read and converted.
    ///
    /// # Errors
    /// Whatever kept the caller from showing it.
    fn progress(&mut self, octets: u64) -> io::Result<()>;
}

/// How many lines there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// All lines.
    pub lines: u64,
    /// Those that are no address.
    pub refused: u64,
}

// ANCHOR: run
/// Converts every line of `input` with `convert`, which appends to the output
/// buffer. A line that is refused is reported and left out; the rest goes on.
///
/// # Errors
/// Reading, writing or reporting failed; or the input is UTF-16 text
/// (`InvalidData`).
pub fn run(
    mut input: impl Read,
    output: impl Write,
    convert: impl FnMut(&[u8], &mut Vec<u8>) -> Result<(), Refusal>,
    watch: &mut impl Watch,
) -> io::Result<Count> {
    let mut job = Job::new(output, convert, watch);
    let mut piece = vec![0; PIECE];
    let mut filled = 0; // octets of `piece` that hold input
    loop {
        let read = read_some(&mut input, &mut piece[filled..])?;
        // What stood here before has no line end: search the new octets alone.
        let new = &piece[filled..filled + read];
        let last_end = new.iter().rposition(|&octet| octet == b'\n');
        let whole_lines = match last_end {
            _ if read == 0 => filled, // the last line of the input may have no line end
            Some(last_end) => filled + last_end + 1,
            None => 0,
        };
        filled += read;
        job.lines(&piece[..whole_lines])?;
        job.done(read)?;
        if read == 0 {
            return Ok(job.count);
        }
        // The beginning of a line stays, and its rest is read behind it.
        piece.copy_within(whole_lines..filled, 0);
        filled -= whole_lines;
        if filled > LONGEST_LINE {
            job.too_long(&piece[..filled])?;
            filled = 0;
        }
    }
}
// ANCHOR_END: run

fn read_some(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// What lasts from piece to piece.
struct Job<'a, W, C, V> {
    output: W,
    convert: C,
    watch: &'a mut V,
    out: Vec<u8>,
    count: Count,
    octets: u64,
    /// The next line is the rest of one that has been refused for its length.
    skipping: bool,
}

impl<'a, W: Write, C, V: Watch> Job<'a, W, C, V>
where
    C: FnMut(&[u8], &mut Vec<u8>) -> Result<(), Refusal>,
{
    fn new(output: W, convert: C, watch: &'a mut V) -> Self {
        Self {
            output,
            convert,
            watch,
            out: Vec::with_capacity(2 * PIECE),
            count: Count::default(),
            octets: 0,
            skipping: false,
        }
    }

    // ANCHOR: lines
    /// Converts whole lines.
    fn lines(&mut self, text: &[u8]) -> io::Result<()> {
        for line in text.split_inclusive(|&octet| octet == b'\n') {
            if std::mem::take(&mut self.skipping) {
                continue;
            }
            let mut line = without_end(line);
            if self.count.lines == 0 {
                line = without_mark(line)?;
            }
            if line.len() > LONGEST_LINE {
                self.too_long(line)?;
                self.skipping = false; // its end has been seen
                continue;
            }
            self.count.lines += 1;
            if let Err(refusal) = (self.convert)(line, &mut self.out) {
                self.refuse(line, refusal)?;
            }
            if self.out.len() >= PIECE {
                self.write_out()?;
            }
        }
        Ok(())
    }
    // ANCHOR_END: lines

    /// A piece of `read` octets is done. Whoever waits at the other end of a pipe gets an answer to
    /// every line that came.
    fn done(&mut self, read: usize) -> io::Result<()> {
        self.write_out()?;
        self.octets += read as u64;
        self.watch.progress(self.octets)
    }

    fn too_long(&mut self, line: &[u8]) -> io::Result<()> {
        if !self.skipping {
            let limit = LONGEST_LINE;
            self.count.lines += 1;
            self.refuse(line, Refusal::new(limit, 1, Reason::LineTooLong { limit }))?;
        }
        self.skipping = true;
        Ok(())
    }

    /// Reports a refused line, after the output of the lines before it.
    fn refuse(&mut self, line: &[u8], refusal: Refusal) -> io::Result<()> {
        self.count.refused += 1;
        self.write_out()?;
        self.watch.refused(self.count.lines, line, refusal)
    }

    fn write_out(&mut self) -> io::Result<()> {
        if !self.out.is_empty() {
            self.output.write_all(&self.out)?;
            self.output.flush()?;
            self.out.clear();
        }
        Ok(())
    }
}

/// A file may begin with U+FEFF, the byte order mark, which is no part of its text (RFC 3629 §6). In
/// UTF-16 its two octets show the byte order, and no address can be found behind it.
fn without_mark(line: &[u8]) -> io::Result<&[u8]> {
    if line.starts_with(b"\xFF\xFE") || line.starts_with(b"\xFE\xFF") {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "UTF-16"));
    }
    Ok(line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line))
}

/// Files from Windows end their lines with two octets, CR LF. Neither is part of the address.
fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

// ANCHOR: fast
/// The shortest way from dotted decimal to bits: one pass over the text, four
/// look-ups, one copy. `false` when the line is something else than dotted decimal;
/// nothing is appended then.
pub fn dotted_to_binary(line: &[u8], out: &mut Vec<u8>) -> bool {
    let Ok(address) = ipv4::parse(line) else {
        return false;
    };
    let [a, b, c, d] = address
        .octets()
        .map(|octet| &bits::OCTETS[usize::from(octet)]);
    let mut text = *b"........ ........ ........ ........ ";
    text[..8].copy_from_slice(a);
    text[9..17].copy_from_slice(b);
    text[18..26].copy_from_slice(c);
    text[27..35].copy_from_slice(d);
    (text[8], text[17], text[26], text[35]) = (b'.', b'.', b'.', b'\n');
    out.extend_from_slice(&text);
    true
}
// ANCHOR_END: fast

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation;

    #[derive(Default)]
    struct Seen {
        refused: Vec<(u64, Vec<u8>)>,
        octets: u64,
    }

    impl Watch for Seen {
        fn refused(&mut self, line: u64, text: &[u8], _: Refusal) -> io::Result<()> {
            self.refused
                .push((line, text[..text.len().min(20)].to_vec()));
            Ok(())
        }
        fn progress(&mut self, octets: u64) -> io::Result<()> {
            self.octets = octets;
            Ok(())
        }
    }

    /// Gives at most `most` octets a read, as a pipe or a terminal may.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = self.1.min(buffer.len());
            self.0.read(&mut buffer[..most])
        }
    }

    fn convert(line: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
        if dotted_to_binary(line, out) {
            return Ok(());
        }
        let given = notation::read(line, false)?;
        writeln!(out, "{}", given.address).unwrap();
        Ok(())
    }

    fn run_on(input: &[u8], most: usize) -> (String, Count, Seen) {
        let mut output = Vec::new();
        let mut seen = Seen::default();
        let count = run(Slow(input, most), &mut output, convert, &mut seen).unwrap();
        assert_eq!(seen.octets, input.len() as u64);
        (String::from_utf8(output).unwrap(), count, seen)
    }

    #[test]
    fn a_bad_line_is_reported_and_the_rest_goes_on() {
        let input = b"100.4.5.6\n256.1.1.1\r\n\n0x7f000001\r\n\xff\xfe\n1.2.3.4";
        for most in [1, 3, 7, 1000] {
            let (output, count, seen) = run_on(input, most);
            assert_eq!(
                output,
                "01100100.00000100.00000101.00000110\n127.0.0.1\n\
                 00000001.00000010.00000011.00000100\n"
            );
            assert_eq!(
                count,
                Count {
                    lines: 6,
                    refused: 3
                }
            );
            let lines: Vec<u64> = seen.refused.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [2, 3, 5]);
            assert_eq!(seen.refused[0].1, b"256.1.1.1");
        }
    }

    #[test]
    fn a_line_without_end_is_refused_once() {
        let mut input = vec![b'1'; 1_000_000];
        input.extend_from_slice(b"\n1.2.3.4\n");
        for most in [1000, 70_000, 1_000_000] {
            let (output, count, seen) = run_on(&input, most);
            assert_eq!(output, "00000001.00000010.00000011.00000100\n");
            assert_eq!(
                count,
                Count {
                    lines: 2,
                    refused: 1
                }
            );
            assert_eq!(seen.refused[0].0, 1);
        }
        let (output, count, _) = run_on(&input[..1_000_000], 1000);
        assert_eq!((output.as_str(), count.refused), ("", 1));
    }

    #[test]
    fn a_line_is_too_long_however_it_arrives() {
        let mut input = vec![b'1'; LONGEST_LINE + 1];
        input.extend_from_slice(b"\n1.2.3.4\n");
        for most in [1, 1000, LONGEST_LINE, 1_000_000] {
            let (output, count, _) = run_on(&input, most);
            assert_eq!(output, "00000001.00000010.00000011.00000100\n");
            assert_eq!(
                count,
                Count {
                    lines: 2,
                    refused: 1
                }
            );
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_line() {
        for most in [1, 2, 1000] {
            let (output, count, seen) = run_on(b"\xEF\xBB\xBF1.2.3.4\n\xEF\xBB\xBF1.2.3.4\n", most);
            assert_eq!(output, "00000001.00000010.00000011.00000100\n");
            assert_eq!((count.refused, seen.refused[0].0), (1, 2));
        }
    }

    #[test]
    fn utf_16_is_named() {
        for input in [b"\xFF\xFE1\0.\0\n\0", b"\xFE\xFF\x001\0.\0\n"] {
            let error = run(&input[..], io::sink(), convert, &mut Seen::default()).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        }
    }

    #[test]
    fn nothing_comes_of_nothing() {
        assert_eq!(run_on(b"", 10).1, Count::default());
    }

    #[test]
    fn the_fast_way_writes_what_the_formatter_writes() {
        for bits in (0..=u32::MAX).step_by(9_999_991) {
            let mut out = Vec::new();
            let address = std::net::Ipv4Addr::from(bits);
            assert!(dotted_to_binary(address.to_string().as_bytes(), &mut out));
            assert_eq!(out, format!("{}\n", bits::dotted(address)).as_bytes());
        }
    }
}
