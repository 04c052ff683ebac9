//! A whole server on real sockets, with clients that behave and clients that do not.

#![expect(
    clippy::unwrap_used,
    reason = "a test may fail at any step, and shows the line"
)]

mod bad_clients;
mod common;
mod doors;
mod installed;
mod lies;
