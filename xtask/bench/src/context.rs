//! What a benchmark finds: the repository, our programs, the peers.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use measured::report::Missing;
use tempfile::TempDir;

use crate::machine::said;

/// How to get each peer, by its program: the package of Debian and Ubuntu, and of Homebrew.
const PACKAGES: [(&str, &str); 10] = [
    ("ipcalc", "apt install ipcalc"),
    ("ipcalc-ng", "apt install ipcalc-ng"),
    ("iperf3", "apt install iperf3, brew install iperf3"),
    ("ncat", "apt install ncat, brew install nmap"),
    ("netmask", "apt install netmask"),
    ("nginx", "apt install nginx-light, brew install nginx"),
    ("python3", "apt install python3, brew install python3"),
    ("sipcalc", "apt install sipcalc, brew install sipcalc"),
    ("socat", "apt install socat, brew install socat"),
    ("wrk", "apt install wrk, brew install wrk"),
];

/// What a benchmark finds.
pub struct Context {
    root: PathBuf,
    full: bool,
    scratch: TempDir,
    missing: RefCell<BTreeSet<Missing>>,
    built: Cell<Duration>,
}

impl Context {
    /// A context with a temporary folder of its own.
    ///
    /// # Errors
    /// When there is no temporary folder to be had.
    pub fn new(root: &Path, full: bool) -> Result<Self> {
        Ok(Self {
            root: root.to_owned(),
            full,
            scratch: tempfile::Builder::new()
                .prefix("bench-")
                .tempdir()
                .context("cannot make a temporary folder")?,
            missing: RefCell::default(),
            built: Cell::default(),
        })
    }

    /// The root of the repository.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path in the temporary folder.
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    /// `usual`, or `full` if the caller has the time.
    pub fn choose<T>(&self, usual: T, full: T) -> T {
        if self.full { full } else { usual }
    }

    /// The peers that were asked for and not found.
    pub fn missing(&self) -> Vec<Missing> {
        self.missing.borrow().iter().cloned().collect()
    }

    /// The program of a peer. If it is not there, that is noted, and the benchmark goes on without.
    pub fn peer(&self, name: &str) -> Option<PathBuf> {
        let found = if name == "python3" {
            // A version manager's `python3` is a script that looks for the real one.
            let mut command = Command::new(name);
            let asked = command.args(["-c", "import sys; print(sys.executable)"]);
            said(asked).ok().map(PathBuf::from)
        } else {
            on_path(name)
        };
        if found.is_none() {
            let known = PACKAGES.iter().find(|(peer, _)| *peer == name);
            self.missing.borrow_mut().insert(Missing {
                peer: name.to_owned(),
                get: known.map_or("see its web page", |(_, get)| get).to_owned(),
            });
        }
        found
    }

    /// Cargo, in the root of the repository, quiet.
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .current_dir(&self.root)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }

    /// Builds a package's programs in the release profile, and gives the path of `program`.
    ///
    /// # Errors
    /// When it cannot be built.
    pub fn program(&self, package: &str, program: &str) -> Result<PathBuf> {
        self.build(&["build", "--release", "--package", package])?;
        Ok(self.target()?.join("release").join(program))
    }

    /// The same, linked without shared libraries and for a fixed address, so that nothing is fitted together
    /// at its start; `None` where we know no way to do this, or it cannot be built. It takes a target of its
    /// own: the macros of our libraries are shared libraries, which the compiler loads, and with a target the
    /// flags are not for them.
    ///
    /// # Errors
    /// When rustc does not say what it compiles for.
    pub fn static_program(&self, package: &str, program: &str) -> Result<Option<PathBuf>> {
        if !cfg!(all(target_os = "linux", target_env = "gnu")) {
            return Ok(None);
        }
        let about = said(Command::new("rustc").arg("-vV"))?;
        let host = about.lines().find_map(|line| line.strip_prefix("host: "));
        let host = host.context("rustc does not say what it compiles for")?;
        let arguments = ["build", "--release", "--target", host, "--package", package];
        let mut cargo = self.cargo(&arguments);
        let flags = "-C target-feature=+crt-static -C relocation-model=static";
        cargo
            .env("RUSTFLAGS", flags)
            .env_remove("CARGO_ENCODED_RUSTFLAGS");
        if self.run(&mut cargo).is_err() {
            self.missing.borrow_mut().insert(Missing {
                peer: "a C library to link statically".to_owned(),
                get: "apt install libc6-dev, or dnf install glibc-static".to_owned(),
            });
            return Ok(None);
        }
        let folder = self.target()?.join(host).join("release");
        Ok(Some(folder.join(program)))
    }

    /// Runs cargo, and fails if it does.
    ///
    /// # Errors
    /// When it cannot be built. Cargo has said why.
    pub fn build(&self, arguments: &[&str]) -> Result<()> {
        self.run(&mut self.cargo(arguments))
    }

    fn run(&self, cargo: &mut Command) -> Result<()> {
        let begun = Instant::now();
        let status = cargo.status();
        self.built.set(self.built.get() + begun.elapsed());
        let status = status.context("cannot start cargo")?;
        if !status.success() {
            bail!("{cargo:?} has failed");
        }
        Ok(())
    }

    /// How long all [`build`](Self::build)s took: no part of any value.
    pub fn built(&self) -> Duration {
        self.built.get()
    }

    /// Cargo's folder for what it builds. This program stands in a folder of it.
    ///
    /// # Errors
    /// When this program does not know where it is.
    pub fn target(&self) -> Result<PathBuf> {
        let own = env::current_exe().context("cannot find this program")?;
        let above = own.ancestors().find(|folder| {
            (folder.file_name()).is_some_and(|name| name == "release" || name == "debug")
        });
        let target = above.and_then(Path::parent);
        Ok(target
            .context("this program is not in cargo's folder")?
            .to_owned())
    }
}

/// Looks for a program as a shell does, and where Debian puts servers.
fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(["/usr/sbin", "/sbin", "/usr/local/sbin"].map(PathBuf::from))
        .map(|folder| folder.join(OsStr::new(name)))
        .find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_peer_is_noted_with_the_way_to_get_it() {
        let context = Context::new(Path::new("."), false).unwrap();
        assert!(context.peer("sh").is_some());
        assert_eq!(context.missing(), []);
        assert_eq!(context.peer("no-such-peer"), None);
        assert_eq!(context.missing()[0].peer, "no-such-peer");
    }

    #[test]
    fn every_peer_has_a_package() {
        assert!(
            PACKAGES
                .iter()
                .all(|(_, get)| get.starts_with("apt install "))
        );
        assert!(PACKAGES.is_sorted());
    }
}
