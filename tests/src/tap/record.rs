//! What a tap has seen, and who is at its ends.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::transcript::{WireEvent, WireKind};

/// Longest payload text in the record, in characters.
const TEXT: usize = 60;
/// Octets of a payload that are kept until the text is made: more than [`TEXT`] characters need.
const KEPT: usize = 4 * TEXT;

/// Something that a tap saw, and what is needed to put it in order and is not written down.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// When.
    pub at: Instant,
    /// The same for the same octets; 0 where there are none to compare.
    pub payload: u64,
    /// What it was.
    pub event: WireEvent,
}

/// What the threads of one tap share.
pub(crate) struct Record {
    /// The terminal whose program listens.
    server: String,
    clients: Mutex<Clients>,
    spoke: Condvar,
    events: Mutex<Vec<Seen>>,
    stop: AtomicBool,
}

/// A tap cannot see to whom a socket belongs, so it goes by the order in which programs start.
#[derive(Default)]
struct Clients {
    /// The terminal whose program was started last.
    expected: Option<String>,
    /// Whether that program has used the port.
    spoke: bool,
}

impl Record {
    pub fn new(server: &str) -> Self {
        Self {
            server: server.to_owned(),
            clients: Mutex::default(),
            spoke: Condvar::new(),
            events: Mutex::default(),
            stop: AtomicBool::new(false),
        }
    }

    /// The program of `terminal` is about to start, and the next new socket is its. So the one
    /// before it has to show itself first.
    ///
    /// # Errors
    /// When it has not within `limit`.
    pub fn expect_client(&self, terminal: &str, limit: Duration) -> Result<()> {
        let clients = lock(&self.clients);
        let silent = |clients: &mut Clients| clients.expected.is_some() && !clients.spoke;
        let (mut clients, waited) = self
            .spoke
            .wait_timeout_while(clients, limit, silent)
            .unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            let before = clients.expected.as_deref().unwrap_or_default();
            bail!(
                "{before} has sent nothing to the tapped port, and {terminal} starts already: the tap \
                 could not tell whose socket is whose. Let {before} speak before {terminal} starts."
            );
        }
        *clients = Clients {
            expected: Some(terminal.to_owned()),
            spoke: false,
        };
        Ok(())
    }

    /// Whose socket this is, when one has not been seen before.
    pub fn newcomer(&self) -> String {
        let mut clients = lock(&self.clients);
        clients.spoke = true;
        self.spoke.notify_all();
        clients.expected.clone().unwrap_or_default()
    }

    pub fn server(&self) -> &str {
        &self.server
    }

    pub fn stop(&self) {
        self.stop.store(true, Ordering::Release);
    }

    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }

    pub fn note(&self, from: &str, to: &str, what: WireKind) {
        self.push(from, to, what, 0);
    }

    /// Notes something that carried these octets.
    pub fn note_octets(
        &self,
        from: &str,
        to: &str,
        octets: &[u8],
        what: impl FnOnce(usize, String) -> WireKind,
    ) {
        let mut hasher = DefaultHasher::new();
        octets.hash(&mut hasher);
        let text = escape(&octets[..octets.len().min(KEPT)]);
        self.push(from, to, what(octets.len(), text), hasher.finish());
    }

    fn push(&self, from: &str, to: &str, what: WireKind, payload: u64) {
        let event = WireEvent {
            from: from.to_owned(),
            to: to.to_owned(),
            pause: None,
            what,
        };
        let mut events = lock(&self.events);
        // The clock is read under the lock: the order of the record is the order of its times.
        events.push(Seen {
            at: Instant::now(),
            payload,
            event,
        });
    }

    pub fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut *lock(&self.events))
    }
}

/// A thread that panicked while it held the lock leaves the record readable.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The payload as one line of text.
fn escape(octets: &[u8]) -> String {
    octets
        .utf8_chunks()
        .flat_map(|chunk| {
            let invalid = chunk
                .invalid()
                .iter()
                .map(|octet| format!("\\x{octet:02x}"));
            let valid = chunk.valid().chars().map(|ch| match ch {
                // The book shows quotation marks as they are.
                '"' | '\'' => ch.to_string(),
                _ => ch.escape_debug().to_string(),
            });
            valid.chain(invalid).collect::<Vec<_>>()
        })
        .collect()
}

/// As much of a payload's text as the record keeps.
pub(crate) fn shorten(text: &str) -> String {
    if text.chars().count() <= TEXT {
        return text.to_owned();
    }
    text.chars().take(TEXT - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_payloads_are_cut_short() {
        assert_eq!(escape(b"a\x1b\"b"), "a\\u{1b}\"b");
        assert_eq!(shorten(&escape(&[b'x'; 500])).chars().count(), TEXT);
    }

    #[test]
    fn two_silent_clients_are_not_mixed_up() {
        let record = Record::new("server");
        record.expect_client("one", Duration::ZERO).unwrap();
        let error = record.expect_client("two", Duration::ZERO).unwrap_err();
        assert!(
            error.to_string().contains("Let one speak before two"),
            "{error}"
        );
        assert_eq!(record.newcomer(), "one");
        record.expect_client("two", Duration::ZERO).unwrap();
        assert_eq!(record.newcomer(), "two");
    }
}
