//! What the soak leaves for the book: a record and a plot.

use std::fs;
use std::io::{self, Write as _};

use anyhow::{Context as _, Result};
use serde::Serialize;

use super::sample::{Growth, Sample};
use super::{Soaked, plot};
use crate::lab::matrix::{first_line, machine};

/// Where the record is, from the repository's root.
const RECORD: &str = "book/measured/soak.json";

/// Where the plot is: beside the other pictures of the book.
const PLOT: &str = "book/src/images/soak.svg";

#[derive(Serialize)]
struct Record<'a> {
    date: String,
    machine: String,
    profile: &'static str,
    minutes: f64,
    servers: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'static str,
    answered: u64,
    failed: u64,
    errors: &'a [String],
    called_again: u64,
    came_again: u64,
    attacks: u64,
    hostile_connections: u64,
    memory: Option<Growth>,
    bound_kib: Option<u64>,
    before: Option<Sample>,
    after: Option<Sample>,
    faults: Vec<String>,
    /// Second, resident KiB, proportional KiB, threads, descriptors.
    samples: Vec<[u64; 5]>,
}

/// Writes both.
///
/// # Errors
/// A file cannot be written.
pub fn write(minutes: f64, all: &[Soaked]) -> Result<()> {
    let record = Record {
        date: first_line("date", &["+%Y-%m-%d"]),
        machine: machine(),
        profile: if cfg!(debug_assertions) {
            "dev"
        } else {
            "release"
        },
        minutes,
        servers: all.iter().map(row).collect(),
    };
    let caption = format!(
        "{} minutes on {}, {}, {} profile",
        record.minutes, record.date, record.machine, record.profile
    );
    let text = serde_json::to_string(&record)?.replace("{\"name\"", "\n{\"name\"") + "\n";
    for (name, text) in [(RECORD, text), (PLOT, plot::svg(&caption, all))] {
        let path = scenes::root().join(name);
        let folder = path.parent().context("the record has a folder")?;
        fs::create_dir_all(folder)?;
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        let _ = writeln!(io::stdout(), "written to {name}");
    }
    Ok(())
}

fn row(one: &Soaked) -> Row<'_> {
    let growth = one.series.growth();
    Row {
        name: one.name,
        answered: one.answered,
        failed: one.failed,
        errors: &one.errors,
        called_again: one.called_again,
        came_again: one.came_again,
        attacks: one.attacks,
        hostile_connections: one.hostile_connections,
        memory: growth,
        bound_kib: growth.map(Growth::bound_kib),
        before: one.before,
        after: one.after,
        faults: one.faults(),
        samples: one
            .series
            .samples()
            .iter()
            .map(|s| [s.second, s.rss_kib, s.pss_kib, s.threads, s.descriptors])
            .collect(),
    }
}
