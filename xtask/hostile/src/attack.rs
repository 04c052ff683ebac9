//! One attack: whom, how much, until when; and what its peers need to do it.

use std::io::{self, Read as _, Write as _};
use std::mem::MaybeUninit;
use std::net::Shutdown;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use socket2::Socket;

use crate::account::Account;
use crate::gate::Gate;
use crate::speech::Speech;
use crate::target::Target;

/// How much, how fast.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What the server speaks.
    pub speech: Speech,
    /// Connections at a time; `None`: as many as the peer usually opens.
    pub connections: Option<usize>,
    /// Octets of a flood.
    pub octets: u64,
    /// The time between two octets of a slow peer.
    pub pace: Duration,
    /// Same seed, same random octets.
    pub seed: u64,
    /// Of a peer with several variations only this one, from 0.
    pub only: Option<usize>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            speech: Speech::Lines,
            connections: None,
            octets: 100_000_000,
            pace: Duration::from_secs(1),
            seed: 1,
            only: None,
        }
    }
}

/// One attack.
#[derive(Debug)]
pub struct Attack<'a> {
    /// Whom.
    pub target: Target,
    /// How.
    pub settings: Settings,
    /// Until when.
    pub gate: &'a Gate,
    account: Mutex<Account>,
    varies: AtomicBool,
}

/// How a wait for an answer ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    /// Octets came.
    Octets(Vec<u8>),
    /// The server will say no more.
    End,
    /// Nothing came in time.
    Nothing,
    /// The connection was reset.
    Reset,
}

impl<'a> Attack<'a> {
    /// An attack on `target` that has not begun.
    pub fn new(target: Target, settings: Settings, gate: &'a Gate) -> Self {
        Self {
            target,
            settings,
            gate,
            account: Mutex::default(),
            varies: AtomicBool::new(false),
        }
    }

    /// Whether this peer has variations, of which one can be chosen.
    pub fn varies(&self) -> bool {
        self.varies.load(Ordering::Acquire)
    }

    /// What has happened so far.
    pub fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection; `None` if the server or the system lets nobody in.
    ///
    /// # Errors
    /// This process has no descriptor left: then the attack is not the one that was asked for.
    pub fn connect(&self) -> io::Result<Option<Socket>> {
        match self.target.connect() {
            Ok(socket) => {
                self.account().opened += 1;
                Ok(Some(socket))
            }
            Err(error) if is_our_limit(&error) => Err(error),
            Err(error) => {
                let mut account = self.account();
                account.not_let_in += 1;
                account.refused += u64::from(error.kind() == io::ErrorKind::ConnectionRefused);
                Ok(None)
            }
        }
    }

    /// Sends, and counts. `false`: the server takes no more.
    pub fn send(&self, mut socket: &Socket, octets: &[u8]) -> bool {
        match socket.write_all(octets) {
            Ok(()) => {
                self.account().sent += octets.len() as u64;
                true
            }
            Err(error) => {
                self.account().failed(&error);
                false
            }
        }
    }

    /// Waits for an answer, or a part of one, for `patience`.
    pub fn hear(&self, mut socket: &Socket, patience: Duration) -> Heard {
        let mut octets = vec![0; 64 * 1024];
        if socket.set_read_timeout(Some(patience)).is_err() {
            return Heard::Reset;
        }
        match socket.read(&mut octets) {
            Ok(0) => {
                self.account().ended += 1;
                Heard::End
            }
            Ok(length) => {
                octets.truncate(length);
                self.account().hear(&octets);
                Heard::Octets(octets)
            }
            Err(error) if is_nothing_yet(&error) => Heard::Nothing,
            Err(error) => {
                self.account().failed(&error);
                Heard::Reset
            }
        }
    }

    /// Reads what has come, but not for ever from one who talks without end. Returns whether the connection
    /// still stands.
    pub fn still_stands(&self, socket: &Socket, patience: Duration) -> bool {
        for _ in 0..100 {
            match self.hear(socket, patience) {
                Heard::Octets(_) => {}
                Heard::Nothing => return true,
                Heard::End | Heard::Reset => return false,
            }
        }
        true
    }

    /// Waits for the answer that the next step of a conversation needs. At a path the first is left unread: see
    /// [`Self::reset`].
    pub fn await_answer(&self, socket: &Socket, patience: Duration) {
        if let Target::Stream(_) = self.target {
            let mut octet = [MaybeUninit::uninit()];
            // An error says that none has come, and the connection is closed all the same.
            let _ = socket
                .set_read_timeout(Some(patience))
                .and_then(|()| socket.peek(&mut octet));
        } else {
            self.hear(socket, patience);
        }
    }

    /// Says that no more comes, and reads all that the server still says, for `patience` at most
    /// between two octets.
    pub fn half_close(&self, socket: &Socket, patience: Duration) {
        if socket.shutdown(Shutdown::Write).is_ok() {
            while self.gate.is_open() && matches!(self.hear(socket, patience), Heard::Octets(_)) {}
        }
    }

    /// Resets a connection: what has not arrived yet is thrown away, and the server's next read or
    /// write fails.
    ///
    /// Over TCP this is a close with `SO_LINGER` at 0 (RFC 9293 §3.10.5, ABORT). A Unix socket knows no
    /// reset but this one: to close with octets that nobody has read.
    pub fn reset(&self, socket: Socket) {
        // An error says that the server was faster.
        let _ = socket.set_linger(Some(Duration::ZERO));
        drop(socket);
    }

    /// Does `act` for each of `count` variations, or for the only one that was asked for; ends early
    /// when the attack ends. Returns whether there shall be another round.
    ///
    /// # Errors
    /// Those of `act`.
    pub fn variations(
        &self,
        count: usize,
        mut act: impl FnMut(usize) -> io::Result<()>,
    ) -> io::Result<bool> {
        self.varies.store(true, Ordering::Release);
        for number in 0..count {
            if self.settings.only.is_none_or(|only| only == number) {
                if !self.gate.is_open() {
                    return Ok(false);
                }
                act(number)?;
            }
        }
        Ok(self.gate.round_done())
    }

    /// Empties what has arrived on many connections, without waiting.
    pub fn collect(&self, held: &[Socket]) {
        for socket in held {
            if socket.set_nonblocking(true).is_ok() {
                self.still_stands(socket, Duration::from_millis(1));
            }
        }
    }
}

/// Whether an error says that nothing has come yet.
fn is_nothing_yet(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
    )
}

/// Whether this process, or the system, has no descriptor left. (`EMFILE` and `ENFILE` of Unix,
/// `WSAEMFILE` of Windows: the standard library has no name for them.)
fn is_our_limit(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(23 | 24 | 10_024))
}
