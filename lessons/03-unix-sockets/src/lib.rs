//! AF_UNIX: sockets whose address is a path.
//!
//! The calls are those of TCP and UDP (`socket`, `bind`, `listen`, `accept`, `connect`, `send`,
//! `recv`). What differs is the address family, and what follows from the fact that both ends are
//! on one machine: the kernel can say who is calling, the file system can say who may call, and
//! an open file can be handed from one process to another.
//!
//! One concept a module, in the order in which the chapter reads them:
//!
//! | module | concept |
//! |---|---|
//! | `address` | a path or an abstract name, and how long it may be |
//! | `socket` | bind, set the mode, listen: in this order |
//! | `claim` | a path that is taken: stale, live, or not a socket at all |
//! | `peer` | who is calling |
//! | `talk` | the same talk as over TCP: a server and a client |
//! | `datagram` | messages that keep their boundaries and do not get lost |
//! | `kinds` | stream, datagram and sequenced packets side by side |
//! | `pair` | two connected sockets without any name, for a parent and its child |
//! | `pass` | an open file descriptor travels to another process |
//! | `compare` | round trip and throughput beside TCP on loopback |

#[cfg(unix)]
pub mod address;
#[cfg(unix)]
pub mod claim;
#[cfg(unix)]
pub mod compare;
#[cfg(unix)]
pub mod datagram;
#[cfg(unix)]
pub mod kinds;
#[cfg(unix)]
pub mod pair;
#[cfg(unix)]
pub mod pass;
#[cfg(unix)]
pub mod peer;
#[cfg(unix)]
pub mod place;
#[cfg(unix)]
pub mod socket;
#[cfg(unix)]
pub mod stop;
#[cfg(unix)]
pub mod talk;
pub mod text;

/// What to say on a system without this lesson's sockets.
pub const ON_WINDOWS: &str = "Windows has had AF_UNIX stream sockets since Windows 10 version 1803, \
     but Rust's standard library has no stable way to reach them: use TCP on loopback \
     (lesson-04-tcp-chat) or a named pipe, or run this lesson under WSL";
