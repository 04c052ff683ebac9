//! `watch`: a verdict at each save.

use std::process::ExitCode;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;

use anstream::{print, println};
use anyhow::Result;

use super::check::{self, Judged};
use super::scratch::{self, Scratch};
use super::{Course, list, show};
use crate::catalog::Exercise;
use crate::compile::Libraries;
use crate::text::{ASIDE, GOOD, HEAD, paint, width, wrap};

mod files;
mod keys;

pub use keys::restore;

use files::Files;
use keys::Keys;

/// The end of the line that offers the keys, where they need Enter: the verdict is complete.
pub const OFFERED: &str = "each with Enter";

/// What can happen while the watch waits.
#[derive(Debug)]
pub enum Happening {
    /// Something was done to the file.
    File(Instant),
    /// A key was pressed.
    Key(char),
    /// There are no more keys.
    End,
}

/// Why an exercise is left.
enum Leave {
    /// For the exercise of this name.
    For(String),
    /// For good: quit.
    Quit,
    /// For good: nobody can press a key any more. Was the last verdict good?
    End(bool),
}

/// Checks an exercise at each save, until the student leaves.
///
/// # Errors
/// When there is no such exercise, or it cannot be watched.
pub fn run(course: &Course, name: Option<&str>, poll: bool) -> Result<ExitCode> {
    let mut exercise = course.chosen(name)?;
    let (send, happenings) = channel();
    let mut keys = Keys::open(&send);
    loop {
        let mut watch = Watch::begin(course, exercise, poll, &send)?;
        match watch.go_on(&mut keys, &happenings)? {
            Leave::For(name) => exercise = course.find(&name)?,
            Leave::Quit | Leave::End(true) => return Ok(ExitCode::SUCCESS),
            Leave::End(false) => return Ok(ExitCode::FAILURE),
        }
    }
}

/// The watch over one exercise.
struct Watch<'a> {
    course: &'a Course,
    exercise: &'a Exercise,
    libraries: Libraries,
    scratch: Scratch,
    files: Files,
    passed: bool,
}

impl<'a> Watch<'a> {
    fn begin(
        course: &'a Course,
        exercise: &'a Exercise,
        poll: bool,
        to: &Sender<Happening>,
    ) -> Result<Self> {
        println!("{}\n", show::task(course, exercise));
        let file = exercise.file();
        println!(
            "Open this file in your editor. Each time that you save it, it is checked here:\n  {}",
            course.shown(&file)
        );
        Ok(Self {
            course,
            exercise,
            // Before the first save, so that no save waits for them.
            libraries: Libraries::build(&course.root, [exercise])?,
            scratch: scratch::take(&course.root, &exercise.name)?,
            files: Files::watch(&file, poll, to)?,
            passed: false,
        })
    }

    /// Checks, waits, and checks again.
    fn go_on(&mut self, keys: &mut Keys, happenings: &Receiver<Happening>) -> Result<Leave> {
        self.check();
        self.offer(keys);
        // What came while a save was waited for.
        let mut kept: Vec<Happening> = Vec::new();
        loop {
            let happening = if kept.is_empty() {
                keys.wait(happenings)
            } else {
                kept.remove(0)
            };
            match happening {
                Happening::File(when) => {
                    if self.files.is_saved(when, happenings, &mut kept) {
                        keys.rest();
                        self.check();
                        self.offer(keys);
                    }
                }
                Happening::Key(key) => {
                    keys.rest();
                    if let Some(leave) = self.press(key) {
                        return Ok(leave);
                    }
                    self.offer(keys);
                }
                Happening::End => return Ok(Leave::End(self.passed)),
            }
        }
    }

    /// Builds, runs, and prints the verdict.
    fn check(&mut self) {
        let name = &self.exercise.name;
        println!("\n{}\n", paint(ASIDE, &rule(&format!("checking {name}"))));
        self.files.look();
        match check::judge(self.course, self.exercise, &self.libraries, &self.scratch) {
            Ok(judged) => self.tell(&judged),
            // The next save may find room on the disk again.
            Err(error) => println!("It could not be checked: {error:#}."),
        }
    }

    fn tell(&mut self, judged: &Judged) {
        print!("{}", judged.verdict(self.course, self.exercise));
        self.passed = judged.passed();
        let name = &self.exercise.name;
        let progress = self.course.note(|progress| judged.note(name, progress));
        if !self.passed {
            return;
        }
        let compare = show::compare(self.exercise);
        if !compare.is_empty() {
            println!("\n{compare}");
        }
        let said = match self.course.after(name, &progress) {
            Some(next) => format!("`n` goes on with {}.", show::heading(next)),
            None => "All exercises are passed.".into(),
        };
        println!("\n{}", paint(GOOD, &wrap(&said, width(), "", "")));
    }

    /// Says which keys there are.
    fn offer(&self, keys: &mut Keys) {
        let hints = show::hints_left(self.exercise, &self.course.store.read());
        let how = match keys {
            Keys::Single(_) => String::new(),
            Keys::Lines => format!(", {OFFERED}"),
        };
        // A key and its word stay in one line.
        let text = format!(
            "[h]\u{a0}hint\u{a0}({}) [n]\u{a0}next [l]\u{a0}list [o]\u{a0}task [q]\u{a0}quit{how}",
            hints.replace(' ', "\u{a0}")
        );
        println!();
        keys.offer(&paint(HEAD, &wrap(&text, width(), "", "")));
    }

    fn press(&self, key: char) -> Option<Leave> {
        match key.to_ascii_lowercase() {
            'q' => return Some(Leave::Quit),
            'h' => println!("\n{}", show::next_hint(self.course, self.exercise)),
            'l' => println!(
                "\n{}",
                list::list(self.course, &self.course.store.read(), width())
            ),
            'o' => self.open(),
            'n' => {
                let progress = self.course.store.read();
                match self.course.after(&self.exercise.name, &progress) {
                    Some(next) => {
                        println!();
                        return Some(Leave::For(next.name.clone()));
                    }
                    None => println!("\nThere is no other exercise that is not passed."),
                }
            }
            _ => {}
        }
        None
    }

    /// Opens the task in the program that this machine has for it.
    fn open(&self) {
        let task = self.exercise.folder.join("task.md");
        let shown = self.course.shown(&task);
        if has_screen() && open::that_detached(&task).is_ok() {
            println!("\nOpened {shown}.");
        } else {
            println!(
                "\nThe task stands in {shown}:\n\n{}",
                show::task(self.course, self.exercise)
            );
        }
    }
}

/// Is there a screen with windows? Without one, a program that shows files takes the terminal.
fn has_screen() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(all(unix, not(target_os = "macos"))) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// A line across the window with a text at its beginning.
fn rule(text: &str) -> String {
    let dashes = width().saturating_sub(text.len() + 4);
    format!("-- {text} {}", "-".repeat(dashes))
}
