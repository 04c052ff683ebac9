//! The server under test, and what the tests ask of it.

use lesson_00_cs_vs_bs::browser::Browser;
use lesson_00_cs_vs_bs::disk::Disk;
use lesson_00_cs_vs_bs::line::client::LineClient;
use lesson_00_cs_vs_bs::server::{Door, Limits, Stop, serve};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// No wait in these tests is longer.
pub const DEADLINE: Duration = Duration::from_secs(20);

pub struct Server {
    pub line: SocketAddr,
    pub http: SocketAddr,
    pub folder: tempfile::TempDir,
    stop: Stop,
    thread: Option<JoinHandle<()>>,
    log: Receiver<String>,
}

impl Server {
    pub fn start(capacity: Option<u64>, limits: Limits) -> Server {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::open(folder.path(), capacity).unwrap();
        let line = TcpListener::bind("127.0.0.1:0").unwrap();
        let http = TcpListener::bind("127.0.0.1:0").unwrap();
        let (line_end, http_end) = (line.local_addr().unwrap(), http.local_addr().unwrap());
        let stop = Stop::default();
        let (sender, log) = channel();
        let inner = stop.clone();
        let thread = std::thread::spawn(move || {
            let doors = [(Door::Line, line), (Door::Http, http)];
            let log = |_: Door, request: &str, outcome: &str| {
                let _ = sender.send(format!("{request}: {outcome}"));
            };
            serve(&doors, &disk, &limits, &inner, &log).unwrap();
        });
        Server {
            line: line_end,
            http: http_end,
            folder,
            stop,
            thread: Some(thread),
            log,
        }
    }

    pub fn plain() -> Server {
        Server::start(None, Limits::default())
    }

    pub fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    pub fn client(&self) -> LineClient {
        LineClient::connect(self.line).unwrap()
    }

    pub fn browser(&self) -> Browser {
        Browser::connect(self.http).unwrap()
    }

    /// Waits until the server has logged a line with this text.
    pub fn logged(&self, text: &str) {
        let end = Instant::now() + DEADLINE;
        while !self
            .log
            .recv_timeout(end - Instant::now())
            .unwrap()
            .contains(text)
        {}
    }

    /// Sends octets, closes the sending side, and reads all that comes back.
    pub fn raw(&self, door: Door, octets: &[u8]) -> String {
        let mut stream = connect(if door == Door::Line {
            self.line
        } else {
            self.http
        });
        stream.write_all(octets).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        read_all(&mut stream)
    }

    pub fn end(mut self) -> tempfile::TempDir {
        self.stop.request();
        self.thread.take().unwrap().join().unwrap();
        std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.request();
    }
}

pub fn connect(server: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(server).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream.set_write_timeout(Some(DEADLINE)).unwrap();
    stream
}

pub fn read_all(stream: &mut TcpStream) -> String {
    let mut octets = Vec::new();
    stream.read_to_end(&mut octets).unwrap();
    String::from_utf8(octets).unwrap()
}

pub fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The status codes of a raw answer, in their order.
pub fn statuses(answer: &str) -> Vec<u16> {
    let starts = answer.match_indices("HTTP/1.1 ");
    starts
        .filter_map(|(at, version)| answer[at + version.len()..].get(..3)?.parse().ok())
        .collect()
}
