//! `look`, `pair`, `pass-fd` and `take-fd`: what TCP has no counterpart for.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Seek as _, Write as _};
use std::net::Shutdown;
use std::os::fd::AsRawFd as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;
use lesson_03_unix_sockets::address::Address;
use lesson_03_unix_sockets::claim::{self, Found};
use lesson_03_unix_sockets::pair::start_with_pair;
use lesson_03_unix_sockets::stop::Wait;
use lesson_03_unix_sockets::talk::why_not_connected;
use lesson_03_unix_sockets::text::{reason, shown};
use lesson_03_unix_sockets::{pass, peer, socket};

use super::out::{self, say};

/// How long one process waits for another.
const PATIENCE: Duration = Duration::from_secs(10);

pub fn look(path: &Path) -> anyhow::Result<()> {
    let name = path.display();
    match claim::look(path) {
        Ok(Found::Nothing) => say!("{name}: nothing there")?,
        Ok(Found::NotASocket(what)) => say!("{name}: {what}, not a socket")?,
        Ok(Found::Live(Some(caller))) => say!("{name}: a live socket of {caller}")?,
        Ok(Found::Live(None)) => say!("{name}: a live socket")?,
        Ok(Found::Stale) => say!("{name}: a stale socket: nobody answers")?,
        Ok(Found::Unclear(error)) => say!("{name}: a socket; who knows ({})", reason(&error))?,
        Err(error) => bail!("cannot look at {name}: {}", reason(&error)),
    }
    Ok(())
}

pub fn pair() -> anyhow::Result<()> {
    let mut command = Command::new(std::env::current_exe().context("cannot find this program")?);
    command.arg("child");
    let (mut child, mut socket) = start_with_pair(command).context("cannot start the child")?;
    socket.set_read_timeout(Some(PATIENCE))?;
    say!("this is process {}", std::process::id())?;
    say!("its child is process {}", child.id())?;
    say!("the pair was made by {}", peer::caller(&socket)?)?;
    let mut reader = BufReader::new(socket.try_clone()?);
    let mut line = String::new();
    for word in ["one", "two"] {
        say!("parent writes: {word}")?;
        writeln!(socket, "{word}")?;
        line.clear();
        reader
            .read_line(&mut line)
            .context("the child did not answer")?;
        say!("child answers: {}", shown(line.as_bytes()))?;
    }
    // The child reads until the end of its input: this is the end.
    socket.shutdown(Shutdown::Write)?;
    line.clear();
    reader
        .read_line(&mut line)
        .context("the child did not end")?;
    say!("child ends: {}", shown(line.as_bytes()))?;
    let status = child.wait()?;
    if !status.success() {
        bail!("the child failed ({status})");
    }
    Ok(())
}

/// The child knows nothing of sockets: standard input, standard output.
pub fn child() -> anyhow::Result<()> {
    let mut lines = 0;
    for line in io::stdin().lock().lines() {
        lines += 1;
        say!("line {lines} has {} octets", line?.len())?;
    }
    say!("end of input after {lines} lines")?;
    Ok(())
}

#[derive(Debug, Args)]
pub struct PassFd {
    /// Where the other process will connect
    #[arg(long, value_name = "PATH")]
    path: PathBuf,
    /// The file to open and hand over
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

#[derive(Debug, Args)]
pub struct TakeFd {
    /// Where the process with the file is waiting
    #[arg(long, value_name = "PATH")]
    path: PathBuf,
    /// Read so many octets only, and leave the rest
    #[arg(long, value_name = "OCTETS")]
    only: Option<u64>,
}

pub fn pass_fd(args: &PassFd) -> anyhow::Result<()> {
    out::private_files();
    let name = args.file.display();
    let mut file = File::open(&args.file)
        .map_err(|error| anyhow::anyhow!("cannot open {name}: {}", reason(&error)))?;
    let stop = out::stop_on_signal()?;
    let (listener, _claim) = claim::listen(&args.path, 0o600)?;
    say!("{name} is open as descriptor {}", file.as_raw_fd())?;
    say!("waiting at {}", args.path.display())?;
    if stop.wait(&listener, None)? != Wait::Ready {
        return Ok(());
    }
    let (stream, _) = listener.accept().context("cannot accept the caller")?;
    say!("caller: {}", peer::caller(&stream)?)?;
    stream.set_write_timeout(Some(PATIENCE))?;
    pass::send(&stream, &file, b"here is an open file")
        .map_err(|error| anyhow::anyhow!("cannot send the descriptor: {}", reason(&error)))?;
    say!("descriptor {} sent", file.as_raw_fd())?;
    // The other process closes its end when it has read: nothing more is to come.
    if stop.wait(&stream, Some(PATIENCE))? == Wait::Ready {
        let position = file.stream_position().context("the file has no position")?;
        say!("my position in the file is now {position}")?;
    }
    Ok(())
}

pub fn take_fd(args: &TakeFd) -> anyhow::Result<()> {
    let address = Address::from(&*args.path);
    let stream = socket::connect(&address).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => anyhow::anyhow!(
            "there is no {address}: start the other side first: {} pass-fd --path {address} FILE",
            super::RUN
        ),
        _ => anyhow::anyhow!(why_not_connected(&address, &error)),
    })?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let received = match pass::receive(&stream) {
        Ok(Some(received)) => received,
        Ok(None) => bail!("the other side closed the connection and sent nothing"),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
            ) =>
        {
            bail!(
                "nothing came in {} seconds: is pass-fd at the other side?",
                PATIENCE.as_secs()
            )
        }
        Err(error) => bail!("cannot receive: {}", reason(&error)),
    };
    say!("note: {}", shown(&received.note))?;
    let Some(file) = received.file else {
        bail!("octets came, but no descriptor: is pass-fd at the other side?");
    };
    say!("a descriptor came, here it is number {}", file.as_raw_fd())?;
    let most = args.only.unwrap_or(1_000_000);
    let octets =
        pass::read(File::from(file), most, PATIENCE).map_err(|error| match error.kind() {
            io::ErrorKind::TimedOut => anyhow::anyhow!(
                "the file did not end within {} seconds: is it a pipe that somebody holds open?",
                PATIENCE.as_secs()
            ),
            _ => anyhow::anyhow!("cannot read the file: {}", reason(&error)),
        })?;
    for line in octets.split_inclusive(|&octet| octet == b'\n') {
        say!("{}", shown(line))?;
    }
    Ok(())
}
