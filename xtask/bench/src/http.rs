//! A small HTTP client, the same for every server: it reads and forgets, in large pieces, so that it is
//! the server that is measured.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

/// Octets that are read at once. More would not stay in the processor's fast memory: see `READ` in lesson
/// 03.
const PIECE: usize = 64 << 10;

/// Octets that are written at once.
const WRITE: usize = 1 << 20;

/// How long a server may be silent: it may have a gigabyte to flush to its disk.
const PATIENCE: Duration = Duration::from_secs(120);

/// Asks for `path`, forgets what comes, and gives the seconds from the call to the last octet.
///
/// # Errors
/// When it is not answered with `octets` octets.
pub fn get(port: u16, path: &str, octets: u64) -> Result<f64> {
    let begun = Instant::now();
    let mut stream = call(port)?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = BufReader::with_capacity(PIECE, stream);
    let (status, length) = head(&mut answer)?;
    ensure!(
        status == 200 && length == octets,
        "the answer is {status}, {length} octets"
    );
    let mut piece = vec![0; PIECE];
    let mut left = answer.take(octets);
    while left.limit() > 0 {
        let count = left.read(&mut piece)?;
        ensure!(count > 0, "the answer is cut off");
    }
    Ok(begun.elapsed().as_secs_f64())
}

/// Sends a file to `path`, and gives the seconds from the call to the answer.
///
/// # Errors
/// When it is refused.
pub fn put(port: u16, path: &str, file: &mut File) -> Result<f64> {
    let length = file.metadata()?.len();
    let begun = Instant::now();
    let mut stream = call(port)?;
    let request = format!(
        "PUT {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(request.as_bytes())?;
    // `io::copy` would take 8 KiB at a time.
    let mut piece = vec![0; WRITE];
    loop {
        let count = file.read(&mut piece)?;
        if count == 0 {
            break;
        }
        let sent = stream.write_all(&piece[..count]);
        sent.context("the server does not take it")?;
    }
    let (status, _) = head(&mut BufReader::new(stream))?;
    ensure!((200..300).contains(&status), "the answer is {status}");
    Ok(begun.elapsed().as_secs_f64())
}

fn call(port: u16) -> Result<TcpStream> {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).context("cannot connect")?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// The status and the length that the head of an answer names (RFC 9112 §4, §6.2).
fn head(answer: &mut BufReader<TcpStream>) -> Result<(u16, u64)> {
    let mut status = None;
    let mut length = 0;
    // The servers are our own choice; still, none is read for ever.
    for _ in 0..100 {
        let mut line = String::new();
        answer.by_ref().take(8192).read_line(&mut line)?;
        match (status, line.trim_end()) {
            (None, line) => {
                status = line.split(' ').nth(1).and_then(|code| code.parse().ok());
                ensure!(status.is_some(), "`{line}` is no answer in HTTP");
            }
            (Some(status), "") => return Ok((status, length)),
            (Some(_), line) => {
                if let Some((name, value)) = line.split_once(':')
                    && name.eq_ignore_ascii_case("content-length")
                {
                    length = value.trim().parse().context("a length is a number")?;
                }
            }
        }
    }
    bail!("the head of the answer does not end")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::thread;

    /// Answers one call.
    fn once(answer: &'static str) -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = BufReader::new(stream.try_clone().unwrap()).lines();
            while asked.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            stream.write_all(answer.as_bytes()).unwrap();
        });
        port
    }

    #[test]
    fn a_whole_answer_is_read_and_another_one_refused() {
        let whole = "HTTP/1.1 200 OK\r\nContent-length: 5\r\n\r\nhello";
        assert!(get(once(whole), "/", 5).unwrap() > 0.0);
        assert!(get(once(whole), "/", 6).is_err());
        assert!(get(once("HTTP/1.1 404 No\r\n\r\n"), "/", 0).is_err());
        let short = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello";
        assert!(get(once(short), "/", 9).is_err());
    }
}
