//! `permissions`, and a client that gives up root's rights.

use std::ffi::OsString;
use std::io::Read as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use lesson_03_unix_sockets::address::Address;
use lesson_03_unix_sockets::place::Place;
use lesson_03_unix_sockets::socket;
use lesson_03_unix_sockets::stop::Stop;
use lesson_03_unix_sockets::talk::{Event, serve};

use super::out::{self, say};

/// The user and the group without any rights of their own (`nobody` on most systems).
const NOBODY: u32 = 65_534;

/// This program, in a form that a child without rights can start too: on Linux it needs no way
/// through folders that are closed to it.
fn this_program() -> anyhow::Result<OsString> {
    if cfg!(target_os = "linux") {
        return Ok("/proc/self/exe".into());
    }
    let path = std::env::current_exe().context("cannot find this program")?;
    Ok(path.into())
}

fn client(address: &Address, lines: &[String]) -> anyhow::Result<Command> {
    let mut command = Command::new(this_program()?);
    command.arg("client");
    match address {
        Address::Path(path) => command.arg("--path").arg(path),
        Address::Abstract(name) => command
            .arg("--abstract")
            .arg(String::from_utf8_lossy(name).as_ref()),
    };
    command.arg("--").args(lines);
    Ok(command)
}

/// Run the client again as user 65534. Only root can do this.
pub fn run_as_nobody(address: &Address, lines: &[String]) -> anyhow::Result<()> {
    let status = client(address, lines)?
        .uid(NOBODY)
        .gid(NOBODY)
        .status()
        .context("cannot start this program as user 65534")?;
    // The child has said what was wrong, if anything was.
    std::process::exit(status.code().unwrap_or(1));
}

pub fn run() -> anyhow::Result<()> {
    out::private_files();
    // Not closed to anybody: the socket's own mode is to be seen at work, not the folder's.
    let place = Place::new(0o755).context("cannot make a temporary folder (TMPDIR says where)")?;
    let folder = place.path().to_owned();
    out::on_signal(move || {
        let _ = std::fs::remove_dir_all(&folder);
        std::process::exit(130);
    })?;
    let me = rustix::process::geteuid();
    let path = place.path().join("s.sock");
    if me.is_root() {
        say!(
            "the caller is user {NOBODY}, the server user {}",
            me.as_raw()
        )?;
        say!("1. mode 0600: the owner may write, nobody else")?;
        attempt(&path, 0o600, Some(NOBODY))?;
        say!("2. mode 0666: everybody may write")?;
        attempt(&path, 0o666, Some(NOBODY))?;
        say!("To connect takes the right to write to the socket's file.")?;
    } else {
        say!("only root can act as another user: so you are kept out of your own socket")?;
        say!(
            "1. mode 0000: nobody may write, not even the owner, user {}",
            me.as_raw()
        )?;
        attempt(&path, 0o000, None)?;
        say!("2. mode 0600: the owner may write, nobody else")?;
        attempt(&path, 0o600, None)?;
        say!("To connect takes the right to write to the socket's file. In 2. another user is")?;
        say!("where you were in 1.: run this as root to see it.")?;
    }
    Ok(())
}

/// A server with this mode, and a client process of `user` that tries to connect.
fn attempt(path: &Path, mode: u32, user: Option<u32>) -> anyhow::Result<()> {
    let address = Address::from(path);
    let listener = socket::listen(&address, mode)?;
    let stop = Stop::new()?;
    let mut command = client(&address, &[String::from("hello")])?;
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    if let Some(user) = user {
        command.uid(user).gid(user);
    }
    let result = std::thread::scope(|scope| {
        let server = scope.spawn(|| {
            serve(&listener, &stop, &|event| match event {
                Event::Called(_, caller) => say!("   server: connected: {caller}"),
                _ => Ok(()),
            })
        });
        let result = (|| {
            let mut child = command.spawn().context("cannot start the caller")?;
            let mut errors = String::new();
            if let Some(mut pipe) = child.stderr.take() {
                pipe.read_to_string(&mut errors)?;
            }
            anyhow::Ok((child.wait()?, errors))
        })();
        stop.now();
        match server.join() {
            Ok(ended) => ended.map_err(anyhow::Error::from).and(result),
            Err(_) => bail!("the server ended early"),
        }
    });
    std::fs::remove_file(path)?;
    let (status, errors) = result?;
    if !status.success() {
        let name = path.display().to_string();
        let sentence = errors
            .trim()
            .trim_start_matches("error: ")
            .replace(&name, "s.sock");
        say!("   caller: refused: {sentence}")?;
    }
    Ok(())
}
