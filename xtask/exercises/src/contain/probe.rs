//! What of the containment works on this machine: it is tried, not assumed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};

use super::run::{self, Compiler, Job};

/// How a program is shut in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Serialize, Deserialize)]
pub struct Means {
    /// In a world of its own: Linux's namespaces.
    pub namespaces: bool,
    /// By Landlock.
    pub landlock: bool,
}

/// What was found out.
#[derive(Debug, Clone)]
pub struct Found {
    /// How programs are shut in here.
    pub means: Means,
    /// What the program that tried it could not do.
    kept: BTreeSet<String>,
    /// Why better means are not used.
    pub why: Vec<String>,
}

/// A program that tries what a stranger's program would, without doing any harm, and prints what it
/// could not do. A UDP socket's `connect` sends nothing: it only asks for a route.
const TRIES: &str = include_str!("tries.rs");

/// Finds the best means that work here, up to `most`: a program is compiled and run with each.
///
/// # Errors
/// When not even a plain program can be compiled and run.
pub fn probe(compiler: &Compiler, scratch: &Path, most: Means) -> Result<Found> {
    let mut why = Vec::new();
    for means in [Means::NAMESPACES, Means::LANDLOCK, Means::default()] {
        if means > most {
            continue;
        }
        match attempt(compiler, scratch, means) {
            Ok(kept) => return Ok(Found { means, kept, why }),
            Err(error) => why.push(format!("{}: {error:#}", means.words())),
        }
    }
    bail!(
        "no program can be compiled and run here:\n  {}",
        why.join("\n  ")
    )
}

impl Means {
    /// In a world of its own.
    pub const NAMESPACES: Self = Self {
        namespaces: true,
        landlock: false,
    };

    /// By Landlock, with the machine's network and processes.
    pub const LANDLOCK: Self = Self {
        namespaces: false,
        landlock: true,
    };

    /// The best that this system may have.
    pub fn best() -> Self {
        if cfg!(target_os = "linux") {
            Self::NAMESPACES
        } else {
            Self::default()
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self {
                namespaces: true, ..
            } => "namespaces",
            Self { landlock: true, .. } => "Landlock",
            Self { .. } => "limits only",
        }
    }
}

fn attempt(compiler: &Compiler, scratch: &Path, means: Means) -> Result<BTreeSet<String>> {
    let own = scratch.join(format!("probe-{}", means.words().replace(' ', "-")));
    fs::create_dir_all(&own)?;
    let secret = scratch.join("secret");
    fs::write(&secret, "not for strangers")?;
    let written = scratch.join("written");
    let source = own.join("tries.rs");
    fs::write(&source, TRIES)?;
    let program = own.join("tries");
    let job = Job {
        own: &own,
        means,
        stop: None,
    };
    let mut rustc = std::process::Command::new("rustc");
    rustc.args(["--edition=2024", "-Cdebuginfo=0", "-o"]);
    rustc.arg(&program).arg(&source);
    let built = run::compile(compiler, &rustc, &[], &job)?;
    if !built.success() {
        bail!("the compiler does not work so: {}", built.words());
    }
    let mut ran = run::program(&program, &own.join("report"), &job)?;
    // Where the system has no network of its own, a stranger gets the machine's.
    ran.plan.arguments = vec![
        secret.to_string_lossy().into_owned(),
        own.join("..")
            .join("written")
            .to_string_lossy()
            .into_owned(),
        std::process::id().to_string(),
    ];
    fs::write(own.join("report"), "")?;
    let _ = fs::remove_file(&written);
    let ended = ran.run()?;
    let words: Vec<&str> = ended.ended.output.lines().collect();
    let (Some(&"works"), true) = (words.last(), ended.success()) else {
        bail!("a program does not work so: {}", ended.words());
    };
    if means.namespaces && !words.contains(&"network") {
        bail!("the network is still there");
    }
    let mut kept: BTreeSet<String> = words.into_iter().map(str::to_owned).collect();
    if !written.exists() {
        kept.insert("write".to_owned());
    }
    Ok(kept)
}

impl Found {
    /// What is contained on this machine, and what is not: each as a sentence, with `true` for
    /// contained.
    pub fn words(&self) -> Vec<(bool, String)> {
        let kept = |word: &str| self.kept.contains(word);
        let mut all = Vec::new();
        let mut say = |contained: bool, yes: &str, no: &str| {
            all.push((contained, if contained { yes } else { no }.to_owned()));
        };
        say(
            cfg!(unix),
            "An answer that runs too long, or prints too much, is ended.",
            "An answer that runs too long, or prints too much, is ended. What it has started goes on.",
        );
        say(
            cfg!(target_os = "linux"),
            "What an answer has started ends with it, whatever session or group it has gone to.",
            "A program that an answer starts, and that leaves its process group, goes on: look for it.",
        );
        say(
            cfg!(target_os = "linux"),
            "The memory and the processes of an answer are limited.",
            "Neither the memory nor the number of processes of an answer is limited in sum.",
        );
        say(
            kept("network"),
            "An answer has a network of its own with nothing but loopback.",
            "An answer reaches the network, and the sockets of other programs: it can send and fetch whatever you can.",
        );
        say(
            kept("read"),
            "An answer cannot read your files, nor those of the other students.",
            "An answer can read every file that you can read.",
        );
        say(
            kept("write"),
            "An answer cannot write or delete anything outside of its own folder.",
            "An answer can write and delete every file that you can: grade as a user who owns nothing, or in a virtual machine.",
        );
        say(
            kept("signal"),
            "An answer can end no process but its own.",
            "An answer can end other processes of yours, the grader too.",
        );
        say(
            kept("memory"),
            "An answer cannot read the memory of the check that judges it, as long as rustc keeps its promise of memory safety (`unsafe` is refused).",
            "An answer can read the memory of the check that judges it. Who knows how can make a wrong answer pass: look at an answer that surprises you.",
        );
        all.push((
            false,
            "Whether a student wrote an answer alone, or an answer plays tricks on its check, is not looked at.".to_owned(),
        ));
        all
    }
}
