//! Without a command: the point of the lesson in a few seconds.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};
use lesson_03_unix_sockets::address::Address;
use lesson_03_unix_sockets::claim;
use lesson_03_unix_sockets::place::Place;
use lesson_03_unix_sockets::socket;
use lesson_03_unix_sockets::stop::Stop;
use lesson_03_unix_sockets::talk::{Event, Talk, serve, why_not_connected};
use lesson_03_unix_sockets::text::shown;

use super::out::{self, say};
use super::talk::size_of;

pub fn run() -> anyhow::Result<()> {
    out::private_files();
    let place = Place::new(0o700).context("cannot make a temporary folder (TMPDIR says where)")?;
    let folder = place.path().to_owned();
    out::on_signal(move || {
        let _ = std::fs::remove_dir_all(&folder);
        std::process::exit(130);
    })?;
    let path = place.path().join("s.sock");
    let (listener, claim) = claim::listen(&path, 0o600)?;
    let stop = Stop::new()?;
    let result = std::thread::scope(|scope| {
        let server = scope.spawn(|| {
            serve(&listener, &stop, &|event| match event {
                Event::Called(_, caller) => say!("   the server sees: {caller}"),
                Event::Said(_, line) => say!("   the server reads: {}", shown(line)),
                _ => Ok(()),
            })
        });
        let result = steps(&path);
        stop.now();
        match server.join() {
            // If the server failed, that is why the steps did.
            Ok(ended) => ended.map_err(anyhow::Error::from).and(result),
            Err(_) => bail!("the server ended early"),
        }
    });
    drop((listener, claim));
    result?;

    say!("5. How fast, beside TCP on loopback? (a short measurement)")?;
    super::tables::in_short()?;
    say!("")?;
    say!("Try it yourself, in two terminals:")?;
    say!("  {} server --path s.sock", super::RUN)?;
    say!("  {} client --path s.sock", super::RUN)?;
    Ok(())
}

fn steps(path: &Path) -> anyhow::Result<()> {
    let address = Address::from(path);
    say!(
        "1. A server (process {}) listens at a path:",
        std::process::id()
    )?;
    say!("   {}", path.display())?;

    say!("2. Another process calls, and the kernel says who it is.")?;
    let output = Command::new(std::env::current_exe().context("cannot find this program")?)
        .args(["client", "hello", "--path"])
        .arg(path)
        .stdin(Stdio::null())
        .output()
        .context("cannot start the client")?;
    if !output.status.success() {
        bail!(
            "the client failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let answer = text.lines().last().unwrap_or_default();
    say!("   the client gets: {}", shown(answer.as_bytes()))?;

    say!("3. No octet went through the file: it is a name.")?;
    say!("   size of the file: {} octets", size_of(path)?)?;

    say!("4. Remove the name while connected: the talk goes on.")?;
    let mut talk = Talk::new(socket::connect(&address)?, Duration::from_secs(10))?;
    std::fs::remove_file(path).context("cannot remove the socket file")?;
    let Some(answer) = talk.ask(b"still there?")? else {
        bail!("the server closed the connection");
    };
    say!("   answer: {}", shown(&answer))?;
    match socket::connect(&address) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            say!("   a new caller: there is no such name any more")?;
        }
        Err(error) => bail!(why_not_connected(&address, &error)),
        Ok(_) => bail!("a name that is gone was found"),
    }
    Ok(())
}
