//! `list`, `get`, `put`, `remove`: the installed client. Its screen is made here, by the client.

use super::{LineServer, connect, plain, say};
use anyhow::{Context as _, Result, anyhow, bail};
use lesson_00_cs_vs_bs::disk::Stored;
use lesson_00_cs_vs_bs::http::page::octets;
use lesson_00_cs_vs_bs::line::client::LineClient;
use lesson_00_cs_vs_bs::name::FileName;
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

/// Prints the files of the disk.
pub fn list(server: &LineServer) -> Result<ExitCode> {
    let entries = reach(server)?.list()?;
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
    let mut file = tempfile::NamedTempFile::new_in(folder)
        .with_context(|| format!("cannot write in the folder '{}'", folder.display()))?;

    // Ctrl-C shuts the connection down; then `get` fails, and the unfinished file is removed.
    let interrupted = Arc::new(AtomicBool::new(false));
    let (flag, handle) = (Arc::clone(&interrupted), client.handle()?);
    ctrlc::set_handler(move || {
        flag.store(true, Ordering::SeqCst);
        let _ = handle.shutdown(Shutdown::Both);
    })
    .context("cannot watch for Ctrl-C")?;
    let outcome = client.get(name, &mut file);
    if interrupted.load(Ordering::SeqCst) {
        return Ok(ExitCode::from(INTERRUPTED));
    }
    let length = outcome?;
    let path = path.ok_or_else(|| anyhow!("'{name}' cannot be a file here: give --output"))?;
    make_ordinary(file.as_file())?;
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

/// Gives a file that `tempfile` made for its owner alone the mode that others may read.
fn make_ordinary(file: &File) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    let _ = file;
    Ok(())
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
    let stored = reach(server)?.put(&name, data.len(), &mut file)?;
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
    reach(server)?.remove(name)?;
    say(&format!("removed {name}"))?;
    Ok(ExitCode::SUCCESS)
}
