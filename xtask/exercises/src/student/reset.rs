//! `reset`: the exercise as it was handed out. What the student has written is kept aside.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anstream::println;
use anyhow::{Context, Result, bail};

use super::Course;
use super::answer::is_changed;
use crate::text::{width, wrap};

/// Writes `exercise.rs` as it was handed out, and keeps what stood there.
///
/// # Errors
/// When either cannot be written. Then the student's file stands where it stood.
pub fn run(course: &Course, name: &str) -> Result<()> {
    let exercise = course.find(name)?;
    let file = exercise.file();
    if exercise.known.starter.is_empty() {
        bail!(
            "{} does not say how the file was handed out: get the course anew",
            course.shown(&exercise.folder.join(crate::known::FILE))
        );
    }
    let shown = course.shown(&file);
    let kept = if is_changed(exercise) {
        let kept = course
            .store
            .free_name(&exercise.name, "rs")
            .with_context(|| format!("your {shown} cannot be kept aside, so it stays as it is"))?;
        Some(kept)
    } else {
        None
    };
    replace(&file, &exercise.known.starter, kept.as_deref())
        .with_context(|| format!("your {shown} stays as it is"))?;
    course.note(|progress| {
        progress.exercises.remove(&exercise.name);
        progress.unchecked.remove(&exercise.name);
        progress.current = Some(exercise.name.clone());
    });
    let said = match kept {
        Some(kept) => format!(
            "{shown} is as it was handed out.\nYours is kept as {}.",
            course.shown(&kept)
        ),
        None => format!("{shown} is as it was handed out; nothing of yours stood there."),
    };
    println!("{}", wrap(&said, width(), "", "  "));
    Ok(())
}

/// Puts the text in the file's place, and the file in the place that was taken for it.
///
/// Only names change: nothing can be half copied, and a full disk is noticed before.
fn replace(file: &Path, text: &str, kept: Option<&Path>) -> Result<()> {
    let new = file.with_file_name(format!(".exercise.rs.{}.new", std::process::id()));
    let give_up = |error: std::io::Error, what: &str| {
        let _ = fs::remove_file(&new);
        if let Some(kept) = kept {
            // The empty file that held the place. It is a folder's name, if it is the student's.
            if fs::metadata(kept).is_ok_and(|kept| kept.is_file() && kept.len() == 0) {
                let _ = fs::remove_file(kept);
            }
        }
        Err(error).context(what.to_owned())
    };
    let write = || {
        let mut new = File::create(&new)?;
        new.write_all(text.as_bytes())?;
        new.sync_all()
    };
    if let Err(error) = write() {
        return give_up(error, "cannot write the new file");
    }
    if let Some(kept) = kept {
        if file.is_dir()
            && let Err(error) = fs::remove_file(kept)
        {
            return give_up(error, "cannot keep the folder aside");
        }
        if let Err(error) = fs::rename(file, kept) {
            return give_up(error, "cannot keep it aside");
        }
    }
    if let Err(error) = fs::rename(&new, file) {
        if let Some(kept) = kept {
            fs::rename(kept, file).with_context(|| format!("yours is now {}", kept.display()))?;
        }
        return give_up(error, "cannot put the new file in its place");
    }
    Ok(())
}

/// The moment in UTC, as a part of a file's name: `2026-11-23-144413`.
pub fn moment() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    name_of(now.map_or(0, |since| since.as_secs()))
}

/// The name of a moment, given in seconds since 1970. The years begin in March here, so that the day
/// that is not in every year is their last.
fn name_of(seconds: u64) -> String {
    const DAYS_IN_400_YEARS: u64 = 146_097;
    // From 1 March 0000.
    let day = seconds / 86_400 + 719_468;
    let (era, day) = (day / DAYS_IN_400_YEARS, day % DAYS_IN_400_YEARS);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    let year = era * 400 + year + next;
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}-{hour:02}{minute:02}{second:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_its_date() {
        for (seconds, name) in [
            (0, "1970-01-01-000000"),
            (951_782_399, "2000-02-28-235959"),
            (951_782_400, "2000-02-29-000000"),
            (951_868_800, "2000-03-01-000000"),
            (1_795_445_053, "2026-11-23-144413"),
            (4_107_542_400, "2100-03-01-000000"),
        ] {
            assert_eq!(name_of(seconds), name);
        }
    }
}
