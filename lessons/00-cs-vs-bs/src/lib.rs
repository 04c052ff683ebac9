//! One network disk, two architectures: an installed client (C/S) and a browser (B/S).
//!
//! A *network disk* keeps files for people on other machines. They create, read, update and delete
//! files through a program that talks to it. Which program?
//!
//! - **C/S**, client and server: each user installs a client that was written for this disk. The two
//!   speak a protocol of their own ([`mod@line`]).
//! - **B/S**, browser and server: each user has a browser already. The server sends it the screen as
//!   a page, and both speak HTTP ([`http`]). The browser is a client too: B/S is a kind of C/S.
//!
//! | module | concept |
//! |---|---|
//! | [`name`] | a file name that cannot leave the folder |
//! | [`disk`] | create, read, update, delete; an upload is whole or not there |
//! | [`mod@line`] | the protocol of the installed client, and both its sides |
//! | [`http`] | the browser's side of the house |
//! | [`server`] | two listening sockets, a thread for each connection, a way to stop |
//! | [`pace`] | a socket that does not wait for ever |
//! | [`browser`] | a small HTTP client, so that the lesson can be both ends |
//! | [`meter`] | counts the octets each way |
//! | [`percent`] | percent-encoding |
//! | [`terminal`] | text from strangers, made fit for a terminal |

pub mod browser;
pub mod disk;
pub mod http;
pub mod line;
pub mod meter;
pub mod name;
pub mod pace;
pub mod percent;
pub mod server;
pub mod terminal;
