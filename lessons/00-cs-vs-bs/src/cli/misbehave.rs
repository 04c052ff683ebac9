//! `misbehave`: the clients that a server on a network meets sooner or later.

use super::{connect, say};
use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use lesson_00_cs_vs_bs::terminal::visible;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Options of `misbehave`.
#[derive(Args)]
pub struct Misbehave {
    /// What to do wrong
    how: How,
    /// Address or name of the server
    #[arg(long, default_value = "127.0.0.1")]
    addr: String,
    /// Port of the server; without this, 7070 or 8080, as the fault needs
    #[arg(long)]
    port: Option<u16>,
    /// Name of the file that the fault is about
    #[arg(long, default_value = "notes.txt")]
    name: String,
    /// How many connections to keep silent
    #[arg(long, default_value_t = 5)]
    count: usize,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum How {
    /// C/S: announce 1000 octets, send 10, and close
    CutOff,
    /// B/S: the same in HTTP
    CutOffHttp,
    /// C/S: announce 5 octets and send 30
    TooLong,
    /// C/S: send a line that does not end
    EndlessLine,
    /// C/S: be a browser that another site tricked into posting commands to this port
    FormToLine,
    /// B/S: say in two ways where the body ends
    Smuggle,
    /// Open connections and say nothing
    Silent,
}

impl Misbehave {
    /// Does it, and prints what the server answered.
    pub fn run(self) -> Result<ExitCode> {
        let http = matches!(self.how, How::CutOffHttp | How::Smuggle);
        let port = self.port.unwrap_or(if http { 8080 } else { 7070 });
        let open = || {
            connect(&self.addr, port, |server| {
                prepare(TcpStream::connect(server)?)
            })
        };
        if self.how == How::Silent {
            return keep_silent((0..self.count).map(|_| open()).collect::<Result<_>>()?);
        }
        let mut stream = open()?;
        let name = &self.name;
        let (said, octets) = match self.how {
            How::CutOff => (
                "announcing 1000 octets, sending 10, closing",
                format!("PUT 1000 {name}\n0123456789"),
            ),
            How::CutOffHttp => (
                "announcing 1000 octets, sending 10, closing",
                format!(
                    "PUT /files/{name} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n\
                     0123456789"
                ),
            ),
            How::TooLong => (
                "announcing 5 octets, sending 30",
                format!("PUT 5 {name}\n12345REMOVE all my other files\n"),
            ),
            How::EndlessLine => ("sending 5000 octets without a line end", "x".repeat(5000)),
            How::FormToLine => (
                "posting a form whose body is a command",
                format!("POST / HTTP/1.1\r\nHost: localhost\r\n\r\nREMOVE {name}\nLIST\n"),
            ),
            How::Smuggle => (
                "sending Content-Length and Transfer-Encoding together",
                format!(
                    "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\
                     Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n\
                     DELETE /files/{name} HTTP/1.1\r\nHost: localhost\r\n\r\n"
                ),
            ),
            How::Silent => unreachable!("handled above"),
        };
        say(said)?;
        // The server may close before all is sent; what it says is read all the same.
        let _ = stream.write_all(octets.as_bytes());
        if matches!(self.how, How::CutOff | How::CutOffHttp) {
            stream.shutdown(Shutdown::Write)?;
        }
        for line in BufReader::new(stream).split(b'\n') {
            let Ok(line) = line else { break };
            let line = String::from_utf8_lossy(&line);
            let line = visible(line.trim_end());
            if !line.is_empty() && !line.starts_with("Date:") {
                say(&format!("server: {line}"))?;
            }
        }
        say("the server has closed the connection")?;
        Ok(ExitCode::SUCCESS)
    }
}

fn prepare(stream: TcpStream) -> io::Result<TcpStream> {
    stream.set_read_timeout(Some(Duration::from_secs(120)))?;
    stream.set_write_timeout(Some(Duration::from_secs(10)))?;
    Ok(stream)
}

fn keep_silent(mut streams: Vec<TcpStream>) -> Result<ExitCode> {
    let began = Instant::now();
    say(&format!(
        "{} connections are open, and silent",
        streams.len()
    ))?;
    for stream in &mut streams {
        let mut scrap = [0; 512];
        while stream
            .read(&mut scrap)
            .context("the server has not closed for two minutes")?
            > 0
        {}
    }
    let seconds = began.elapsed().as_secs_f64();
    say(&format!(
        "the server has closed all of them after {seconds:.1} seconds"
    ))?;
    Ok(ExitCode::SUCCESS)
}
