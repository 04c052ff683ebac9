//! The runner as students meet it: the real program in a small course.
#![allow(
    clippy::unwrap_used,
    reason = "Clippy knows tests by their attribute, and not what they call"
)]

mod commands;
mod common;
mod hostile;
mod verdicts;
#[cfg(unix)]
mod watch;
