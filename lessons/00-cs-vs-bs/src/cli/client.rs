//! `list`, `get`, `put`, `remove`: the installed client. Its screen is made here, by the client.

use super::{LineServer, connect, say};
use anyhow::{Context as _, Result, anyhow, bail};
use lesson_00_cs_vs_bs::disk::{Stored, keep_mode, unfinished_file};
use lesson_00_cs_vs_bs::http::page::octets;
use lesson_00_cs_vs_bs::line::client::LineClient;
use lesson_00_cs_vs_bs::name::FileName;
use lesson_00_cs_vs_bs::terminal::plain;
use std::fs::File;
use std::io::{self, Write as _};
use std::net::Shutdown;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The exit code of a program that Ctrl-C ended: 128 + 2, as in a shell.
const INTERRUPTED: u8 = 130;

fn reach(server: &LineServer) -> Result<LineClient> {
    connect(&server.addr, server.port, LineClient::connect)
}

/// Closes the connection in order. The work is done and acknowledged, so an error here is no news.
fn part(client: LineClient) {
    let _ = client.close();
}

/// Prints the files of the disk.
pub fn list(server: &LineServer) -> Result<ExitCode> {
    let mut client = reach(server)?;
    let entries = client.list()?;
    part(client);
    let width = entries
        .iter()
        .map(|entry| octets(entry.size).len())
        .max()
        .unwrap_or(0);
    for entry in &entries {
        say(&format!("{:>width$}  {}", octets(entry.size), entry.name))?;
    }
    if entries.is_empty() {
        say("the disk is empty")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Copies a file from the disk.
pub fn get(server: &LineServer, name: &str, output: Option<PathBuf>) -> Result<ExitCode> {
    let mut client = reach(server)?;
    if output.as_deref() == Some(Path::new("-")) {
        let mut out = io::stdout().lock();
        client.get(name, &mut out)?;
        out.flush()?;
        part(client);
        return Ok(ExitCode::SUCCESS);
    }
    // The name was typed for the disk. Used as a path here, `../x` would write outside.
    let path = match (output, FileName::new(name)) {
        (Some(path), _) => Some(path),
        (None, Ok(name)) => Some(PathBuf::from(name.as_str())),
        // Let the server say no: the check that protects its folder is the server's.
        (None, Err(_)) => None,
    };
    let folder = path
        .as_deref()
        .and_then(Path::parent)
        .filter(|p| !p.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    // A rename would put a file in the place of a link, a named pipe or even `/dev/null`.
    if let Some(path) = &path
        && std::fs::symlink_metadata(path).is_ok_and(|data| !data.is_file())
    {
        bail!(
            "'{}' is there already and is no regular file: choose another --output ('-' is \
             standard output)",
            path.display()
        );
    }

    // Ctrl-C shuts the connection down; then `get` fails, and the unfinished file is removed.
    let interrupted = Arc::new(AtomicBool::new(false));
    let (flag, handle) = (Arc::clone(&interrupted), client.handle()?);
    ctrlc::set_handler(move || {
        flag.store(true, Ordering::SeqCst);
        let _ = handle.shutdown(Shutdown::Both);
    })
    .context("cannot watch for Ctrl-C")?;
    let mut file = unfinished_file(folder).map_err(|error| {
        anyhow!(
            "cannot write in the folder '{}': {}",
            folder.display(),
            plain(&error)
        )
    })?;
    let outcome = client.get(name, &mut file);
    if interrupted.load(Ordering::SeqCst) {
        return Ok(ExitCode::from(INTERRUPTED));
    }
    let length = outcome?;
    part(client);
    let path = path.ok_or_else(|| anyhow!("'{name}' cannot be a file here: give --output"))?;
    if let Ok(old) = std::fs::metadata(&path) {
        keep_mode(&old, file.as_file())?;
    }
    file.persist(&path).map_err(|failed| {
        anyhow!(
            "cannot write '{}': {}",
            path.display(),
            plain(&failed.error)
        )
    })?;
    say(&format!("got {name}: {}", octets(length)))?;
    Ok(ExitCode::SUCCESS)
}

/// Copies a file to the disk.
pub fn put(server: &LineServer, path: &Path, name: Option<String>) -> Result<ExitCode> {
    let shown = path.display();
    let data = std::fs::metadata(path)
        .map_err(|error| anyhow!("cannot read '{shown}': {}: check its name", plain(&error)))?;
    if !data.is_file() {
        bail!("'{shown}' is not a file: this disk keeps files, not folders or devices");
    }
    let mut file =
        File::open(path).map_err(|error| anyhow!("cannot read '{shown}': {}", plain(&error)))?;
    let own = || {
        path.file_name()
            .and_then(|name| name.to_str())
            .map(str::to_owned)
    };
    let name = name
        .or_else(own)
        .with_context(|| format!("the name of '{shown}' is not UTF-8: give another name"))?;
    let mut client = reach(server)?;
    let stored = client.put(&name, data.len(), &mut file)?;
    part(client);
    let done = if stored == Stored::Created {
        "created"
    } else {
        "replaced"
    };
    say(&format!("{done} {name}: {}", octets(data.len())))?;
    Ok(ExitCode::SUCCESS)
}

/// Deletes a file on the disk.
pub fn remove(server: &LineServer, name: &str) -> Result<ExitCode> {
    let mut client = reach(server)?;
    client.remove(name)?;
    part(client);
    say(&format!("removed {name}"))?;
    Ok(ExitCode::SUCCESS)
}
