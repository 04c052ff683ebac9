//! Peers that misbehave, and what the course's servers make of them.
//!
//! A *peer* ([`peer`]) is one way to misbehave, from "connects and says nothing" to "hides a request
//! in a request". It attacks programs of this machine only ([`target`]). The *lab* starts the
//! course's real servers, one after the other, lets a peer at each, and watches four things: whether
//! an honest client is served meanwhile, how much memory the server takes, whether what is stored
//! stays, and whether anything is left behind.

pub mod account;
pub mod attack;
pub mod gate;
#[cfg(unix)]
pub mod lab;
pub mod peer;
pub mod speech;
pub mod target;
