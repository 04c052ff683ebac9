//! `export`: one file to hand in, with the student's answers and nothing else of the machine.

use std::fs::{self, File};
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;

use anstream::println;
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::Course;
use crate::text::{count, width, wrap};

/// The file's name when none is given.
pub const USUAL: &str = "hand-in.zip";

/// What stands in the file about itself, beside the answers.
pub const ABOUT: &str = "hand-in.json";

/// A longer file is no answer.
const LARGEST: u64 = 1 << 20;

/// What `hand-in.json` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The version of the course.
    pub course: String,
    /// The name that the student gave, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl About {
    /// About answers to this version of the course.
    pub fn new(name: Option<&str>) -> Self {
        Self {
            course: env!("CARGO_PKG_VERSION").into(),
            name: name.map(str::to_owned),
        }
    }
}

/// Writes the file.
///
/// # Errors
/// When it cannot be written, or something else stands there.
pub fn run(course: &Course, file: &Path, name: Option<&str>) -> Result<()> {
    if file.file_name().is_none_or(|_| file.is_dir()) {
        bail!("{} is a folder: name a file in it", file.display());
    }
    if fs::symlink_metadata(file).is_ok() && !is_hand_in(file) {
        bail!(
            "{} exists, and is no file that was handed in before: choose another name",
            file.display()
        );
    }
    let mut beside = file.as_os_str().to_owned();
    beside.push(format!(".{}.new", std::process::id()));
    let beside = Path::new(&beside);
    let write = || {
        let packed = pack(course, name)?;
        let mut new = File::create(beside)?;
        new.write_all(&packed.octets)?;
        new.sync_all()?;
        fs::rename(beside, file)?;
        anyhow::Ok(packed)
    };
    let packed = match write() {
        Ok(packed) => packed,
        Err(error) => {
            let _ = fs::remove_file(beside);
            return Err(error).with_context(|| format!("cannot write {}", file.display()));
        }
    };
    for why in &packed.left_out {
        println!("{}", wrap(&format!("Left out: {why}"), width(), "", "  "));
    }
    let untouched = match packed.untouched {
        0 => String::new(),
        number => format!(", and {} still as handed out", count(number as u64, "file")),
    };
    let own = packed.answers.saturating_sub(packed.untouched);
    let said = format!(
        "{} holds your answers to {}{untouched}. Hand in this one file.",
        file.display(),
        count(own as u64, "exercise")
    );
    println!("{}", wrap(&said, width(), "", "  "));
    if name.is_none_or(|name| name.trim().is_empty()) {
        let said = "Your name is not in it. Unless the file's own name tells who you are, write it \
                    again with `--name \"Your Name\"`.";
        println!("{}", wrap(said, width(), "", "  "));
    }
    Ok(())
}

/// What was packed.
struct Packed {
    /// The file.
    octets: Vec<u8>,
    answers: usize,
    /// So many of them are as handed out.
    untouched: usize,
    /// Sentences about files that were not.
    left_out: Vec<String>,
}

/// Packs the answers. Equal answers give equal files: no times, no owner, no place.
fn pack(course: &Course, name: Option<&str>) -> Result<Packed> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let about = About::new(name);
    zip.start_file(ABOUT, options)?;
    zip.write_all(serde_json::to_string_pretty(&about)?.as_bytes())?;
    let mut packed = Packed {
        octets: Vec::new(),
        answers: 0,
        untouched: 0,
        left_out: Vec::new(),
    };
    for exercise in &course.exercises {
        match read(&exercise.file()) {
            Ok(octets) => {
                let (lesson, name) = (&exercise.lesson, &exercise.name);
                let path = format!("lessons/{lesson}/exercises/{name}/exercise.rs");
                zip.start_file(path, options)?;
                zip.write_all(&octets)?;
                packed.answers += 1;
                // Windows may have changed the line ends.
                let starter = exercise.known.starter.lines();
                let same = str::from_utf8(&octets).is_ok_and(|text| text.lines().eq(starter));
                packed.untouched += usize::from(same);
            }
            Err(why) => packed
                .left_out
                .push(format!("{}: {why}", course.shown(&exercise.file()))),
        }
    }
    packed.octets = zip.finish()?.into_inner();
    Ok(packed)
}

/// An answer, as it is: even one that is not text.
fn read(path: &Path) -> Result<Vec<u8>> {
    let mut octets = Vec::new();
    if !fs::metadata(path)?.is_file() {
        bail!("it is not a plain file");
    }
    File::open(path)?
        .take(LARGEST + 1)
        .read_to_end(&mut octets)?;
    if octets.len() as u64 > LARGEST {
        bail!("it is larger than 1 MiB, and so no answer");
    }
    Ok(octets)
}

/// Was the file written by `export`?
fn is_hand_in(path: &Path) -> bool {
    File::open(path)
        .ok()
        .and_then(|file| ZipArchive::new(file).ok())
        .is_some_and(|zip| zip.index_for_name(ABOUT).is_some())
}
