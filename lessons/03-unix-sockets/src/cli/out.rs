//! Lines to the terminal, and the end of the program.

use std::fmt;
use std::io::{self, Write as _};
use std::sync::Arc;

use anyhow::Context as _;
use lesson_03_unix_sockets::stop::Stop;

/// Whoever read our standard output has closed it.
#[derive(Debug)]
pub struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("standard output was closed")
    }
}

impl std::error::Error for Closed {}

/// Write to standard output at once. `println!` would panic when the reader has gone.
pub fn write(text: fmt::Arguments<'_>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_fmt(text)
        .and_then(|()| out.flush())
        .map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => io::Error::other(Closed),
            _ => error,
        })
}

/// A line to standard output, as `println!`, but with an error instead of a panic.
macro_rules! say {
    ($($text:tt)*) => {
        $crate::cli::out::write(format_args!("{}\n", format_args!($($text)*)))
    };
}
pub(crate) use say;

/// A switch that Ctrl-C, a closed terminal (SIGHUP) and SIGTERM turn.
pub fn stop_on_signal() -> anyhow::Result<Arc<Stop>> {
    let stop = Arc::new(Stop::new().context("cannot make the stop switch")?);
    let switch = Arc::clone(&stop);
    on_signal(move || switch.now())?;
    Ok(stop)
}

/// Do this on Ctrl-C, a closed terminal (SIGHUP) and SIGTERM, instead of ending at once.
pub fn on_signal(act: impl FnMut() + Send + 'static) -> anyhow::Result<()> {
    ctrlc::set_handler(act).context("cannot wait for Ctrl-C")
}

/// Files that this program makes belong to its user alone. Set once, before any thread runs: the
/// umask belongs to the whole process.
pub fn private_files() {
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}
