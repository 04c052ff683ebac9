//! TCP and UDP: the differences seen, not told.
//!
//! Twelve small [`experiments`] run on real loopback sockets. Each returns a typed observation:
//! what happened in that run, on this machine, and nothing else. The [`relay`] stands between two
//! programs and makes bad [`weather`]: it loses, delays, doubles and reorders what passes through,
//! the same way again for the same seed.
//!
//! | module | question it answers |
//! |---|---|
//! | [`weather`] | What happens to the n-th datagram of a bad path? |
//! | [`relay`] | How do two programs get that path between them? |
//! | [`experiments`] | What do TCP and UDP make of it? |
//! | [`numbered`] | Which messages arrived, which are missing, in which order? |
//! | [`net`] | Sockets with deadlines, the same for every experiment. |
//! | [`mod@show`] | How is an octet from a peer printed safely? |
//! | [`trouble`] | What went wrong, why, and what to do next, in one sentence. |

pub mod experiments;
pub mod net;
pub mod numbered;
pub mod relay;
pub mod show;
pub mod trouble;
pub mod weather;
