//! The line protocol of the installed client: C/S.
//!
//! A line is UTF-8 text that ends with LF (octet 10; a CR before it is ignored), 512 octets at most.
//! A length is written in decimal digits and counts octets. After a length come exactly that many
//! octets, with nothing between and nothing after them.
//!
//! | the client sends | the server answers | and then |
//! |---|---|---|
//! | `LIST` | `OK <count>` | `<count>` lines `<length> <name>` |
//! | `GET <name>` | `OK <length>` | `<length>` octets |
//! | `PUT <length> <name>` | `GO` | the client sends `<length>` octets and the line `END`; the server: `OK created` or `OK replaced` |
//! | `REMOVE <name>` | `OK removed` | |
//! | anything else | `ERROR protocol <sentence>` | the server closes the connection |
//!
//! Instead of `OK` or `GO` the server may answer `ERROR <kind> <sentence>`:
//!
//! | kind | meaning | the connection |
//! |---|---|---|
//! | `name` | the name was refused | goes on |
//! | `missing` | no such file | goes on |
//! | `refused` | the name belongs to a folder or a link, or the server lacks the permission | goes on |
//! | `full` | no room on the disk | goes on |
//! | `failed` | the server's operating system said no | goes on |
//! | `slow` | the client kept the server waiting | is closed |
//! | `busy` | too many connections | is closed |
//! | `protocol` | the line makes no sense | is closed |
//!
//! After any `ERROR` to a `PUT` the server closes the connection.
//!
//! Five decisions deserve a reason.
//!
//! - **`GO` before the body.** A refusal comes before the octets, not after a gigabyte of them.
//! - **A refused `PUT` ends the conversation.** A client that does not wait for `GO` has sent its file
//!   already. If the server went on, the lines of the file would be commands.
//! - **`END` after the body.** A client that has miscounted would make the rest of its file the next
//!   command. With `END` in its place the server sees that the count is right before it keeps the file.
//! - **The length before the name.** A name may contain spaces; the rest of the line is the name.
//! - **A line without sense ends the conversation.** A web page can make a browser post a form to
//!   this port. The form's body could contain the line `REMOVE notes.txt`, but the browser sends
//!   `POST / HTTP/1.1` first, and after that nobody listens any more.

pub mod client;
pub mod server;

use std::io::{self, BufRead, Read};

/// The longest line in octets, with its LF. It bounds what a line may cost in memory.
pub const LONGEST_LINE: usize = 512;

/// The three outcomes of waiting for a line.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// A whole line, without its end.
    Whole(String),
    /// The peer has closed its side, and between two lines: a proper end.
    End,
    /// Not a line: too long, cut off before its LF, or not UTF-8. The value says which.
    Broken(&'static str),
}

/// Reads one line of at most [`LONGEST_LINE`] octets.
///
/// `BufRead::read_line` alone has no bound: a peer that never sends LF would fill the memory.
///
/// # Errors
/// Those of the socket, a deadline that has passed among them.
pub fn read_line(from: &mut impl BufRead) -> io::Result<Line> {
    let mut octets = Vec::new();
    let mut bounded = from.take(LONGEST_LINE as u64);
    bounded.read_until(b'\n', &mut octets)?;
    if octets.pop_if(|last| *last == b'\n').is_none() {
        return Ok(match octets.len() {
            0 => Line::End,
            LONGEST_LINE => Line::Broken("the line is longer than 512 octets"),
            _ => Line::Broken("the connection ended in the middle of a line"),
        });
    }
    octets.pop_if(|last| *last == b'\r');
    Ok(String::from_utf8(octets).map_or(Line::Broken("the line is not UTF-8"), Line::Whole))
}

/// Reads a length as the protocol writes it: digits, and nothing else.
///
/// `str::parse` would take `+5` too. A protocol says one thing in one way.
pub fn parse_length(digits: &str) -> Option<u64> {
    let plain = !digits.is_empty() && digits.bytes().all(|octet| octet.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_have_three_outcomes() {
        let mut input: &[u8] = b"LIST\r\nGET a b\n\nhalf";
        assert_eq!(read_line(&mut input).unwrap(), Line::Whole("LIST".into()));
        assert_eq!(
            read_line(&mut input).unwrap(),
            Line::Whole("GET a b".into())
        );
        assert_eq!(read_line(&mut input).unwrap(), Line::Whole(String::new()));
        assert!(matches!(read_line(&mut input).unwrap(), Line::Broken(_)));
        assert_eq!(read_line(&mut input).unwrap(), Line::End);
        assert!(matches!(
            read_line(&mut &b"\xff\n"[..]).unwrap(),
            Line::Broken(_)
        ));
    }

    #[test]
    fn the_bound_counts_the_line_feed() {
        let fits = [vec![b'x'; LONGEST_LINE - 1], vec![b'\n']].concat();
        assert!(matches!(read_line(&mut &fits[..]).unwrap(), Line::Whole(_)));
        let long = [vec![b'x'; LONGEST_LINE * 3], vec![b'\n']].concat();
        let mut rest = &long[..];
        let too_long = Line::Broken("the line is longer than 512 octets");
        assert_eq!(read_line(&mut rest).unwrap(), too_long);
        // What is behind the bound was not even read.
        assert_eq!(rest.len(), long.len() - LONGEST_LINE);
    }

    proptest! {
        #[test]
        fn a_length_is_what_std_reads_without_a_sign(text in "[+0-9 -]{0,22}") {
            let expected = if text.starts_with('+') { None } else { text.parse::<u64>().ok() };
            prop_assert_eq!(parse_length(&text), expected);
        }
    }
}
