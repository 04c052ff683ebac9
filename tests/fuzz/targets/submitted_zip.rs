//! What students hand in: zips that nobody trusts.
//!
//! Oracles: zips that the target itself has written; for any octets, the limits that the grader
//! promises.
#![no_main]

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;
use std::sync::LazyLock;

use exercises::catalog::{self, Exercise};
use exercises::grade::submissions::{Answer, Submission, read};
use fuzz::assert_harmless;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

static EXERCISES: LazyLock<Vec<Exercise>> = LazyLock::new(|| {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    catalog::read(root).expect("the exercises")
});

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| TempDir::new().expect("a folder"));

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    entries: Vec<Entry<'a>>,
    raw: &'a [u8],
    /// Octets of the written zip that are changed.
    damage: Vec<(u16, u8)>,
}

#[derive(Arbitrary, Debug)]
struct Entry<'a> {
    exercise: Option<u8>,
    name: &'a str,
    deflated: bool,
    content: &'a [u8],
}

impl Entry<'_> {
    fn path(&self) -> String {
        match self.exercise {
            Some(number) => {
                let exercise = &EXERCISES[usize::from(number) % EXERCISES.len()];
                let (lesson, name) = (&exercise.lesson, &exercise.name);
                format!("lessons/{lesson}/exercises/{name}/exercise.rs")
            }
            None => self.name.to_owned(),
        }
    }
}

fuzz_target!(|input: Input| {
    if let Some(submission) = hand_in(input.raw) {
        limits(&submission);
    }
    let Some(mut zip) = written(&input.entries) else {
        return;
    };
    let submission = hand_in(&zip).expect("it is called .zip");
    limits(&submission);
    for entry in &input.entries {
        let Some(number) = entry.exercise else {
            continue;
        };
        let name = &EXERCISES[usize::from(number) % EXERCISES.len()].name;
        let same = |other: &&Entry| other.path().ends_with(&format!("{name}/exercise.rs"));
        let answer = submission
            .answers
            .get(name)
            .expect("it stands in its place");
        // One answer to an exercise: it is read as it was written.
        if input.entries.iter().filter(same).count() == 1 {
            let text = std::str::from_utf8(entry.content).ok();
            let expected = text.filter(|text| !text.as_bytes().trim_ascii().is_empty());
            let read = match answer {
                Answer::Text(text) => Some(text.as_str()),
                Answer::Unreadable(_) => None,
            };
            assert_eq!(read, expected);
        }
    }
    for (at, octet) in &input.damage {
        let at = usize::from(*at) % zip.len();
        zip[at] = *octet;
    }
    if let Some(submission) = hand_in(&zip) {
        limits(&submission);
    }
});

/// The zip as the grader finds it: a file in a folder.
fn hand_in(zip: &[u8]) -> Option<Submission> {
    fs::write(FOLDER.path().join("anna.zip"), zip).expect("room for a file");
    let found = read(FOLDER.path(), &EXERCISES).expect("a folder");
    // Nothing is unpacked.
    let files = fs::read_dir(FOLDER.path()).expect("a folder").count();
    assert_eq!(files, 1);
    found.all.into_iter().next()
}

fn written(entries: &[Entry]) -> Option<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for entry in entries {
        let method = if entry.deflated {
            CompressionMethod::Deflated
        } else {
            CompressionMethod::Stored
        };
        let options = SimpleFileOptions::default().compression_method(method);
        // A name that stands in it already is refused.
        writer.start_file(entry.path(), options).ok()?;
        writer.write_all(entry.content).ok()?;
    }
    Some(writer.finish().ok()?.into_inner())
}

fn limits(submission: &Submission) {
    for text in [&submission.name].into_iter().chain(&submission.notes) {
        assert_harmless(text, &[]);
        assert!(text.chars().count() <= 200);
    }
    assert!(submission.notes.len() <= 10);
    for (name, answer) in &submission.answers {
        assert!(EXERCISES.iter().any(|exercise| exercise.name == *name));
        match answer {
            Answer::Text(text) => {
                assert!(!text.trim_ascii().is_empty() && text.len() <= 256 * 1024);
            }
            Answer::Unreadable(why) => assert_harmless(why, &[]),
        }
    }
}
