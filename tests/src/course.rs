//! Scenes about the course itself: its folder, and `cargo xtask …` in it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The program that does the exercises' chores.
pub(crate) const PROGRAM: &str = "exercises";

/// Makes the folder `dir` a course as students get it.
///
/// # Errors
/// When the program that hands it out fails.
pub(crate) fn hand_out(bin: &Path, dir: &Path) -> Result<()> {
    let output = Command::new(program(bin))
        .arg("handout")
        .arg(dir)
        .envs(environment())
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", program(bin).display()))?;
    if !output.status.success() {
        bail!(
            "cannot hand out the course: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}

/// The program's arguments, if the command is one of its chores: `cargo xtask exercise next` is the
/// program `exercises` with `next`, as `xtask` starts it. (Without cargo's own messages about what it
/// compiles, which differ from run to run.)
pub(crate) fn chore(words: &[String]) -> Option<&[String]> {
    let ["cargo", "xtask", chore] = [0, 1, 2].map(|at| words.get(at).map_or("", String::as_str))
    else {
        return None;
    };
    match chore {
        "exercise" => Some(&words[3..]),
        "handout" | "grade" | "doctor" => Some(&words[2..]),
        _ => None,
    }
}

/// Whether the command is one of the program's chores.
pub(crate) fn is_chore(command: &str) -> bool {
    shell_words::split(command).is_ok_and(|words| chore(&words).is_some())
}

/// Where the program is.
pub(crate) fn program(bin: &Path) -> PathBuf {
    bin.join(format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX))
}

/// What the program needs to find the compiler, and to stay off the network.
pub(crate) fn environment() -> Vec<(&'static str, OsString)> {
    let mut found = vec![("CARGO_NET_OFFLINE", OsString::from("true"))];
    // Cargo, which has started us, names itself; the compiler stands beside it.
    if let Some(cargo) = std::env::var_os("CARGO") {
        let rustc =
            Path::new(&cargo).with_file_name(format!("rustc{}", std::env::consts::EXE_SUFFIX));
        if rustc.is_file() {
            found.push(("RUSTC", rustc.into_os_string()));
        }
        found.push(("CARGO", cargo));
    }
    let home = |variable, folder| {
        std::env::var_os(variable)
            .or_else(|| Some(std::env::home_dir()?.join(folder).into_os_string()))
    };
    found.extend(home("CARGO_HOME", ".cargo").map(|path| ("CARGO_HOME", path)));
    found.extend(home("RUSTUP_HOME", ".rustup").map(|path| ("RUSTUP_HOME", path)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chore_is_what_xtask_would_start() {
        let words = |line: &str| shell_words::split(line).unwrap();
        let chore = |line: &str| chore(&words(line)).map(<[String]>::to_vec);
        assert_eq!(
            chore("cargo xtask exercise check octet-to-bits").unwrap(),
            ["check", "octet-to-bits"]
        );
        assert_eq!(
            chore("cargo xtask grade class").unwrap(),
            ["grade", "class"]
        );
        assert_eq!(chore("cargo xtask ci"), None);
        assert_eq!(chore("cargo install x"), None);
    }
}
