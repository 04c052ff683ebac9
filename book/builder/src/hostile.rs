//! `{{#hostile matrix}}`: what every hostile peer made of every server, as it was recorded.

use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;

use crate::html;
use crate::record::{self, Fault};

/// The record, from the repository's root, and the command that writes it.
const RECORD: &str = "book/measured/hostile.json";
const WRITER: &str = "cargo xtask hostile matrix";

/// What a cell says when its server gave all that it owed.
const STANDS: &str = "stands";

#[derive(Debug, Deserialize)]
struct Record {
    date: String,
    machine: String,
    noise_us: u64,
    servers: Vec<Server>,
    peers: Vec<Peer>,
    cells: Vec<Cell>,
    left_out: Vec<LeftOut>,
}

#[derive(Debug, Deserialize)]
struct Server {
    name: String,
    bound_kib: u64,
}

#[derive(Debug, Deserialize)]
struct Peer {
    name: String,
}

#[derive(Debug, Deserialize)]
struct Cell {
    server: String,
    peer: String,
    outcome: String,
    normal_us: u64,
    attacked_us: u64,
    attacked_slow_us: u64,
    attacked_longest_us: u64,
    peak_kib: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct LeftOut {
    what: String,
    why: String,
}

/// Three tables of peers and servers, with the honest client's time; a table of the slowest end of each
/// server, and one of the memory that it has taken at most; and what no peer was let at.
///
/// # Errors
/// The record is missing or damaged: what is wrong, and the mend.
pub fn matrix(root: &Path) -> Result<String, Fault> {
    let record: Record = record::read(root, RECORD, WRITER)?;
    let fits = |cell: &Cell| {
        record
            .servers
            .iter()
            .any(|server| server.name == cell.server)
            && record.peers.iter().any(|peer| peer.name == cell.peer)
    };
    if record.cells.is_empty() || !record.cells.iter().all(fits) {
        return Err(record::damaged(
            RECORD,
            "a cell names no server or no peer",
            WRITER,
        ));
    }
    let mut page = String::new();
    for names in [
        &["disk-line", "disk-http", "relay-tcp", "unix-stream"][..],
        &["chat", "chat-anytime"],
        &["relay-udp", "unix-datagram", "name-plate"],
    ] {
        page.push_str(&table(&record, names));
    }
    page.push_str(&slow_ends(&record));
    page.push_str(&memory(&record));
    let _ = writeln!(
        page,
        "Recorded on {}, on a machine with {}. A ratio of requests that both take less than {} says \
         more of the machine than of the server.\n\nNo peer was let at:\n",
        html::escape(&record.date),
        html::escape(&record.machine),
        milliseconds(record.noise_us),
    );
    for left in &record.left_out {
        let _ = writeln!(page, "- {}: {}", left.what, left.why);
    }
    Ok(page)
}

/// Peers down, these servers across: those peers that one of them meets.
fn table(record: &Record, servers: &[&str]) -> String {
    let mut rows = String::new();
    for peer in &record.peers {
        let cells: Vec<String> = servers
            .iter()
            .map(|server| {
                let cell = record
                    .cells
                    .iter()
                    .find(|cell| cell.server == *server && cell.peer == peer.name);
                cell.map(shown).unwrap_or_default()
            })
            .collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            let _ = writeln!(rows, "| `{}` | {} |", peer.name, cells.join(" | "));
        }
    }
    let (names, line) = (servers.join(" | "), "---|".repeat(servers.len()));
    below(&format!("| peer | {names} |\n|---|{line}"), &rows)
}

fn shown(cell: &Cell) -> String {
    if cell.outcome != STANDS {
        return format!(
            "**falls**: {}",
            html::escape(&cell.outcome).replace('|', "\\|")
        );
    }
    format!(
        "{}, {}",
        times(cell.attacked_us, cell.normal_us),
        milliseconds(cell.attacked_us)
    )
}

/// The slowest end of each server in any attack, and the slowest single request, where they were measured.
fn slow_ends(record: &Record) -> String {
    let mut rows = String::new();
    let slow = worst(record, |cell| cell.attacked_slow_us);
    let longest = worst(record, |cell| cell.attacked_longest_us);
    for ((server, slow), (_, longest)) in slow.zip(longest) {
        // Where it was not measured it is nothing.
        if slow.attacked_slow_us > 0 {
            let _ = writeln!(
                rows,
                "| {} | {} | `{}` | {} | `{}` |",
                server.name,
                milliseconds(slow.attacked_slow_us),
                slow.peer,
                milliseconds(longest.attacked_longest_us),
                longest.peer
            );
        }
    }
    below(
        "| server | slow end at most | by the peer | one request at most | by the peer |\n\
         |---|--:|---|--:|---|",
        &rows,
    )
}

/// The most memory that each server has taken in any attack, beside its bound.
fn memory(record: &Record) -> String {
    let mut rows = String::new();
    for (server, cell) in worst(record, |cell| cell.peak_kib) {
        let peak = cell.peak_kib.map_or("not measured".to_owned(), mebibytes);
        let bound = mebibytes(server.bound_kib);
        let _ = writeln!(
            rows,
            "| {} | {peak} | `{}` | {bound} |",
            server.name, cell.peer
        );
    }
    below(
        "| server | memory at most | by the peer | its bound |\n|---|--:|---|--:|",
        &rows,
    )
}

/// Each server that was attacked, with the cell in which `what` is most.
fn worst<T: Ord>(
    record: &Record,
    what: impl Fn(&Cell) -> T,
) -> impl Iterator<Item = (&Server, &Cell)> {
    record.servers.iter().filter_map(move |server| {
        let cells = record.cells.iter();
        let cells = cells.filter(|cell| cell.server == server.name);
        Some((server, cells.max_by_key(|cell| what(cell))?))
    })
}

/// A table, if it has rows.
fn below(head: &str, rows: &str) -> String {
    if rows.is_empty() {
        String::new()
    } else {
        format!("{head}\n{rows}\n")
    }
}

/// `1.2 ×`, rounded to a tenth.
fn times(with: u64, without: u64) -> String {
    let tenths = (with * 10 + without / 2) / without.max(1);
    format!("{}.{} ×", tenths / 10, tenths % 10)
}

/// `0.12 ms`, rounded to a hundredth.
fn milliseconds(micros: u64) -> String {
    let hundredths = (micros + 5) / 10;
    format!("{}.{:02} ms", hundredths / 100, hundredths % 100)
}

/// `5.1 MiB`, rounded to a tenth.
fn mebibytes(kib: u64) -> String {
    let tenths = (kib * 10 + 512) / 1024;
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const SMALL: &str = r#"{
        "date": "2026-01-02", "machine": "2 processors, Linux x86_64", "noise_us": 500,
        "servers": [{"name": "disk-line", "bound_kib": 16384}, {"name": "chat", "bound_kib": 100}],
        "peers": [{"name": "silent"}, {"name": "flood"}, {"name": "empty"}],
        "cells": [
            {"server": "disk-line", "peer": "silent", "outcome": "stands",
             "normal_us": 100, "attacked_us": 126, "attacked_slow_us": 907, "attacked_longest_us": 4007, "peak_kib": 5222},
            {"server": "disk-line", "peer": "flood", "outcome": "it | <died>",
             "normal_us": 0, "attacked_us": 0, "attacked_slow_us": 0, "attacked_longest_us": 0, "peak_kib": null},
            {"server": "chat", "peer": "silent", "outcome": "stands",
             "normal_us": 100, "attacked_us": 100, "attacked_slow_us": 0, "attacked_longest_us": 0, "peak_kib": 3072}
        ],
        "left_out": [{"what": "`receive`", "why": "it ends"}]
    }"#;

    fn page(record: &str) -> Result<String, Fault> {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("book/measured")).unwrap();
        fs::write(folder.path().join(RECORD), record).unwrap();
        matrix(folder.path())
    }

    #[test]
    fn the_record_becomes_tables() {
        insta::assert_snapshot!(page(SMALL).unwrap(), @r"
        | peer | disk-line | disk-http | relay-tcp | unix-stream |
        |---|---|---|---|---|
        | `silent` | 1.3 ×, 0.13 ms |  |  |  |
        | `flood` | **falls**: it \| &lt;died&gt; |  |  |  |

        | peer | chat | chat-anytime |
        |---|---|---|
        | `silent` | 1.0 ×, 0.10 ms |  |

        | server | slow end at most | by the peer | one request at most | by the peer |
        |---|--:|---|--:|---|
        | disk-line | 0.91 ms | `silent` | 4.01 ms | `silent` |

        | server | memory at most | by the peer | its bound |
        |---|--:|---|--:|
        | disk-line | 5.1 MiB | `silent` | 16.0 MiB |
        | chat | 3.0 MiB | `silent` | 0.1 MiB |

        Recorded on 2026-01-02, on a machine with 2 processors, Linux x86_64. A ratio of requests that both take less than 0.50 ms says more of the machine than of the server.

        No peer was let at:

        - `receive`: it ends
        ");
    }

    #[test]
    fn a_record_that_is_missing_or_damaged_is_a_fault() {
        let (what, mend) = matrix(Path::new("/nowhere")).unwrap_err();
        assert!(what.contains("cannot be read") && mend.contains("cargo xtask hostile matrix"));
        for damaged in [
            "",
            "{}",
            &SMALL[..SMALL.len() - 1],
            &SMALL.replace("\"disk-line\", \"peer\"", "\"disk\", \"peer\""),
            &SMALL.replace("\"normal_us\": 100, ", ""),
        ] {
            assert!(
                page(damaged).unwrap_err().0.contains("is damaged"),
                "{damaged}"
            );
        }
    }
}
