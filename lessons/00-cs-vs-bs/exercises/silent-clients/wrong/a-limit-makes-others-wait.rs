//! When all places are taken, the next one waits.
//!
//! Your loop does not go back to `accept` until somebody leaves. The client is connected all the same,
//! because the kernel did that; it waits in the backlog, and nobody tells it for what. A silent client
//! can let it wait for ever. Accept it, tell it `BUSY`, and close.

use std::io::{self, BufRead, BufReader, Write};

use kit::net::{TcpListener, TcpStream};

/// What a client is told when all places are taken.
pub const BUSY: &str = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 5\r\n\r\nbusy\n";

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// Serves at most `most` clients at the same time, and tells each one more that it is busy. Returns when
/// `accept` fails.
pub fn serve(listener: &TcpListener, most: usize) -> io::Result<()> {
    let served = Arc::new(AtomicUsize::new(0));
    loop {
        while served.load(Ordering::SeqCst) >= most {
            thread::sleep(Duration::from_millis(1));
        }
        let (stream, _address) = listener.accept()?;
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
