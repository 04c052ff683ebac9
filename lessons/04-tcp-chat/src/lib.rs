//! A chat pair over TCP: the client speaks first, the two take turns, and `bye` ends it.
//!
//! What crosses the wire is UTF-8 text and nothing else: no length, no end-of-line, no header. One
//! turn is one `send`. So nothing on the wire says where a message ends, and every module here
//! answers one question that follows from that.
//!
//! | module | question |
//! |---|---|
//! | [`endpoint`] | How do the two programs find each other, and why is the port "in use" after a restart? |
//! | [`naive`] | What does the short program do that every first tutorial shows? |
//! | [`decode`] | What if a character is cut in two by the edge of a read? |
//! | [`incoming`] | When is a message complete, if nothing says so? |
//! | [`turns`] | Who may speak, and what if the other one leaves? |
//! | [`anytime`] | And if both may speak when they like? |
//! | [`screen`] | What may a stranger write on your terminal? |
//! | [`nameplate`] | Who holds the port: our own server, or somebody else? |
//! | [`mischief`] | What does a peer look like that breaks the rules? |

pub mod anytime;
pub mod decode;
pub mod endpoint;
pub mod error;
pub mod incoming;
pub mod keyboard;
pub mod mischief;
pub mod naive;
pub mod nameplate;
pub mod screen;
pub mod turns;

/// The port that both programs use when you name none.
pub const DEFAULT_PORT: u16 = 8080;

/// The most octets that one read takes, as in `recv(1024)`.
pub const READ_SIZE: usize = 1024;

/// The word that ends the conversation.
pub const BYE: &str = "bye";
