//! What the students have handed in. Nothing of it is unpacked or run here: texts are read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{Cursor, Read, Seek};
use std::path::Path;

use anyhow::{Context, Result};
use zip::ZipArchive;

use crate::catalog::Exercise;

use super::collect::Collector;

/// Deeper folders are not looked into.
const DEEPEST: usize = 12;

/// So many files and folders of a submission are looked at.
const ENTRIES: usize = 100_000;

/// So many octets of a zip in a zip are read.
const LARGEST_INNER: u64 = 16 << 20;

/// What one student has handed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Submission {
    /// The student's name.
    pub name: String,
    /// The file or folder that it came from.
    pub file: String,
    /// By exercise.
    pub answers: BTreeMap<String, Answer>,
    /// What is odd about it, as sentences.
    pub notes: Vec<String>,
}

/// The file `exercise.rs` of an exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Its text.
    Text(String),
    /// Why it cannot be read.
    Unreadable(String),
}

/// All submissions of a folder, by name, and the files that are none.
#[derive(Debug, Default)]
pub struct Submissions {
    /// The submissions.
    pub all: Vec<Submission>,
    /// Files that are no submissions.
    pub others: Vec<String>,
}

/// Reads a folder of submissions: a zip or a folder, one a student.
///
/// # Errors
/// When the folder itself cannot be read.
pub fn read(folder: &Path, exercises: &[Exercise]) -> Result<Submissions> {
    let entries = fs::read_dir(folder)
        .with_context(|| format!("cannot read the folder {}", folder.display()))?;
    let mut found = Submissions::default();
    for entry in entries {
        let path = entry?.path();
        let file = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        // `.DS_Store` and the like.
        if file.starts_with('.') || file == "__MACOSX" {
            continue;
        }
        match read_one(&path, &file, exercises) {
            Some(submission) => found.all.push(submission),
            None => found.others.push(file),
        }
    }
    found.others.sort();
    tell_apart(&mut found.all);
    found
        .all
        .sort_by_cached_key(|one| (one.name.to_lowercase(), one.file.clone()));
    Ok(found)
}

fn read_one(path: &Path, file: &str, exercises: &[Exercise]) -> Option<Submission> {
    let mut collector = Collector::new(exercises);
    let Ok(kind) = path.symlink_metadata() else {
        return None;
    };
    let mut name = file;
    if kind.is_dir() {
        // Moodle names a student's folder `Anna Example_12345_assignsubmission_file`.
        if let Some((student, _)) = file.split_once("_assignsubmission_") {
            name = student.trim_end_matches(|c: char| c == '_' || c.is_ascii_digit());
        }
        walk(path, "", 0, &mut collector);
    } else if kind.is_symlink() {
        collector.note("It is a symbolic link: those are not followed.");
    } else if is_zip(path, file) {
        name = file.strip_suffix(".zip").unwrap_or(file);
        let opened = File::open(path).map_err(|error| error.to_string());
        if let Err(error) = opened.and_then(|file| read_zip(file, "", 0, &mut collector)) {
            collector.note(&format!("The zip cannot be read: {error}."));
        }
    } else if is_other_archive(file) {
        collector.note("It is no zip: ask for one made by `cargo xtask exercise export`.");
    } else {
        return None;
    }
    Some(collector.submission(name, file))
}

fn ends_with(file: &str, ending: &str) -> bool {
    let found = Path::new(file).extension();
    found.is_some_and(|found| found.eq_ignore_ascii_case(ending))
}

fn is_zip(path: &Path, file: &str) -> bool {
    let begins = || -> std::io::Result<bool> {
        let mut magic = [0; 4];
        File::open(path)?.read_exact(&mut magic)?;
        Ok(magic == *b"PK\x03\x04")
    };
    ends_with(file, "zip") || begins().unwrap_or(false)
}

fn is_other_archive(file: &str) -> bool {
    let archives = ["7z", "bz2", "gz", "rar", "tar", "tgz", "xz", "zst"];
    archives.iter().any(|ending| ends_with(file, ending))
}

/// Looks through a folder. `inside` is its path in the submission.
fn walk(folder: &Path, inside: &str, depth: usize, collector: &mut Collector) {
    let Ok(entries) = fs::read_dir(folder) else {
        collector.note(&format!("The folder `{inside}` cannot be read."));
        return;
    };
    for entry in entries.flatten() {
        if collector.looked_at() > ENTRIES || depth > DEEPEST {
            collector.note("It has more files and folders than are looked at.");
            return;
        }
        let file = entry.file_name().to_string_lossy().into_owned();
        let own = format!("{inside}{file}");
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        if kind.is_dir() {
            if !Collector::is_skipped(&own) {
                walk(&entry.path(), &format!("{own}/"), depth + 1, collector);
            }
        } else if kind.is_symlink() {
            collector.offer(&own, || {
                Err::<File, _>("is a symbolic link: those are not followed".into())
            });
        } else if !kind.is_file() {
            collector.offer(&own, || Err::<File, _>("is no plain file".into()));
        } else if ends_with(&file, "zip") && depth < 3 {
            // A course platform makes a folder a student, with the student's zip in it.
            let opened = File::open(entry.path()).map_err(|error| error.to_string());
            let inner = format!("{own}/");
            if let Err(error) = opened.and_then(|file| read_zip(file, &inner, 0, collector)) {
                collector.note(&format!("The zip `{own}` cannot be read: {error}."));
            }
        } else {
            collector.offer(&own, || {
                File::open(entry.path())
                    .map(|file| Box::new(file) as Box<dyn Read>)
                    .map_err(|error| format!("cannot be read: {error}"))
            });
        }
    }
}

fn read_zip(
    file: impl Read + Seek,
    inside: &str,
    depth: usize,
    collector: &mut Collector,
) -> Result<(), String> {
    let words = |error: zip::result::ZipError| error.to_string();
    let mut zip = ZipArchive::new(file).map_err(words)?;
    if zip.has_duplicate_names() {
        collector.note("The zip has two files of the same name: the last one counts.");
    }
    for index in 0..zip.len().min(ENTRIES) {
        // Raw: nothing is decompressed, and an encrypted file still has its name.
        let (name, encrypted, link) = match zip.by_index_raw(index) {
            Ok(entry) if entry.is_dir() => continue,
            Ok(entry) => {
                let name = entry.name().map(std::borrow::Cow::into_owned);
                (name, entry.encrypted(), entry.is_symlink())
            }
            Err(error) => {
                collector.note(&format!("A file of the zip cannot be read: {error}."));
                continue;
            }
        };
        let Ok(name) = name else {
            collector.note("A file of the zip has a name that cannot be read.");
            continue;
        };
        // A path is judged by itself, not behind the folder that the zip is in.
        if Collector::leads_outside(&name) {
            collector.outside(&name);
            continue;
        }
        // Who hands in a folder may have zipped the zip again. One in that one is not looked for.
        let is_zip = ends_with(&name, "zip") && !Collector::is_skipped(&name);
        if is_zip && !encrypted && depth == 0 {
            let inner = zip.by_index(index).map_err(words)?;
            let inside = format!("{inside}{name}/");
            let outcome = collector
                .read(inner, LARGEST_INNER)
                .and_then(|octets| read_zip(Cursor::new(octets), &inside, 1, collector));
            if let Err(error) = outcome {
                collector.note(&format!("The zip `{name}` in it cannot be read: {error}."));
            }
            continue;
        }
        collector.offer(&format!("{inside}{name}"), || {
            if encrypted {
                return Err("is encrypted: ask for a zip without a password".into());
            }
            if link {
                return Err("is a symbolic link: those are not followed".into());
            }
            zip.by_index(index)
                .map_err(|error| format!("cannot be read: {error}"))
        });
    }
    Ok(())
}

/// Two students of the same name get their files' names behind it.
fn tell_apart(all: &mut [Submission]) {
    let mut seen = BTreeSet::new();
    let names: Vec<String> = all.iter().map(|one| one.name.clone()).collect();
    let twice: BTreeSet<&String> = names.iter().filter(|name| !seen.insert(*name)).collect();
    for one in all {
        if twice.contains(&one.name) {
            one.name = format!("{} ({})", one.name, super::collect::clean(&one.file));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// A small zip whose directory names the same packed 16 MiB, a zip by its name, again and again.
    fn bomb(times: u16) -> Vec<u8> {
        let packed = SimpleFileOptions::default();
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("0000.zip", packed).unwrap();
        writer
            .write_all(&vec![0; usize::try_from(LARGEST_INNER).unwrap()])
            .unwrap();
        let zip = writer.finish().unwrap().into_inner();
        let end = zip.len() - 22;
        let directory = u32::from_le_bytes(zip[end + 16..end + 20].try_into().unwrap());
        let (files, rest) = zip.split_at(usize::try_from(directory).unwrap());
        let (entry, last) = rest.split_at(rest.len() - 22);
        let mut bomb = files.to_vec();
        for number in 0..times {
            let mut entry = entry.to_vec();
            let name = entry.windows(4).position(|name| name == b"0000").unwrap();
            entry[name..name + 4].copy_from_slice(format!("{number:04}").as_bytes());
            bomb.extend(entry);
        }
        let size = u32::try_from(bomb.len() - files.len()).unwrap();
        let mut last = last.to_vec();
        last[8..10].copy_from_slice(&times.to_le_bytes());
        last[10..12].copy_from_slice(&times.to_le_bytes());
        last[12..16].copy_from_slice(&size.to_le_bytes());
        bomb.extend(last);
        bomb
    }

    #[test]
    fn a_zip_that_unpacks_without_end_is_read_up_to_a_bound() {
        let bomb = bomb(3000);
        assert!(bomb.len() < 300_000);
        let mut collector = Collector::new(&[]);
        read_zip(Cursor::new(bomb), "", 0, &mut collector).unwrap();
        let submission = collector.submission("anna", "anna.zip");
        let last = submission.notes.last().unwrap();
        assert!(
            last.contains("octets of a submission are"),
            "{submission:?}"
        );
    }
}
