//! Which tests there are.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// One test.
#[derive(Debug, Clone)]
pub struct Test {
    /// The program's name and the test's: `scenes::04-tcp-chat/turn-taking`.
    pub name: String,
    /// Its name in the program.
    pub own: String,
    /// The program.
    pub program: PathBuf,
    /// The folder of its package, where cargo runs it.
    pub folder: PathBuf,
}

/// What cargo says of each thing that it has built.
#[derive(Deserialize)]
struct Built {
    executable: Option<PathBuf>,
    manifest_path: Option<PathBuf>,
    target: Option<Target>,
    profile: Option<Profile>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

/// The cargo that started us.
pub fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Builds all test programs of the workspace, and asks each for its tests.
///
/// # Errors
/// They do not compile, or one does not list its tests, or two tests have the same name.
pub fn all(root: &Path) -> Result<Vec<Test>> {
    let output = Command::new(cargo())
        .args([
            "test",
            "--workspace",
            "--no-run",
            "--message-format",
            "json",
        ])
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    if !output.status.success() {
        bail!("the tests do not compile");
    }
    let mut tests = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let built: Built =
            serde_json::from_str(line).context("cargo's messages have another form")?;
        tests.extend(of_program(&built)?);
    }
    in_order(tests)
}

/// Sorts them by name. What is counted by name would be counted twice where two have the same.
fn in_order(mut tests: Vec<Test>) -> Result<Vec<Test>> {
    tests.sort_by(|one, other| one.name.cmp(&other.name));
    let same = tests.windows(2).find(|two| two[0].name == two[1].name);
    if let Some([one, other]) = same {
        bail!(
            "two tests are called {}: rename the one in {} or in {}",
            one.name,
            one.folder.display(),
            other.folder.display()
        );
    }
    Ok(tests)
}

fn of_program(built: &Built) -> Result<Vec<Test>> {
    let (Some(program), Some(manifest), Some(target)) =
        (&built.executable, &built.manifest_path, &built.target)
    else {
        return Ok(Vec::new());
    };
    if !built.profile.as_ref().is_some_and(|profile| profile.test) {
        return Ok(Vec::new());
    }
    let folder = manifest.parent().context("a manifest has a folder")?;
    let output = Command::new(program)
        .args(["--list", "--format", "terse"])
        .current_dir(folder)
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {}", program.display()))?;
    if !output.status.success() {
        bail!("{} does not list its tests", program.display());
    }
    let listed = String::from_utf8_lossy(&output.stdout);
    Ok(listed_names(&listed)
        .map(|own| Test {
            name: format!("{}::{own}", target.name),
            own: own.to_owned(),
            program: program.clone(),
            folder: folder.to_owned(),
        })
        .collect())
}

/// Lines `name: test`.
fn listed_names(listed: &str) -> impl Iterator<Item = &str> {
    listed
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
}

#[cfg(test)]
mod tests {
    use super::{Test, in_order, listed_names};

    #[test]
    fn no_two_tests_have_the_same_name() {
        let of = |folder: &str, name: &str| Test {
            name: name.to_owned(),
            own: String::new(),
            program: "/no/such/program".into(),
            folder: folder.into(),
        };
        let tests = vec![of("/one", "cli::b"), of("/one", "cli::a")];
        let names = in_order(tests).unwrap().into_iter().map(|test| test.name);
        assert!(names.eq(["cli::a", "cli::b"]));
        let tests = vec![
            of("/one", "cli::b"),
            of("/one", "cli::a"),
            of("/two", "cli::b"),
        ];
        let said = in_order(tests).unwrap_err().to_string();
        assert_eq!(
            said,
            "two tests are called cli::b: rename the one in /one or in /two"
        );
    }

    #[test]
    fn tests_are_listed_and_benchmarks_are_not() {
        let listed = "a::b: test\n04-tcp-chat/x: test\nc: benchmark\n\n2 tests\n";
        let names: Vec<&str> = listed_names(listed).collect();
        assert_eq!(names, ["a::b", "04-tcp-chat/x"]);
    }
}
