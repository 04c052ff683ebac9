//! The peers, by name.

use std::io;

use crate::attack::Attack;

mod datagrams;
mod ends;
mod holds;
mod http;
mod octets;

pub use holds::FEW;
pub use http::{BESIDE, SECRET, SECRET_CONTENT};

/// Which servers a peer can trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Every server that takes connections.
    Stream,
    /// A server that speaks HTTP.
    Http,
    /// Every program that receives datagrams.
    Datagram,
}

/// One way to misbehave.
pub struct Peer {
    /// Its name on the command line and in the matrix.
    pub name: &'static str,
    /// What it does, for the list.
    pub about: &'static str,
    /// Whom it can trouble.
    pub kind: Kind,
    /// Does it, in rounds, until the gate closes.
    pub run: fn(&Attack<'_>) -> io::Result<()>,
}

impl Peer {
    /// Whether it takes every place that a server has: a newcomer must wait.
    pub fn takes_all_places(&self) -> bool {
        matches!(self.name, "crowd" | "great-crowd" | "descriptors")
    }

    /// Whether it holds a few connections until it is told to go.
    pub fn holds_on(&self) -> bool {
        matches!(self.name, "silent" | "drip" | "deaf" | "deaf-sender")
    }

    /// Whether it stays, and does nothing any more: a server has nothing to do for it.
    pub fn keeps_still(&self) -> bool {
        self.takes_all_places() || matches!(self.name, "silent" | "deaf")
    }
}

/// All peers, in the order of the book's table.
pub const ALL: &[Peer] = &[
    peer(
        Kind::Stream,
        "silent",
        "opens 4 connections and says nothing",
        holds::silent,
    ),
    peer(
        Kind::Stream,
        "crowd",
        "opens 1,000 connections and says nothing",
        holds::crowd,
    ),
    peer(
        Kind::Stream,
        "great-crowd",
        "opens 10,000 connections and says nothing",
        holds::great_crowd,
    ),
    peer(
        Kind::Stream,
        "descriptors",
        "opens 90 connections to a server that may open 64 files",
        holds::descriptors,
    ),
    peer(
        Kind::Stream,
        "drip",
        "sends one octet a second and never completes a request",
        holds::drip,
    ),
    peer(
        Kind::Stream,
        "deaf",
        "asks again and again, and never reads the answers",
        holds::deaf,
    ),
    peer(
        Kind::Stream,
        "flood",
        "sends 100 MB without a newline",
        octets::flood,
    ),
    peer(
        Kind::Stream,
        "garbage",
        "sends invalid UTF-8, NUL and terminal escape sequences",
        octets::garbage,
    ),
    peer(
        Kind::Stream,
        "random",
        "sends random octets (--seed)",
        octets::random,
    ),
    peer(
        Kind::Stream,
        "prefixes",
        "sends every beginning of a valid conversation, and closes",
        octets::prefixes,
    ),
    peer(
        Kind::Stream,
        "half-close",
        "closes its sending side early, and reads on",
        ends::half_close,
    ),
    peer(
        Kind::Stream,
        "midway",
        "resets the connection in the middle of every state of a conversation",
        ends::midway,
    ),
    peer(
        Kind::Stream,
        "resets",
        "resets 300 connections in a row",
        ends::resets,
    ),
    peer(
        Kind::Http,
        "bad-framing",
        "sends lengths that contradict each other, or make no sense",
        http::bad_framing,
    ),
    peer(
        Kind::Http,
        "smuggling",
        "hides a second request where two readers disagree about the end",
        http::smuggling,
    ),
    peer(
        Kind::Http,
        "big-heads",
        "sends request heads without measure",
        http::big_heads,
    ),
    peer(
        Kind::Http,
        "escapes",
        "asks for files outside of the folder",
        http::escapes,
    ),
    peer(
        Kind::Datagram,
        "many-sources",
        "sends from 1,000 endpoints that it has only for a moment, and never answers",
        datagrams::many_sources,
    ),
    peer(
        Kind::Datagram,
        "oversized",
        "sends the largest datagrams there are",
        datagrams::oversized,
    ),
    peer(
        Kind::Datagram,
        "empty",
        "sends datagrams of 0 octets",
        datagrams::empty,
    ),
    peer(
        Kind::Datagram,
        "fragments",
        "sends a message in pieces, in disorder",
        datagrams::fragments,
    ),
    peer(
        Kind::Datagram,
        "deaf-sender",
        "sends, and never reads the answers",
        datagrams::deaf,
    ),
    peer(
        Kind::Datagram,
        "garbage-datagrams",
        "sends random octets, NUL and escape sequences",
        datagrams::garbage,
    ),
];

/// The peer with this name.
pub fn named(name: &str) -> Option<&'static Peer> {
    ALL.iter().find(|peer| peer.name == name)
}

const fn peer(
    kind: Kind,
    name: &'static str,
    about: &'static str,
    run: fn(&Attack<'_>) -> io::Result<()>,
) -> Peer {
    Peer {
        name,
        about,
        kind,
        run,
    }
}
