//! Clippy and rustfmt, for the files that Cargo does not show them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::Fault;
use crate::catalog::Exercise;
use crate::compile::{Libraries, lay_out, tool};

/// The tools that this machine has, and the lints of the workspace.
pub struct Lints {
    root: PathBuf,
    clippy: Option<Clippy>,
    rustfmt: Option<PathBuf>,
}

struct Clippy {
    file: PathBuf,
    options: Vec<String>,
    /// The oldest Rust that the workspace allows: Clippy advises nothing that is newer.
    rust_version: String,
}

#[derive(Deserialize)]
struct Manifest {
    workspace: Workspace,
}

#[derive(Deserialize)]
struct Workspace {
    #[serde(default)]
    package: Package,
    #[serde(default)]
    lints: BTreeMap<String, BTreeMap<String, Lint>>,
}

#[derive(Default, Deserialize)]
struct Package {
    #[serde(default, rename = "rust-version")]
    rust_version: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Lint {
    Level(String),
    Full {
        level: String,
        #[serde(default)]
        priority: i64,
    },
}

impl Lints {
    /// Looks for the tools. What is not there is said in `skipped`.
    pub fn find(root: &Path, skipped: &mut Vec<String>) -> Result<Self> {
        let mut find = |variable: &str, name: &str, component: &str, what: &str| {
            let file = tool(root, variable, name);
            let there = Command::new(&file)
                .arg("--version")
                .stdin(Stdio::null())
                .output()
                .is_ok_and(|output| output.status.success());
            if !there {
                skipped.push(format!(
                    "{what}: there is no {component} (`rustup component add {component}`)"
                ));
            }
            there.then_some(file)
        };
        let clippy = find(
            "CLIPPY_DRIVER",
            "clippy-driver",
            "clippy",
            "the solutions' lints",
        );
        let rustfmt = find("RUSTFMT", "rustfmt", "rustfmt", "the format");
        let clippy = match clippy {
            None => None,
            Some(file) => {
                let text = fs::read_to_string(root.join("Cargo.toml"))
                    .context("cannot read the Cargo.toml of the workspace")?;
                let manifest: Manifest = toml::from_str(&text).context("Cargo.toml")?;
                Some(Clippy {
                    file,
                    options: options(manifest.workspace.lints),
                    rust_version: manifest.workspace.package.rust_version,
                })
            }
        };
        Ok(Self {
            root: root.to_owned(),
            clippy,
            rustfmt,
        })
    }

    /// What Clippy says about an answer, or nothing.
    pub fn clippy(
        &self,
        exercise: &Exercise,
        libraries: &Libraries,
        answer: &str,
        scratch: &Path,
    ) -> Result<Option<String>> {
        let Some(tool) = &self.clippy else {
            return Ok(None);
        };
        lay_out(exercise, answer, scratch)?;
        let mut clippy = Command::new(&tool.file);
        clippy
            .args(["--edition=2024", "--crate-name=check", "--crate-type=bin"])
            .args(["--emit=metadata", "--color=never"])
            .args(&tool.options)
            // The task gives the signature; a solution need not use all that it is given.
            .arg("--allow=clippy::needless_pass_by_value")
            .env("CLIPPY_CONF_DIR", &self.root)
            .env("CARGO_PKG_RUST_VERSION", &tool.rust_version)
            .current_dir(scratch)
            .arg("check.rs");
        libraries.name_to(&mut clippy);
        let output = clippy
            .stdin(Stdio::null())
            .output()
            .context("cannot start clippy-driver")?;
        let said = String::from_utf8_lossy(&output.stderr);
        let quiet = output.status.success() && said.trim().is_empty();
        Ok((!quiet).then(|| said.into_owned()))
    }

    /// The files of these that are not formatted.
    pub fn unformatted(&self, files: &[PathBuf]) -> Result<Vec<Fault>> {
        let Some(rustfmt) = &self.rustfmt else {
            return Ok(Vec::new());
        };
        let output = Command::new(rustfmt)
            .args(["--check", "-l", "--edition=2024"])
            .args(files)
            .stdin(Stdio::null())
            .output()
            .context("cannot start rustfmt")?;
        // `check.rs` contains `mod exercise`: that file may be named twice.
        let mut named: Vec<PathBuf> = String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(PathBuf::from)
            .collect();
        named.sort();
        named.dedup();
        Ok(named
            .into_iter()
            .map(|file| {
                let shown = file.strip_prefix(&self.root).unwrap_or(&file).to_owned();
                let mend = format!("run `rustfmt --edition 2024 {}`", shown.display());
                Fault::new(shown, "it is not formatted", mend)
            })
            .collect())
    }
}

/// The lints of the workspace as rustc's options, as Cargo would pass them.
fn options(lints: BTreeMap<String, BTreeMap<String, Lint>>) -> Vec<String> {
    let mut all = Vec::new();
    for (tool, lints) in lints {
        for (name, lint) in lints {
            let (level, priority) = match lint {
                Lint::Level(level) => (level, 0),
                Lint::Full { level, priority } => (level, priority),
            };
            let name = match tool.as_str() {
                "rust" => name,
                tool => format!("{tool}::{name}"),
            };
            all.push((priority, format!("--{level}={name}")));
        }
    }
    // The later option wins: groups have a lower priority than the lints taken out of them.
    all.sort();
    all.into_iter().map(|(_, option)| option).collect()
}

#[cfg(test)]
mod tests {
    use super::{Manifest, options};

    #[test]
    fn a_group_comes_before_what_is_taken_out_of_it() {
        let text = "[workspace.lints.rust]\nunsafe_code = \"forbid\"\n\
                    [workspace.lints.clippy]\nall = { level = \"warn\", priority = -1 }\n\
                    absurd = \"allow\"\n";
        let manifest: Manifest = toml::from_str(text).unwrap();
        assert_eq!(
            options(manifest.workspace.lints),
            [
                "--warn=clippy::all",
                "--allow=clippy::absurd",
                "--forbid=unsafe_code"
            ]
        );
    }
}
