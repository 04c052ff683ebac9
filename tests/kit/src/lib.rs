//! What the check of an exercise is written with.
//!
//! A check starts the student's code, talks to it over real sockets, and writes down the story: who
//! connected, who sent which octets, who read what. When a step does not come true, the story so far,
//! the step, and who is waiting for whom are the answer that the student gets.
//!
//! [`net`] and [`unix`] hold the sockets that the student's code uses: those of `std`, with a logbook.
//! [`Check`] starts the student's code, [`Peer`] and [`Datagrams`] are the other end, and [`run`] is
//! what the `main` of a check calls. Nothing here waits for ever.

mod check;
mod failure;
mod folder;
mod kernel;
mod listening;
mod logged;
#[cfg(unix)]
mod moment;
mod needs_unix;
pub mod net;
mod peer;
pub mod report;
mod running;
mod story;
mod udp_peer;
#[cfg(unix)]
pub mod unix;
#[cfg(unix)]
mod unix_peer;
mod wait;

pub use check::{Check, Checks, REPORT, run};
pub use failure::{Compared, Failure, Kind, Outcome, Panic};
pub use folder::tidy_up;
pub use listening::Listening;
#[cfg(unix)]
pub use moment::Moment;
pub use needs_unix::NEEDS_UNIX;
pub use peer::Peer;
pub use running::{Got, Running};
pub use story::{called, tell};
pub use udp_peer::Datagrams;
#[cfg(unix)]
pub use unix_peer::UnixDatagrams;
