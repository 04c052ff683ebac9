//! The peers, by name.

use std::io;

use crate::attack::Attack;

mod datagrams;
mod ends;
mod holds;
mod http;
mod octets;

pub use http::{SECRET, SECRET_CONTENT};

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

/// All peers, in the order of the book's table.
pub const ALL: &[Peer] = &[
    stream(
        "silent",
        "opens 4 connections and says nothing",
        holds::silent,
    ),
    stream(
        "crowd",
        "opens 1,000 connections and says nothing",
        holds::crowd,
    ),
    stream(
        "great-crowd",
        "opens 10,000 connections and says nothing",
        holds::great_crowd,
    ),
    stream(
        "descriptors",
        "opens 90 connections to a server that may open 64 files",
        holds::descriptors,
    ),
    stream(
        "drip",
        "sends one octet a second and never completes a request",
        holds::drip,
    ),
    stream(
        "deaf",
        "asks again and again, and never reads the answers",
        holds::deaf,
    ),
    stream("flood", "sends 100 MB without a newline", octets::flood),
    stream(
        "garbage",
        "sends invalid UTF-8, NUL and terminal escape sequences",
        octets::garbage,
    ),
    stream("random", "sends random octets (--seed)", octets::random),
    stream(
        "prefixes",
        "sends every beginning of a valid conversation, and closes",
        octets::prefixes,
    ),
    stream(
        "half-close",
        "closes its sending side early, and reads on",
        ends::half_close,
    ),
    stream(
        "midway",
        "resets the connection in the middle of every state of a conversation",
        ends::midway,
    ),
    stream("resets", "resets 300 connections in a row", ends::resets),
    http(
        "bad-framing",
        "sends lengths that contradict each other, or make no sense",
        http::bad_framing,
    ),
    http(
        "smuggling",
        "hides a second request where two readers disagree about the end",
        http::smuggling,
    ),
    http(
        "big-heads",
        "sends request heads without measure",
        http::big_heads,
    ),
    http(
        "escapes",
        "asks for files outside of the folder",
        http::escapes,
    ),
    datagram(
        "many-sources",
        "sends from 1,000 addresses that are not its own, and never answers",
        datagrams::many_sources,
    ),
    datagram(
        "oversized",
        "sends the largest datagrams there are",
        datagrams::oversized,
    ),
    datagram("empty", "sends datagrams of 0 octets", datagrams::empty),
    datagram(
        "fragments",
        "sends a message in pieces, in disorder",
        datagrams::fragments,
    ),
    datagram(
        "deaf-sender",
        "sends, and never reads the answers",
        datagrams::deaf,
    ),
    datagram(
        "garbage-datagrams",
        "sends random octets, NUL and escape sequences",
        datagrams::garbage,
    ),
];

/// The peer with this name.
pub fn named(name: &str) -> Option<&'static Peer> {
    ALL.iter().find(|peer| peer.name == name)
}

type Run = fn(&Attack<'_>) -> io::Result<()>;

const fn stream(name: &'static str, about: &'static str, run: Run) -> Peer {
    let kind = Kind::Stream;
    Peer {
        name,
        about,
        kind,
        run,
    }
}

const fn http(name: &'static str, about: &'static str, run: Run) -> Peer {
    let kind = Kind::Http;
    Peer {
        name,
        about,
        kind,
        run,
    }
}

const fn datagram(name: &'static str, about: &'static str, run: Run) -> Peer {
    let kind = Kind::Datagram;
    Peer {
        name,
        about,
        kind,
        run,
    }
}
