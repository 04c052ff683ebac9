//! The benchmarks.

use anyhow::Result;
use measured::report::Group;

use crate::context::Context;

mod book;
mod chat;
mod cold;
mod disk;
mod disk_big;
mod disk_small;
mod gate;
mod ip_bulk;
mod ip_one;
mod ip_parse;
mod roundtrip;
mod scenes;
mod stream;

/// A benchmark.
#[derive(Debug)]
pub struct Benchmark {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it measures, and beside what.
    pub about: &'static str,
    /// Measures.
    pub run: fn(&Context) -> Result<Vec<Group>>,
}

/// All of them.
pub const ALL: [Benchmark; 12] = [
    Benchmark {
        name: "cold",
        about: "build a lesson from nothing, beside an empty program with clap and anyhow",
        run: cold::run,
    },
    Benchmark {
        name: "ip-bulk",
        about: "a million addresses to bits, beside cat, a bare loop, idiomatic Rust, Python, sipcalc",
        run: ip_bulk::run,
    },
    Benchmark {
        name: "ip-one",
        about: "one address, the whole program, beside ipcalc, ipcalc-ng, sipcalc, netmask",
        run: ip_one::run,
    },
    Benchmark {
        name: "ip-parse",
        about: "the parser of lesson 01, beside that of the standard library",
        run: ip_parse::run,
    },
    Benchmark {
        name: "roundtrip",
        about: "64 octets there and back, beside a bare loop and bare system calls",
        run: roundtrip::run,
    },
    Benchmark {
        name: "stream",
        about: "throughput over TCP and AF_UNIX, beside iperf3, socat, ncat",
        run: stream::run,
    },
    Benchmark {
        name: "disk-big",
        about: "a file of 1 GiB to the net disk and back, beside ncat, nginx, Python, cp",
        run: disk_big::run,
    },
    Benchmark {
        name: "disk-small",
        about: "1 KiB over HTTP, 64 connections, beside nginx and Python",
        run: disk_small::run,
    },
    Benchmark {
        name: "chat",
        about: "turns a second and memory of the chat pair, beside a pair in Python and `--naive`",
        run: chat::run,
    },
    Benchmark {
        name: "scenes",
        about: "all scenes of the book, beside one after the other",
        run: scenes::run,
    },
    Benchmark {
        name: "book",
        about: "building the book, beside mdBook without our blocks",
        run: book::run,
    },
    Benchmark {
        name: "gate",
        about: "the exercises: a run of the gate, and from save to verdict",
        run: gate::run,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_have_the_same_name() {
        for (index, benchmark) in ALL.iter().enumerate() {
            let before = ALL.iter().take(index);
            assert!(before.into_iter().all(|other| other.name != benchmark.name));
        }
    }
}
