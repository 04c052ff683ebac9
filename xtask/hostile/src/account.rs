//! What a peer has done, and what the server made of it.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::io;

/// Different answers that are kept; of the rest only the number.
const ANSWERS: usize = 20;

/// Counted over all connections of an attack.
#[derive(Debug, Default, Clone)]
pub struct Account {
    /// Connections, or sockets that datagrams were sent from.
    pub opened: u64,
    /// Connections that could not be made.
    pub not_let_in: u64,
    /// Those of them that were refused: nobody listened any more.
    pub refused: u64,
    /// Octets that the system took.
    pub sent: u64,
    /// Connections that the server ended properly.
    pub ended: u64,
    /// Connections that the server reset.
    pub reset: u64,
    /// First lines of answers, and how often each came.
    pub heard: BTreeMap<String, u64>,
    /// Answers all of whose text matters to a check, such as a secret that must not be in it.
    pub octets_heard: Vec<u8>,
}

impl Account {
    /// Notes an answer by its first line.
    pub fn hear(&mut self, answer: &[u8]) {
        const KEPT: usize = 1024 * 1024;
        let room = KEPT.saturating_sub(self.octets_heard.len());
        self.octets_heard
            .extend_from_slice(&answer[..answer.len().min(room)]);
        let line = answer.split(|&octet| octet == b'\n').next().unwrap_or(b"");
        let line = shown(line, 60);
        if self.heard.len() < ANSWERS || self.heard.contains_key(&line) {
            *self.heard.entry(line).or_default() += 1;
        } else {
            *self.heard.entry("(something else)".to_owned()).or_default() += 1;
        }
    }

    /// Adds what was counted elsewhere.
    pub fn add(&mut self, other: &Self) {
        self.opened += other.opened;
        self.not_let_in += other.not_let_in;
        self.refused += other.refused;
        self.sent += other.sent;
        self.ended += other.ended;
        self.reset += other.reset;
        for (line, times) in &other.heard {
            *self.heard.entry(line.clone()).or_default() += times;
        }
    }

    /// Notes how a read or a write has failed.
    pub fn failed(&mut self, error: &io::Error) {
        match error.kind() {
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe => self.reset += 1,
            _ => {}
        }
    }

    /// In words, where there are no connections that a server could end.
    pub fn of_datagrams(&self) -> String {
        let plural = if self.opened == 1 { "" } else { "s" };
        let mut words = format!(
            "{} octets sent from {} socket{plural}",
            self.sent, self.opened
        );
        if self.not_let_in > 0 {
            let _ = write!(
                words,
                "; {} datagrams the system did not take",
                self.not_let_in
            );
        }
        // Writing to a String cannot fail.
        let _ = self.write_heard(&mut words);
        words
    }

    fn write_heard(&self, words: &mut impl fmt::Write) -> fmt::Result {
        for (line, times) in &self.heard {
            write!(words, "\n  heard {times} times: {line}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} opened", self.opened)?;
        if self.not_let_in > 0 {
            write!(f, ", {} not let in", self.not_let_in)?;
        }
        write!(
            f,
            ", {} octets sent; the server ended {} and reset {}",
            self.sent, self.ended, self.reset
        )?;
        self.write_heard(f)
    }
}

/// Octets of a peer, safe to print on a terminal, at most `most` characters of them.
pub fn shown(octets: &[u8], most: usize) -> String {
    let text = String::from_utf8_lossy(octets);
    let mut line = String::new();
    let text = text.trim_end();
    for ch in text.chars().take(most) {
        if ch.is_control() {
            line.extend(ch.escape_default());
        } else {
            line.push(ch);
        }
    }
    if text.chars().nth(most).is_some() {
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_cannot_write_on_the_terminal() {
        assert_eq!(shown(b"\x1b[2Jabc\r\n", 60), "\\u{1b}[2Jabc");
        assert_eq!(shown(b"abcdef", 3), "abc…");
        assert_eq!(shown(b"\xff", 3), "\u{fffd}");
    }

    #[test]
    fn the_memory_of_answers_is_bounded() {
        let mut account = Account::default();
        for number in 0..1000 {
            account.hear(format!("{number}\n{}", "x".repeat(1000)).as_bytes());
        }
        assert_eq!(account.heard.len(), ANSWERS + 1);
        assert_eq!(account.heard.values().sum::<u64>(), 1000);
        account.hear(&vec![0; 2 << 20]);
        assert_eq!(account.octets_heard.len(), 1 << 20);
    }
}
