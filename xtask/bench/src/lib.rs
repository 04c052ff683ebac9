//! `cargo xtask bench`: ours and its peers, side by side.
//!
//! A figure of one program alone says little: it depends on the machine, and on what else the machine
//! does. So each benchmark lets ours and its peers take turns, round by round, in one run ([`turns`]),
//! and what counts is their ratio. A peer that is not there is named, with the way to get it
//! ([`context`]), and the rest goes on.

#[cfg(unix)]
pub mod benchmarks;
#[cfg(unix)]
pub mod context;
pub mod http;
#[cfg(unix)]
pub mod machine;
#[cfg(unix)]
pub mod process;
#[cfg(unix)]
pub mod server;
pub mod show;
#[cfg(unix)]
pub mod turns;
