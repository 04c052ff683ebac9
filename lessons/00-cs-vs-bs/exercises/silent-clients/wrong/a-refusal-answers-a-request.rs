//! Only who has asked can be refused.
//!
//! A client that says nothing would never hear that there is no place for it, and your server would
//! keep a thread and a socket for it all the same: the very thing that `most` is to prevent. Send
//! `BUSY` as soon as the connection is accepted, and close it.

use std::io::{self, BufRead, BufReader, Write};

use kit::net::{TcpListener, TcpStream};

/// What a client is told when all places are taken.
pub const BUSY: &str = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 5\r\n\r\nbusy\n";

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Serves at most `most` clients at the same time, and tells each one more that it is busy. Returns when
/// `accept` fails.
pub fn serve(listener: &TcpListener, most: usize) -> io::Result<()> {
    let served = Arc::new(AtomicUsize::new(0));
    loop {
        let (mut stream, _address) = listener.accept()?;
        if served.load(Ordering::SeqCst) >= most {
            thread::spawn(move || {
                let mut line = String::new();
                let _ = BufReader::new(&stream).read_line(&mut line);
                let _ = stream.write_all(BUSY.as_bytes());
            });
            continue;
        }
        served.fetch_add(1, Ordering::SeqCst);
        let served = Arc::clone(&served);
        thread::spawn(move || {
            let _ = converse(&stream);
            drop(stream);
            served.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

/// Answers each request of one client, until it closes. An error if it does not speak HTTP.
fn converse(mut stream: &TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while reader.read_line(&mut head)? > 0 {
        if !head.contains(" HTTP/1.") {
            return Err(io::Error::other("this is not HTTP"));
        }
        if head.ends_with("\r\n\r\n") {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n")?;
            head.clear();
        }
    }
    Ok(())
}
