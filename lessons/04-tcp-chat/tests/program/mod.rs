//! One of the lesson's programs at work in a thread, as a test directs it.

use lesson_04_tcp_chat::anytime::talk_anytime;
use lesson_04_tcp_chat::error::ChatError;
use lesson_04_tcp_chat::screen::Screen;
use lesson_04_tcp_chat::turns::{Ending, Role, talk};
use std::io::{self, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

pub const DEADLINE: Duration = Duration::from_secs(20);

/// Two ends of one connection. Reads at the test's end have a deadline.
pub fn connection() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let ours = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let theirs = listener.accept().unwrap().0;
    theirs.set_read_timeout(Some(DEADLINE)).unwrap();
    theirs.set_nodelay(true).unwrap();
    (ours, theirs)
}

/// An output that tells the test what has been shown.
struct Output {
    shown: Arc<Mutex<String>>,
    news: Sender<()>,
}

impl Write for Output {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let mut shown = self.shown.lock().unwrap();
        shown.push_str(std::str::from_utf8(octets).unwrap());
        let _ = self.news.send(());
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One program at work in a thread: its screen, its keyboard, its end.
pub struct Program {
    shown: Arc<Mutex<String>>,
    news: Receiver<()>,
    pub keyboard: Option<TcpStream>,
    end: Receiver<Result<Ending, ChatError>>,
}

#[derive(Clone, Copy)]
pub enum How {
    Turns,
    AnyTime,
}

impl Program {
    pub fn start(stream: TcpStream, role: Role, how: How, show_at_most: u64) -> Self {
        // A socket serves as the keyboard: it blocks until the test types.
        let (typed, keyboard) = connection();
        keyboard.set_read_timeout(None).unwrap();
        let shown = Arc::new(Mutex::new(String::new()));
        let (tell, news) = channel();
        let output = Output {
            shown: Arc::clone(&shown),
            news: tell,
        };
        let (ended, end) = channel();
        thread::spawn(move || {
            let screen = Arc::new(Screen::new(output, true));
            let input = BufReader::new(keyboard);
            let result = match how {
                How::Turns => talk(&stream, role, input, &screen, show_at_most),
                How::AnyTime => talk_anytime(&stream, role, input, &screen, show_at_most),
            };
            ended.send(result).unwrap();
        });
        Self {
            shown,
            news,
            keyboard: Some(typed),
            end,
        }
    }

    pub fn server(stream: TcpStream) -> Self {
        Self::start(stream, Role::Server, How::Turns, 1 << 20)
    }

    pub fn client(stream: TcpStream) -> Self {
        Self::start(stream, Role::Client, How::Turns, 1 << 20)
    }

    pub fn types(&self, line: &str) {
        let mut keyboard = self.keyboard.as_ref().unwrap();
        writeln!(keyboard, "{line}").unwrap();
    }

    #[track_caller]
    pub fn shows(&self, text: &str) {
        loop {
            if self.shown().ends_with(text) {
                return;
            }
            assert!(
                self.news.recv_timeout(DEADLINE).is_ok(),
                "not shown: {text:?}, but {:?}",
                self.shown()
            );
        }
    }

    pub fn shown(&self) -> String {
        self.shown.lock().unwrap().clone()
    }

    #[track_caller]
    pub fn end(&self) -> Result<Ending, ChatError> {
        self.end.recv_timeout(DEADLINE).expect("the program ends")
    }
}

/// What the peer receives next, at least `count` octets of it.
#[track_caller]
pub fn receive(peer: &mut TcpStream, count: usize) -> String {
    let mut octets = vec![0; count];
    peer.read_exact(&mut octets).unwrap();
    String::from_utf8(octets).unwrap()
}
