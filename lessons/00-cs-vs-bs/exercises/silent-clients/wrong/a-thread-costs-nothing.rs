//! A thread costs nothing.
//!
//! It costs a stack and a socket, and the system has an end of both. Who opens ten thousand connections
//! and says nothing would take all of them from everybody. Count the conversations, and refuse in words
//! when the places are taken.

use std::io::{self, BufRead, BufReader, Write};
use std::thread;

use kit::net::{TcpListener, TcpStream};

/// What a client is told when all places are taken.
pub const BUSY: &str = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 5\r\n\r\nbusy\n";

/// Serves at most `most` clients at the same time, and tells each one more that it is busy. Returns when
/// `accept` fails.
pub fn serve(listener: &TcpListener, most: usize) -> io::Result<()> {
    println!("at most {most} clients, and then: {BUSY}");
    loop {
        let (stream, _address) = listener.accept()?;
        thread::spawn(move || {
            if let Err(error) = converse(&stream) {
                eprintln!("{error}");
            }
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
