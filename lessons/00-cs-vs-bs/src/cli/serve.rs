//! `serve`: the server, until Ctrl-C.

use super::{COMMAND, listen, remove, say};
use anyhow::{Context as _, Result, anyhow};
use clap::Args;
use lesson_00_cs_vs_bs::disk::Disk;
use lesson_00_cs_vs_bs::server::{self, Door, Limits, Stop, reachable};
use lesson_00_cs_vs_bs::terminal::plain;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::Duration;

/// Options of `serve`.
#[derive(Args)]
pub struct Serve {
    /// The folder to share; without this, a fresh one that is removed at the end
    #[arg(long, short)]
    folder: Option<PathBuf>,
    /// Address to listen on; the default is reached from this machine only
    #[arg(long, default_value = "127.0.0.1")]
    addr: String,
    /// Port of the line protocol, for the installed client (0: the system chooses)
    #[arg(long, default_value_t = 7070)]
    port: u16,
    /// Port of HTTP, for browsers (0: the system chooses)
    #[arg(long, default_value_t = 8080)]
    http_port: u16,
    /// The most octets that all files may hold together; without this, what the file system holds
    #[arg(long, value_name = "OCTETS")]
    capacity: Option<u64>,
    /// The most connections at a time, at each of the two ports
    #[arg(long, value_name = "N", default_value_t = 64)]
    max_connections: usize,
    /// How long a client may keep the server waiting
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    patience: u64,
    /// A name under which browsers reach this server, besides its IP address and localhost
    #[arg(long, value_name = "NAME")]
    host_name: Vec<String>,
}

impl Serve {
    /// Serves until Ctrl-C, a closed terminal or SIGTERM.
    pub fn run(self) -> Result<ExitCode> {
        // First of all, so that Ctrl-C never leaves the temporary folder behind. A server that is
        // told to stop before it begins stops when it begins.
        let stop = Stop::default();
        let handler = stop.clone();
        ctrlc::set_handler(move || handler.request()).context("cannot watch for Ctrl-C")?;

        let temporary = match self.folder {
            Some(_) => None,
            None => Some(
                tempfile::Builder::new()
                    .prefix("network-disk-")
                    .tempdir()
                    .context("cannot make a temporary folder")?,
            ),
        };
        let folder = self
            .folder
            .as_deref()
            .or(temporary.as_ref().map(tempfile::TempDir::path));
        let folder = folder.context("there is no folder to share")?;
        let disk = Disk::open(folder, self.capacity).map_err(|error| {
            let shown = folder.display();
            anyhow!(
                "cannot share '{shown}': {}: give --folder a folder you can read",
                plain(&error)
            )
        })?;
        let line = listen(&self.addr, self.port, "--port")?;
        let http = listen(&self.addr, self.http_port, "--http-port")?;
        let (line_end, http_end) = (line.local_addr()?, http.local_addr()?);

        let kind = if temporary.is_some() {
            "temporary folder"
        } else {
            "folder"
        };
        let port = line_end.port();
        let url = format!("http://{}/", reachable(http_end));
        say(&format!(
            "network disk in the {kind} {}",
            disk.folder().display()
        ))?;
        say(&format!(
            "listening on {line_end} for the installed client (C/S)"
        ))?;
        say(&format!("listening on {http_end} for any browser (B/S)"))?;
        let client = reachable(line_end).ip();
        let addr = if client == Ipv4Addr::LOCALHOST {
            String::new()
        } else {
            format!(" --addr {client}")
        };
        say(&format!("C/S: {COMMAND} list{addr} --port {port}"))?;
        say(&format!("B/S: {url}"))?;
        let connections = self.max_connections.min(room(self.max_connections));
        if connections < self.max_connections {
            say(&format!(
                "connections: {connections} at each port, because this system lets a program open \
                 few files (`ulimit -n`)"
            ))?;
        }
        say("stop: Ctrl-C")?;

        let limits = Limits {
            connections,
            patience: Duration::from_secs(self.patience),
            hosts: self.host_name,
        };
        let (lines, all_written) = start_log(stop.clone());
        let log = |door: Door, request: &str, outcome: &str| {
            let door = if door == Door::Line { "C/S" } else { "B/S" };
            let _ = lines.try_send(format!("{door}  {request}: {outcome}"));
        };
        server::serve(
            &[(Door::Line, line), (Door::Http, http)],
            &disk,
            &limits,
            &stop,
            &log,
        )?;
        let last = match temporary {
            Some(folder) => {
                remove(folder)?;
                "stopped; the temporary folder is removed"
            }
            None => "stopped; the files stay in the folder",
        };
        // The writer ends when nobody can send it a line any more.
        drop(lines);
        let end = all_written.recv_timeout(Duration::from_secs(1));
        if end == Err(RecvTimeoutError::Disconnected) {
            say(last)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// How many connections at each door the system has descriptors for. If `wanted` is more than that,
/// the system is asked for more descriptors first: up to a second, harder limit it gives them to
/// everybody (setrlimit(2)).
#[cfg(unix)]
fn room(wanted: usize) -> usize {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    let needed = Limits::descriptors_for(wanted);
    if limit.current.is_some_and(|current| current < needed) {
        limit.current = Some(limit.maximum.map_or(needed, |most| most.min(needed)));
        // Refused: then what there is must do.
        let _ = setrlimit(Resource::Nofile, limit);
    }
    getrlimit(Resource::Nofile)
        .current
        .map_or(usize::MAX, Limits::connections_for)
}

/// Windows has no such limit.
#[cfg(not(unix))]
fn room(_wanted: usize) -> usize {
    usize::MAX
}

/// Starts a thread that prints the log, and returns where to send the lines. The receiver is
/// disconnected when all are printed.
///
/// Printing waits when the terminal is stopped (Ctrl-S) or nobody empties the pipe. Here it keeps
/// only this thread waiting, and no client; a line that finds the queue full is lost.
fn start_log(stop: Stop) -> (SyncSender<String>, Receiver<()>) {
    let (lines, queue) = mpsc::sync_channel::<String>(1000);
    let (writing, all_written) = mpsc::channel();
    thread::spawn(move || {
        let _until_the_end = writing;
        for line in queue {
            // Nobody reads the log any more: a server that cannot be watched is ended.
            if say(&line).is_err() {
                stop.request();
            }
        }
    });
    (lines, all_written)
}
