//! Compiling an exercise: rustc itself, on the student's file and the check.
//!
//! Cargo builds the libraries that the checks use, once. The exercise's two files are then compiled
//! in a folder of their own: no lock of Cargo's is waited for (an editor may hold it), and a file that
//! is saved meanwhile is compiled the next time.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead as _, BufReader, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::catalog::Exercise;

/// The libraries that checks are compiled with.
#[derive(Debug, Clone)]
pub struct Libraries {
    root: PathBuf,
    /// The compiler itself.
    rustc: PathBuf,
    /// Crate name and file: `kit`, `…/libkit.rlib`.
    files: BTreeMap<String, PathBuf>,
}

/// A compiled exercise.
#[derive(Debug)]
pub struct Built {
    /// The program that runs the check.
    pub program: PathBuf,
    /// rustc's warnings about the student's file, as rustc prints them, in colour.
    pub warnings: String,
}

/// An exercise that does not compile.
#[derive(Debug)]
pub struct Refused {
    /// rustc's errors about the student's file, as rustc prints them, in colour.
    pub errors: String,
    /// How many errors there are in the student's file.
    pub count: usize,
    /// rustc's errors about the check: it calls something that the student's file no longer has.
    pub elsewhere: String,
}

/// What rustc says, as JSON.
#[derive(Deserialize)]
struct Diagnostic {
    message: String,
    rendered: Option<String>,
    level: String,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    is_primary: bool,
}

/// What Cargo says, as JSON.
#[derive(Deserialize)]
struct Message {
    reason: String,
    target: Option<Target>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

impl Libraries {
    /// Builds what the checks of these exercises use. Cargo shows its progress on standard error.
    ///
    /// # Errors
    /// When Cargo fails; it has said why.
    pub fn build<'a>(
        root: &Path,
        exercises: impl IntoIterator<Item = &'a Exercise>,
    ) -> Result<Self> {
        let mut packages = vec!["kit".to_owned()];
        for exercise in exercises {
            let check = fs::read_to_string(exercise.folder.join("check.rs"))
                .with_context(|| format!("cannot read the check of {}", exercise.name))?;
            // A check may use the library of its own lesson.
            let package = format!("lesson-{}", exercise.lesson);
            if check.contains(&package.replace('-', "_")) && !packages.contains(&package) {
                packages.push(package);
            }
        }
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(root).args([
            "build",
            "--lib",
            "--message-format=json-render-diagnostics",
        ]);
        for package in &packages {
            cargo.args(["--package", package]);
        }
        // Answers are compiled for this machine, and with rustc's own settings: so are the libraries.
        for own in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
            cargo.env_remove(own);
        }
        if io::stderr().is_terminal() && std::env::var_os("CARGO_TERM_COLOR").is_none() {
            cargo.env("CARGO_TERM_COLOR", "always");
        }
        let mut child = cargo
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start cargo")?;
        let progress = child.stderr.take().map(pass_on);
        let mut said = String::new();
        if let Some(mut messages) = child.stdout.take() {
            messages
                .read_to_string(&mut said)
                .context("cannot read what cargo says")?;
        }
        let status = child.wait().context("cannot wait for cargo")?;
        if let Some(progress) = progress {
            let _ = progress.join();
        }
        if !status.success() {
            bail!("the libraries of the checks do not build; see above");
        }
        let mut files = BTreeMap::new();
        for line in said.lines() {
            let Ok(message) = serde_json::from_str::<Message>(line) else {
                continue;
            };
            let Some(target) = message.target else {
                continue;
            };
            if message.reason != "compiler-artifact"
                || !packages.contains(&target.name.replace('_', "-"))
            {
                continue;
            }
            let library = message
                .filenames
                .into_iter()
                .find(|file| file.extension().is_some_and(|ending| ending == "rlib"));
            if let Some(library) = library {
                files.insert(target.name.replace('-', "_"), library);
            }
        }
        Ok(Self {
            root: root.to_owned(),
            rustc: tool(root, "RUSTC", "rustc"),
            files,
        })
    }

    /// Compiles an answer to an exercise. `scratch` is a folder for this compilation alone.
    ///
    /// # Errors
    /// When rustc cannot be started or a file cannot be written. An answer that does not compile is
    /// `Ok(Err(…))`.
    pub fn compile(
        &self,
        exercise: &Exercise,
        answer: &str,
        scratch: &Path,
    ) -> Result<Result<Built, Refused>> {
        let output = self
            .command(exercise, answer, scratch)?
            .stdin(Stdio::null())
            .output()
            .context("cannot start rustc")?;
        let said = String::from_utf8_lossy(&output.stderr);
        Ok(outcome(scratch, output.status.success(), &said))
    }

    /// The libraries' files and folders: what rustc reads besides its own.
    pub fn places(&self) -> Vec<PathBuf> {
        let folders = self.files.values().filter_map(|file| file.parent());
        let mut places: Vec<PathBuf> = folders.map(|folder| folder.join("deps")).collect();
        places.dedup();
        places.extend(self.files.values().cloned());
        places
    }

    /// The command that compiles an answer to an exercise, with its files laid ready in `scratch`.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn command(&self, exercise: &Exercise, answer: &str, scratch: &Path) -> Result<Command> {
        lay_out(exercise, answer, scratch)?;
        let shown = exercise
            .folder
            .strip_prefix(&self.root)
            .unwrap_or(&exercise.folder);
        let mut remap = OsString::from("--remap-path-prefix=");
        remap.push(scratch);
        remap.push("=");
        remap.push(shown);
        let mut rustc = Command::new(&self.rustc);
        rustc
            .args(["--edition=2024", "--crate-name=check", "--crate-type=bin"])
            .args(["--error-format=json", "--json=diagnostic-rendered-ansi"])
            .arg("-Cdebuginfo=0")
            // For so little code, dividing the work costs more than it saves.
            .arg("-Ccodegen-units=1")
            .arg(remap)
            .arg("-o")
            .arg(program(scratch))
            .arg(scratch.join("check.rs"));
        self.name_to(&mut rustc);
        Ok(rustc)
    }

    /// Adds the options that tell rustc, or a tool that takes its options, where the libraries are.
    pub(crate) fn name_to(&self, rustc: &mut Command) {
        for (name, file) in &self.files {
            let mut library = OsString::from(name);
            library.push("=");
            library.push(file);
            rustc.arg("--extern").arg(library);
            if let Some(folder) = file.parent() {
                let mut dependencies = OsString::from("dependency=");
                dependencies.push(folder.join("deps"));
                rustc.arg("-L").arg(dependencies);
            }
        }
    }
}

/// A tool of the toolchain that Cargo uses in `root`. What rustup puts into the PATH looks for the
/// toolchain at each call, for 25 ms: this looks once.
pub(crate) fn tool(root: &Path, variable: &str, name: &str) -> PathBuf {
    if let Some(own) = std::env::var_os(variable) {
        return own.into();
    }
    let asked = Command::new("rustc")
        .args(["--print", "sysroot"])
        .current_dir(root)
        .stdin(Stdio::null())
        .output();
    let file = asked.ok().map(|output| {
        let folder = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        Path::new(&folder).join("bin").join(file)
    });
    file.filter(|file| file.is_file())
        .unwrap_or_else(|| name.into())
}

/// Puts the check and an answer beside each other into `scratch`.
pub(crate) fn lay_out(exercise: &Exercise, answer: &str, scratch: &Path) -> Result<()> {
    fs::create_dir_all(scratch).with_context(|| format!("cannot create {}", scratch.display()))?;
    fs::copy(exercise.folder.join("check.rs"), scratch.join("check.rs"))
        .context("cannot copy the check")?;
    fs::write(scratch.join("exercise.rs"), answer).context("cannot copy the answer")
}

/// Passes on what cargo says while it builds or waits, without the line that says that it is done: a
/// student who has nothing to wait for has nothing to read.
fn pass_on(progress: ChildStderr) -> JoinHandle<()> {
    // Another cargo, such as an editor's, may hold a lock for a moment. Only a wait is worth a line.
    const A_WAIT: Duration = Duration::from_secs(2);
    let (send, lines) = channel();
    thread::spawn(move || {
        for line in BufReader::new(progress).lines().map_while(Result::ok) {
            let _ = send.send(line);
        }
    });
    thread::spawn(move || {
        let mut waits = None;
        loop {
            let next = match &waits {
                Some(_) => lines.recv_timeout(A_WAIT),
                None => lines.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match next {
                Ok(line) => {
                    waits = None;
                    let plain = anstream::adapter::strip_str(&line).to_string();
                    match plain.split_whitespace().next() {
                        Some("Blocking") => waits = Some(line),
                        Some("Finished") => {}
                        _ => anstream::eprintln!("{line}"),
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(line) = waits.take() {
                        anstream::eprintln!("{line}");
                    }
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
    })
}

/// The compiled check in its folder.
fn program(scratch: &Path) -> PathBuf {
    scratch.join(format!("check{}", std::env::consts::EXE_SUFFIX))
}

/// What rustc's words on standard error mean.
///
/// # Errors
/// When they say that the answer does not compile.
pub fn outcome(scratch: &Path, success: bool, said: &str) -> Result<Built, Refused> {
    let (mut own, mut elsewhere, mut count) = (String::new(), String::new(), 0);
    for diagnostic in said
        .lines()
        .filter_map(|line| serde_json::from_str::<Diagnostic>(line).ok())
    {
        // Warnings can wait until there is no error. rustc's own count of them says nothing new.
        if diagnostic.level.starts_with("error") == success
            || diagnostic.message.starts_with("aborting due to")
        {
            continue;
        }
        let place = diagnostic.spans.iter().find(|span| span.is_primary);
        let rendered = diagnostic.rendered.unwrap_or_default();
        if place.is_some_and(|place| place.file_name.ends_with("exercise.rs")) {
            count += 1;
            own += &rendered;
        } else {
            // What has no place is the linker's.
            elsewhere += &rendered;
        }
    }
    if success {
        return Ok(Built {
            program: program(scratch),
            warnings: own,
        });
    }
    if own.is_empty() && elsewhere.is_empty() {
        said.clone_into(&mut elsewhere);
    }
    Err(Refused {
        errors: own,
        count,
        elsewhere,
    })
}
