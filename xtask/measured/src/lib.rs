//! What a benchmark has measured.
//!
//! A crate of its own, because two programs need it: `cargo xtask bench`, which measures and writes,
//! and the builder of the book, which reads and shows.
//!
//! - [`report`]: the file: machine, date, every single value.
//! - [`statistics`]: median, spread and ratio of such values.
//! - [`verdict`]: is a target met?
//! - [`figure`]: a value with its unit, in three digits.
//! - [`plot`]: a drawing of a group of values, as SVG.

pub mod figure;
pub mod plot;
pub mod report;
pub mod statistics;
pub mod verdict;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use report::Report;

/// The folder of the files that the book shows, below the root of the repository.
pub const FOLDER: &str = "book/measured";

/// The file of a benchmark in the folder `folder`.
pub fn file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.json"))
}

/// Reads what the benchmark `name` has measured, and checks it.
///
/// # Errors
/// When there is no such file, or it is damaged: see [`Report::parse`].
pub fn read(folder: &Path, name: &str) -> Result<Report> {
    let path = file(folder, name);
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let report = Report::parse(&text).with_context(|| format!("{} is damaged", path.display()))?;
    if report.name != name {
        anyhow::bail!("{} holds the benchmark `{}`", path.display(), report.name);
    }
    Ok(report)
}
