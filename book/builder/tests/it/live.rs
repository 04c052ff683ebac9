//! The server against pages, peers and readers that mean no good, and scenes played over a WebSocket.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use book::layout::Layout;
use book::serve::{self, Limits, Live, News, Pages, Programs, Server};
use serde_json::Value;
use tokio::sync::oneshot;
use tokio_tungstenite::tungstenite::{self, Message, WebSocket, client::IntoClientRequest as _};

use crate::fixture::Repository;

mod attacks;
mod changes;
mod killed;
mod runs;
mod wishes;

/// No wait is longer.
const DEADLINE: Duration = Duration::from_secs(30);

/// A course with scenes that need no lesson.
fn course() -> Repository {
    let repository = Repository::faultless();
    for (name, steps) in [
        ("cat", "a $ cat\na > hello\na ? hello\na ? never\n"),
        (
            "home",
            // It ignores polite signals, and puts others into groups of their own.
            "a $ printf '%s=' {dir}; trap '' HUP TERM INT; set -m; cat /dev/zero >/dev/null & cat\na ? never\n",
        ),
        ("flood", "a $ cat /dev/zero | cat\na ? never\n"),
        ("deaf", "a $ cat < /dev/zero > /dev/null\na ? never\n"),
        (
            "slot",
            "slot x 1.2.3.4\na $ printf '%s;' {x}\na ? 1.2.3.4\n",
        ),
        ("two", "a $ cat\nb $ cat\na ? never\n"),
        ("short", "a $ printf '%s' done\na ? done\n"),
        ("root-only", "needs root\na $ ls\n"),
    ] {
        repository.write(
            &format!("tests/scenes/04-tcp-chat/{name}.scene"),
            &format!("# {name}\n{steps}"),
        );
    }
    repository
}

/// A server in this process.
struct Served {
    addr: SocketAddr,
    key: String,
    /// What the browser is opened with.
    ticket: String,
    pages: Arc<Pages>,
    news: Arc<News>,
    repository: Repository,
    stop: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<()>>,
}

impl Served {
    fn start() -> Self {
        Self::with(Limits::default())
    }

    fn with(limits: Limits) -> Self {
        let repository = course();
        let live = Live::new(
            &repository.layout(),
            Programs::In("/nowhere".into()),
            limits,
        );
        Self::serve(repository, Some(live))
    }

    /// For a class: pages to read.
    fn lan() -> Self {
        Self::serve(course(), None)
    }

    /// Of the course itself, with the lessons' programs.
    fn of_this_course() -> Self {
        let programs = Programs::In(scenes::build_lessons().unwrap());
        let live = Live::new(&Layout::new(scenes::root()), programs, Limits::default());
        Self::serve(course(), Some(live))
    }

    fn serve(repository: Repository, live: Option<Live>) -> Self {
        let listener = serve::bind("127.0.0.1".parse().unwrap(), 0).unwrap();
        let addr = listener.local_addr().unwrap();
        let pages = Arc::new(Pages::build(&repository.layout()).unwrap());
        let news = Arc::new(News::default());
        let server = Server::new(listener, Arc::clone(&pages), Arc::clone(&news), live).unwrap();
        let after = |url: String, sign| url.split(sign).nth(1).unwrap_or_default().to_owned();
        let (key, ticket) = (
            after(server.door().url(), "/#key="),
            after(server.door().url_for_browser(), "/?ticket="),
        );
        let (stop, stopped) = oneshot::channel::<()>();
        let running = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            let stopped = async {
                let _ = stopped.await;
            };
            runtime.block_on(server.run(stopped)).unwrap();
        });
        Self {
            addr,
            key,
            ticket,
            pages,
            news,
            repository,
            stop: Some(stop),
            running: Some(running),
        }
    }

    fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(running) = self.running.take() {
            running.join().unwrap();
        }
    }

    fn page(&self) -> Page {
        Page::open(self.addr, &self.key)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Sends a request with these header lines and returns the whole answer.
fn ask(server: SocketAddr, line: &str, headers: &str) -> String {
    let mut stream = TcpStream::connect(server).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    let request = format!("{line} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // A server may reset a connection that it has no use for.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> u16 {
    let word = answer.split(' ').nth(1).unwrap_or_default();
    word.parse().unwrap_or_default()
}

fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let head = answer.split("\r\n\r\n").next()?;
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

/// A page with an open connection.
struct Page {
    socket: WebSocket<TcpStream>,
}

impl Page {
    fn open(server: SocketAddr, key: &str) -> Self {
        let origin = format!("http://{server}");
        let host = server.to_string();
        let protocols = format!("layer-by-layer, {key}");
        let headers = [
            ("origin", origin.as_str()),
            ("sec-websocket-protocol", &protocols),
        ];
        Self::knock(server, &host, &headers).unwrap()
    }

    /// Opens a connection with any headers, or returns the status with which that was refused.
    fn knock(server: SocketAddr, host: &str, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let mut request = format!("ws://{server}/live/run")
            .into_client_request()
            .unwrap();
        request.headers_mut().insert("host", host.parse().unwrap());
        for (name, value) in headers {
            let name: tungstenite::http::HeaderName = name.parse().unwrap();
            request.headers_mut().append(name, value.parse().unwrap());
        }
        let stream = TcpStream::connect(server).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        match tungstenite::client(request, stream) {
            Ok((socket, _)) => Ok(Self { socket }),
            Err(tungstenite::HandshakeError::Failure(tungstenite::Error::Http(answer))) => {
                Err(answer.status().as_u16())
            }
            Err(error) => unreachable!("{error}"),
        }
    }

    fn say(&mut self, text: &str) {
        // The server may have closed meanwhile.
        let _ = self.socket.send(Message::text(text));
    }

    fn run(&mut self, scene: &str) {
        self.say(&format!(r#"{{"run":{{"scene":"04-tcp-chat/{scene}"}}}}"#));
    }

    fn hear(&mut self) -> Option<Message> {
        match self.socket.read() {
            Ok(Message::Close(_)) | Err(_) => None,
            Ok(message) => Some(message),
        }
    }

    /// Waits for the message of this key, and returns its value.
    #[track_caller]
    fn until(&mut self, key: &str) -> Value {
        let mut heard = Vec::new();
        while let Some(message) = self.hear() {
            if let Message::Text(text) = &message {
                let said: Value = serde_json::from_str(text).unwrap();
                if let Some(value) = said.get(key) {
                    return value.clone();
                }
                heard.push(text.to_string());
            }
        }
        unreachable!("`{key}` was not said, but {heard:?}");
    }

    /// Waits until a terminal has shown this; what it showed so far.
    #[track_caller]
    fn shows(&mut self, terminal: u8, text: &str) -> String {
        self.shows_often(terminal, text, 1)
    }

    /// Waits until a terminal has shown this so often; what it showed so far.
    #[track_caller]
    fn shows_often(&mut self, terminal: u8, text: &str, times: usize) -> String {
        let mut shown = String::new();
        while shown.matches(text).count() < times {
            match self.hear() {
                Some(Message::Binary(octets)) if octets[0] == terminal => {
                    shown.push_str(&String::from_utf8_lossy(&octets[1..]));
                }
                Some(_) => {}
                None => unreachable!("`{text}` was not shown, but {shown}"),
            }
        }
        shown
    }

    /// Plays `home` and returns the folder in which its programs run.
    fn home(&mut self) -> String {
        self.run("home");
        let shown = self.shows(0, "=");
        shown.trim_end_matches('=').to_owned()
    }
}

/// Waits until no process has this folder as HOME: every program of a scene has.
#[track_caller]
fn nothing_is_left_of(home: &str) {
    assert!(home.contains("scene-"), "{home}");
    let begun = Instant::now();
    while is_home(home) {
        assert!(begun.elapsed() < DEADLINE, "a program of {home} still runs");
        std::thread::yield_now();
    }
}

fn is_home(home: &str) -> bool {
    let wanted = format!("HOME={home}");
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|process| std::fs::read(process.path().join("environ")).ok())
        .any(|environ| {
            environ
                .split(|octet| *octet == 0)
                .any(|set| set == wanted.as_bytes())
        })
}

/// How many pseudo-terminals this process has open.
#[cfg(target_os = "linux")]
fn terminals() -> usize {
    let files = std::fs::read_dir("/proc/self/fd").into_iter().flatten();
    let targets = files.filter_map(|file| std::fs::read_link(file.ok()?.path()).ok());
    targets.filter(|target| target.ends_with("ptmx")).count()
}
