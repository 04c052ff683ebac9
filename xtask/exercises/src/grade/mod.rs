//! `cargo xtask grade`: a folder of submissions becomes a table, a CSV file and a page.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::catalog::Exercise;
use crate::compile::Libraries;
use crate::contain::{self, Compiler, Found, Means};

mod beliefs;
pub mod class;
mod collect;
mod csv;
mod html;
mod judge;
mod mark;
pub mod submissions;
mod table;

use judge::Judge;
use mark::{Cell, Mark};
use submissions::{Answer, Submission};

/// What `grade` is told.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The folder of submissions: a file of `cargo xtask exercise export`, another zip or a folder, one a student
    folder: PathBuf,
    /// Write a table for a spreadsheet
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write a page for a browser
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// So many answers at a time [default: as many as there are processors]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Only these exercises
    #[arg(long, value_name = "NAME", num_args = 1..)]
    only: Vec<String>,
    /// Try it out: first fill the folder, a new one, with N made-up submissions, and hostile ones
    #[arg(long, value_name = "N")]
    make: Option<usize>,
    /// Shut answers in no better than this: to see what a machine without the better means does
    #[arg(long, value_name = "MEANS", value_parser = ["landlock", "limits"], hide = true)]
    no_better_than: Option<String>,
}

/// A whole grading.
pub struct Grades<'a> {
    /// The exercises, the columns.
    pub exercises: Vec<&'a Exercise>,
    /// The students, the rows.
    pub students: Vec<Submission>,
    /// By student, by exercise.
    pub cells: Vec<Vec<Cell>>,
    /// Files that are no submissions.
    pub others: Vec<String>,
    /// What is contained.
    pub found: Found,
    /// It was ended before all was done.
    pub cut_short: bool,
}

/// Grades.
///
/// # Errors
/// When the folder cannot be read, or a file cannot be written.
pub fn run(root: &Path, all: &[Exercise], options: &Options) -> Result<ExitCode> {
    let chosen = choose(all, &options.only)?;
    if let Some(count) = options.make {
        class::make(root, all, &options.folder, count)?;
    }
    let read = submissions::read(&options.folder, all)?;
    if read.all.is_empty() {
        bail!(
            "there is no submission in {}: one zip or one folder a student is looked for",
            options.folder.display()
        );
    }
    let libraries = Libraries::build(root, chosen.iter().copied())?;
    let scratch = tempfile::Builder::new()
        .prefix("grade-")
        .tempdir()
        .context("cannot make a folder for the work")?;
    let compiler = Compiler::find(root)?;
    let most = match options.no_better_than.as_deref() {
        None => Means::best(),
        Some("landlock") => Means::LANDLOCK,
        Some(_) => Means::default(),
    };
    let found = contain::probe(&compiler, scratch.path(), most)?;
    let stop = stop_at_ctrl_c()?;
    contain::adopt_strays();
    let judge = Judge {
        compiler: &compiler,
        libraries: &libraries,
        means: found.means,
        stop: &stop,
    };
    let jobs = options.jobs.map_or_else(processors, NonZeroUsize::get);
    let cells = grade(&judge, &chosen, &read.all, scratch.path(), jobs);
    contain::end_strays();
    let grades = Grades {
        exercises: chosen,
        students: read.all,
        cells,
        others: read.others,
        found,
        cut_short: stop.load(Ordering::Relaxed),
    };
    let mut written = Vec::new();
    for (path, text) in [
        (&options.csv, csv::text as fn(&Grades) -> String),
        (&options.html, html::text),
    ] {
        if let Some(path) = path {
            fs::write(path, text(&grades))
                .with_context(|| format!("cannot write {}", path.display()))?;
            written.push(path);
        }
    }
    let colour = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    // Whoever reads it (`| head`) may have had enough.
    let _ = io::stdout().write_all(table::text(&grades, colour).as_bytes());
    for path in written {
        eprintln!("written: {}", path.display());
    }
    let fault = |cell: &&Cell| cell.mark == Mark::Fault;
    if let Some(cell) = grades.cells.iter().flatten().find(fault) {
        eprintln!("error: not everything could be graded: {}", cell.reason);
        return Ok(ExitCode::FAILURE);
    }
    Ok(if grades.cut_short {
        ExitCode::from(130)
    } else {
        ExitCode::SUCCESS
    })
}

fn choose<'a>(all: &'a [Exercise], only: &[String]) -> Result<Vec<&'a Exercise>> {
    for name in only {
        if !all.iter().any(|exercise| exercise.name == *name) {
            bail!("there is no exercise `{name}`: `cargo xtask exercise list` shows all");
        }
    }
    let chosen = |exercise: &&Exercise| only.is_empty() || only.contains(&exercise.name);
    Ok(all.iter().filter(chosen).collect())
}

fn processors() -> usize {
    thread::available_parallelism().map_or(2, NonZeroUsize::get)
}

/// Set by Ctrl-C. At the second one the program ends at once.
fn stop_at_ctrl_c() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if set.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        eprintln!("\nStopping: what is graded so far is shown.");
    })
    .context("cannot catch Ctrl-C")?;
    Ok(stop)
}

/// An answer, and the cells that it stands in. The same text is judged once.
struct Work<'a> {
    exercise: &'a Exercise,
    text: &'a str,
    cells: Vec<(usize, usize)>,
}

fn grade(
    judge: &Judge,
    exercises: &[&Exercise],
    students: &[Submission],
    scratch: &Path,
    jobs: usize,
) -> Vec<Vec<Cell>> {
    let not_graded = Cell::new(Mark::NotGraded, "The grading was ended before.".into());
    let mut cells = vec![vec![not_graded; exercises.len()]; students.len()];
    let mut work: BTreeMap<(usize, &str), Work> = BTreeMap::new();
    for (row, student) in students.iter().enumerate() {
        for (column, exercise) in exercises.iter().enumerate() {
            match known_without_running(exercise, student) {
                Ok(cell) => cells[row][column] = cell,
                Err(text) => work
                    .entry((column, text))
                    .or_insert_with(|| Work {
                        exercise,
                        text,
                        cells: Vec::new(),
                    })
                    .cells
                    .push((row, column)),
            }
        }
    }
    let work: Vec<Work> = work.into_values().collect();
    let done = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    let progress = Progress::new(students.len(), work.len());
    thread::scope(|scope| {
        for _ in 0..jobs.min(work.len()) {
            scope.spawn(|| {
                while !judge.stop.load(Ordering::Relaxed) {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(one) = work.get(index) else {
                        return;
                    };
                    let own = scratch.join(index.to_string());
                    let cell = judge.judge(one.exercise, one.text, &own);
                    // What was ended in the middle has no mark.
                    if judge.stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    done.push((index, cell));
                    progress.show(done.len());
                }
            });
        }
    });
    progress.end();
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    for (index, cell) in done {
        for (row, column) in &work[index].cells {
            cells[*row][*column] = cell.clone();
        }
    }
    cells
}

/// The mark of an answer that need not be run, or the text of one that must be.
fn known_without_running<'a>(
    exercise: &Exercise,
    student: &'a Submission,
) -> Result<Cell, &'a str> {
    let same = |one: &str, other: &str| one.lines().eq(other.lines());
    match student.answers.get(&exercise.name) {
        None => Ok(Cell::new(Mark::Missing, String::new())),
        Some(Answer::Unreadable(why)) => Ok(Cell::new(Mark::Unreadable, why.clone())),
        Some(Answer::Text(text)) if same(text, &exercise.known.starter) => {
            Ok(Cell::new(Mark::Untouched, String::new()))
        }
        Some(Answer::Text(text)) => Err(text),
    }
}

/// Says on a terminal how far it is.
struct Progress {
    shown: bool,
    begun: Instant,
    all: usize,
}

impl Progress {
    fn new(students: usize, all: usize) -> Self {
        let shown = io::stderr().is_terminal();
        eprintln!("{students} submissions with {all} different answers to run");
        Self {
            shown,
            begun: Instant::now(),
            all,
        }
    }

    fn show(&self, done: usize) {
        if self.shown {
            let took = self.begun.elapsed();
            let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
            let left = took / count(done.max(1)) * count(self.all - done);
            let left = left.as_secs();
            let _ = write!(
                io::stderr(),
                "\r\u{1b}[K{done} of {}, {} s, about {left} s left",
                self.all,
                took.as_secs()
            );
        }
    }

    fn end(&self) {
        let clear = if self.shown { "\r\u{1b}[K" } else { "" };
        eprintln!(
            "{clear}graded in {:.0} s",
            self.begun.elapsed().as_secs_f64()
        );
    }
}
