//! A progress bar, for a person who waits: only on a terminal, and only for a file, whose size is
//! known. A few lines; a library for it takes longer to build than the lesson.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// How long the bar stays as it is, and how long a run must take before it is shown at all.
const STEP: Duration = Duration::from_millis(200);
const WIDTH: u64 = 30;

/// A bar on standard error, or nothing.
pub struct Progress {
    /// Octets in all; `None` when no bar is wanted.
    total: Option<u64>,
    drawn: Instant,
    visible: bool,
}

impl Progress {
    /// A bar for an input of `total` octets.
    pub fn new(total: Option<u64>) -> Self {
        let wanted = io::stderr().is_terminal();
        Self {
            total: total.filter(|&total| wanted && total > 0),
            drawn: Instant::now(),
            visible: false,
        }
    }

    /// Shows that `octets` are done, unless the bar is younger than [`STEP`].
    pub fn show(&mut self, octets: u64) -> io::Result<()> {
        let Some(total) = self.total else {
            return Ok(());
        };
        if self.drawn.elapsed() < STEP {
            return Ok(());
        }
        self.drawn = Instant::now();
        self.visible = true;
        // The file may grow while it is read.
        let done = octets.min(total);
        let filled = usize::try_from(done * WIDTH / total).unwrap_or_default();
        let bar = format!("{:<30}", "#".repeat(filled));
        let percent = done * 100 / total;
        let line = format!(
            "\r[{bar}] {percent:3} %, {} of {} MB",
            octets / 1_000_000,
            total / 1_000_000
        );
        io::stderr().write_all(line.as_bytes())
    }

    /// Takes the bar away, so that other lines find their place free.
    pub fn clear(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.visible) {
            // Carriage return, then "erase to the end of the line".
            io::stderr().write_all(b"\r\x1b[K")?;
        }
        Ok(())
    }
}
