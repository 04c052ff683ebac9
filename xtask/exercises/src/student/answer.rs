//! The student's file, whatever state it is in.

use std::fmt::Write as _;
use std::fs;
use std::io::{ErrorKind, Read as _};

use crate::catalog::Exercise;

/// A longer file is no answer, but an accident.
const LARGEST: u64 = 1 << 20;

/// Reads the student's answer.
///
/// # Errors
/// A sentence for the student, when there is no text to be compiled.
pub fn read(exercise: &Exercise, shown: &str) -> Result<String, String> {
    let name = &exercise.name;
    let reset = format!("`cargo xtask exercise reset {name}` writes the file as it was handed out");
    let path = exercise.file();
    let metadata = match fs::metadata(&path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(format!("{shown} is missing: {reset}."));
        }
        Err(error) => {
            return Err(format!(
                "{shown} cannot be read ({error}): look at who may read it."
            ));
        }
    };
    if metadata.is_dir() {
        return Err(format!("{shown} is a folder: move it away, and {reset}."));
    }
    if !metadata.is_file() {
        // A pipe would be waited for.
        return Err(format!(
            "{shown} is not a plain file: move it away, and {reset}."
        ));
    }
    if metadata.len() > LARGEST {
        return Err(format!(
            "{shown} has {} MB: an answer has a few hundred lines. Look at what was saved there, or {reset} (yours is kept).",
            metadata.len() / 1_000_000
        ));
    }
    let mut octets = Vec::new();
    let read = fs::File::open(&path).and_then(|file| {
        // It may grow while it is read.
        file.take(LARGEST + 1).read_to_end(&mut octets)
    });
    if let Err(error) = read {
        return Err(format!(
            "{shown} cannot be read ({error}): look at who may read it."
        ));
    }
    let text = String::from_utf8(octets).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].split(|octet| *octet == b'\n').count();
        format!(
            "{shown} is not UTF-8 text: octet {:02x} in line {line}. Let your editor save it as UTF-8.",
            error.as_bytes()[at]
        )
    })?;
    if text.trim().is_empty() {
        return Err(format!("{shown} is empty: write your answer, or {reset}."));
    }
    Ok(text)
}

/// Does the student's file differ from what was handed out? Line ends do not count.
pub fn is_changed(exercise: &Exercise) -> bool {
    let file = exercise.file();
    match fs::metadata(&file) {
        Ok(metadata) if metadata.is_file() && metadata.len() <= LARGEST => {
            fs::read(file).map_or(true, |octets| {
                let text = String::from_utf8_lossy(&octets).replace("\r\n", "\n");
                text != exercise.known.starter
            })
        }
        // Whatever it is (a folder, a pipe), it was not handed out.
        Ok(_) => true,
        Err(error) => error.kind() != ErrorKind::NotFound,
    }
}

/// A short name of a text: equal texts have the same, and others hardly ever (FNV-1a, 64 bits).
pub fn fingerprint(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, octet| {
        (hash ^ u64::from(octet)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let mut name = String::new();
    let _ = write!(name, "{hash:016x}");
    name
}
