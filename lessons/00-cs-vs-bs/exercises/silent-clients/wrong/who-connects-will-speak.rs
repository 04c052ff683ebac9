//! A client that connects will speak.
//!
//! Browsers open connections that they may never use. Yours waits in `read` for the silent one, and all
//! others wait behind it: they are connected, because the kernel did that, and nobody serves them. Give
//! each conversation a thread of its own, and go back to `accept` at once.

use std::io::{self, BufRead, BufReader, Write};

use kit::net::{TcpListener, TcpStream};

/// What a client is told when all places are taken.
pub const BUSY: &str = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 5\r\n\r\nbusy\n";

/// Serves at most `most` clients at the same time, and tells each one more that it is busy. Returns when
/// `accept` fails.
pub fn serve(listener: &TcpListener, most: usize) -> io::Result<()> {
    let mut served = 0;
    loop {
        let (mut stream, _address) = listener.accept()?;
        if served >= most {
            let _ = stream.write_all(BUSY.as_bytes());
            continue;
        }
        served += 1;
        if let Err(error) = converse(&stream) {
            eprintln!("{error}");
        }
        served -= 1;
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
