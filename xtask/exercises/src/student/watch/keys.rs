//! The keys: single ones on a terminal, letters and Enter in a pipe.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::sync::mpsc::{Receiver, Sender, TryRecvError};
use std::thread;
use std::time::Duration;

use anstream::{print, println};
use crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

use super::Happening;

/// How often a terminal is asked for a key while saves are waited for.
const TICK: Duration = Duration::from_millis(40);

/// Where the keys come from.
pub enum Keys {
    /// A terminal: each key counts at once. It is set so as long as keys are waited for.
    Single(Option<Raw>),
    /// Lines: a letter and Enter.
    Lines,
}

/// The terminal gives single keys as long as this lives, and does not show them.
pub struct Raw;

impl Raw {
    fn enter(raw: &mut Option<Self>) -> io::Result<()> {
        if raw.is_none() {
            enable_raw_mode()?;
            *raw = Some(Self);
        }
        Ok(())
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        restore();
    }
}

/// The terminal as it was. Harmless if nothing was changed.
pub fn restore() {
    let _ = disable_raw_mode();
}

impl Keys {
    /// Looks where the keys come from. Lines are sent to `to`, and the end of the input.
    pub fn open(to: &Sender<Happening>) -> Self {
        if io::stdin().is_terminal() && io::stdout().is_terminal() {
            return Self::Single(None);
        }
        let to = to.clone();
        thread::spawn(move || {
            for line in io::stdin().lock().lines().map_while(Result::ok) {
                // An empty line is Enter alone.
                let key = line.trim().chars().next().unwrap_or('\n');
                if to.send(Happening::Key(key)).is_err() {
                    return;
                }
            }
            let _ = to.send(Happening::End);
        });
        Self::Lines
    }

    /// Says which keys there are. Whoever reads it may press one: the terminal takes single keys before
    /// it is printed, or it would show them.
    pub fn offer(&mut self, text: &str) {
        match self {
            Self::Lines => println!("{text}"),
            Self::Single(raw) => {
                // If it fails it is tried again when keys are waited for, and ends the watch if it fails there.
                let _ = Raw::enter(raw);
                // Such a terminal does not go to the left at the end of a line.
                print!("{}\r\n", text.replace('\n', "\r\n"));
            }
        }
        let _ = io::stdout().flush();
    }

    /// The terminal is as everybody expects it until the next offer: something is printed.
    pub fn rest(&mut self) {
        if let Self::Single(raw) = self {
            *raw = None;
        }
    }

    /// Waits for what happens next: a key, or what comes from `happenings`.
    pub fn wait(&mut self, happenings: &Receiver<Happening>) -> Happening {
        match self {
            Self::Lines => happenings.recv().unwrap_or(Happening::End),
            Self::Single(raw) => single(raw, happenings).unwrap_or(Happening::End),
        }
    }
}

/// Waits on a terminal. An error means that the terminal is gone.
fn single(raw: &mut Option<Raw>, happenings: &Receiver<Happening>) -> io::Result<Happening> {
    loop {
        Raw::enter(raw)?;
        match happenings.try_recv() {
            Ok(happening) => return Ok(happening),
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => return Ok(Happening::End),
        }
        if !event::poll(TICK)? {
            continue;
        }
        let Event::Key(key) = event::read()? else {
            continue;
        };
        if key.kind == KeyEventKind::Release {
            continue;
        }
        let KeyCode::Char(c) = key.code else {
            continue;
        };
        if !key.modifiers.contains(KeyModifiers::CONTROL) {
            return Ok(Happening::Key(c));
        }
        match c {
            'c' | 'd' => return Ok(Happening::Key('q')),
            'z' => {
                *raw = None;
                suspend();
            }
            _ => {}
        }
    }
}

/// Stops as Ctrl-Z stops any program. Comes back with `fg`.
fn suspend() {
    #[cfg(unix)]
    {
        let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
    }
}
