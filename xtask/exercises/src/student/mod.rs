//! The student's side: `list`, `next`, `check`, `watch`, `hint`, `solution`, `reset`, `export`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::catalog::{self, Exercise};
use crate::ended;

pub mod answer;
pub mod check;
pub mod export;
pub mod list;
mod names;
pub mod progress;
pub mod reset;
pub mod scratch;
pub mod show;
pub mod watch;

use progress::{Progress, Store};

/// The environment variable that names the root folder of the course, for who calls the program from
/// elsewhere.
pub const ROOT: &str = "EXERCISES_ROOT";

/// The course as it lies on this machine, and how far the student is.
#[derive(Debug)]
pub struct Course {
    /// The root folder.
    pub root: PathBuf,
    /// All exercises, in the order in which they are done.
    pub exercises: Vec<Exercise>,
    /// Where the progress is kept.
    pub store: Store,
}

impl Course {
    /// Opens the course. A damaged progress file is set aside, and rebuilt by checking again.
    ///
    /// # Errors
    /// When there is no course in the folder, or an exercise of it is damaged.
    pub fn open(root: &Path) -> Result<Self> {
        if !root.join("lessons").is_dir() {
            bail!(
                "there is no course in {}: change into the folder of the course",
                root.display()
            );
        }
        let exercises = exercises(root)?;
        let store = Store::new(root);
        let course = Self {
            root: root.to_owned(),
            exercises,
            store,
        };
        check::rebuild(&course)?;
        Ok(course)
    }

    /// The exercise of this name. A path to it or into it names it too, as the shell completes it.
    ///
    /// # Errors
    /// When there is none.
    pub fn find(&self, name: &str) -> Result<&Exercise> {
        let last = (name.split(['/', '\\']).rev())
            .find(|part| !matches!(*part, "" | "." | "exercise.rs" | "task.md"));
        let Some(wanted) = last else {
            let here = std::env::current_dir().unwrap_or_default();
            return (self.around(&here)).with_context(|| {
                format!(
                    "{} is the folder of no exercise: `cargo xtask exercise list` shows all",
                    here.display()
                )
            });
        };
        let found = self
            .exercises
            .iter()
            .find(|exercise| exercise.name == wanted);
        found.ok_or_else(|| names::unknown(self, wanted))
    }

    /// The exercise in whose folder this path is.
    fn around(&self, path: &Path) -> Option<&Exercise> {
        // The same folder may be reached on two ways.
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let path = real(path);
        (self.exercises.iter()).find(|exercise| path.starts_with(real(&exercise.folder)))
    }

    /// The exercise of this name; without one, that in whose folder the student stands, or the one that
    /// he is at.
    ///
    /// # Errors
    /// When there is none of this name, or all are passed.
    pub fn chosen(&self, name: Option<&str>) -> Result<&Exercise> {
        let here = || self.around(&std::env::current_dir().ok()?);
        match name {
            Some(name) => self.find(name),
            None => here()
                .or_else(|| self.current(&self.store.read()))
                .context("all exercises are passed: name the one that you want to look at again"),
        }
    }

    /// The exercise that the student is at: the one last worked on, if it is not passed yet, and
    /// otherwise the one after it.
    pub fn current(&self, progress: &Progress) -> Option<&Exercise> {
        let last = progress.current.as_deref().unwrap_or_default();
        let open = |exercise: &&Exercise| exercise.name == last && !progress.passed(last);
        (self.exercises.iter().find(open)).or_else(|| self.after(last, progress))
    }

    /// The exercise to do after this one: the next that is not passed, from the beginning again after
    /// the last.
    pub fn after(&self, name: &str, progress: &Progress) -> Option<&Exercise> {
        let at = self
            .exercises
            .iter()
            .position(|exercise| exercise.name == name);
        let (before, behind) = self.exercises.split_at(at.map_or(0, |at| at + 1));
        (behind.iter().chain(before))
            .find(|exercise| exercise.name != name && !progress.passed(&exercise.name))
    }

    /// A path as it is written for the student: from the root of the course.
    pub fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root)
            .unwrap_or(path)
            .display()
            .to_string()
    }

    /// Changes the progress, and says so when that cannot be kept.
    pub fn note(&self, change: impl FnOnce(&mut Progress)) -> Progress {
        match self.store.update(change) {
            Ok(progress) => progress,
            Err(error) => {
                anstream::eprintln!(
                    "Your progress could not be kept: {error:#}. Mend that, and check again."
                );
                self.store.read()
            }
        }
    }
}

/// The exercises of the course. One that cannot be read (a copy that a student has made, a file that was
/// deleted) keeps nobody from doing the others.
fn exercises(root: &Path) -> Result<Vec<Exercise>> {
    let (exercises, damaged) = catalog::read_what_can_be(root)?;
    for catalog::Damaged { folder, error } in &damaged {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') {
            // An editor's own.
            continue;
        }
        let shown = folder.strip_prefix(root).unwrap_or(folder).display();
        let said = format!(
            "{shown} is left out: {error:#}. If this folder is yours, move it out of `exercises`; otherwise get it anew."
        );
        anstream::eprintln!(
            "{}\n",
            crate::text::wrap(&said, crate::text::width(), "", "  ")
        );
    }
    Ok(exercises)
}

/// Lets Ctrl-C (and a closed terminal) end the student's program too, and leave the terminal as it was.
pub fn heed_ctrl_c() {
    // Without the handler Ctrl-C ends the runner all the same.
    let _ = ctrlc::set_handler(|| {
        ended::end_all();
        watch::restore();
        std::process::exit(130);
    });
}

/// The root folder of the course: as told, or the nearest one around the current folder, or where this
/// program was built.
pub fn root(told: Option<PathBuf>) -> PathBuf {
    let told = told.or_else(|| std::env::var_os(ROOT).map(PathBuf::from));
    // Paths given to other programs must not depend on the folder in which those run.
    let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
    if let Some(told) = told {
        return absolute(told);
    }
    let here = std::env::current_dir().unwrap_or_default();
    let around = here
        .ancestors()
        .find(|folder| folder.join("lessons").is_dir() && folder.join("tests/kit").is_dir());
    let built = || {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        own.ancestors().nth(2).unwrap_or(own).to_owned()
    };
    around.map_or_else(built, Path::to_owned)
}
