//! `chat`: the pair of lesson 04 over pipes, turn by turn.
//!
//! A turn is a line typed into one program and seen in the output of the other. What is measured is
//! the time of 2 programs, 1 connection and 4 pipes; the bench waits at both ends.

use std::cell::RefCell;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use measured::figure::Unit;
use measured::report::Group;

use crate::context::Context;
use crate::server::{Server, held};
use crate::turns::Turns;

const OURS: &str = "lesson 04";
/// The same program without all that the lesson adds: what a compiled pair could reach.
const NAIVE: &str = "lesson 04, `--naive`";
const PYTHON: &str = "Python";

const SERVER: &str = include_str!("../../peers/chat_server.py");
const CLIENT: &str = include_str!("../../peers/chat_client.py");

pub(super) fn run(context: &Context) -> Result<Vec<Group>> {
    let program = context.program("lesson-04-tcp-chat", "lesson-04-tcp-chat")?;
    let limit = Duration::from_millis(context.choose(1_000, 5_000));
    let rounds = context.choose(7, 21);
    let memory = RefCell::new([Vec::new(), Vec::new()]);
    let mut turns = Turns::new("Turns a second over pipes", Unit::TurnsASecond, rounds);
    turns.ours(OURS, || {
        let talked = talk(ours(&program, &[])?, limit)?;
        memory.borrow_mut()[0].extend(talked.memory);
        Ok(talked.rate)
    });
    turns.peer(NAIVE, || {
        Ok(talk(ours(&program, &["--naive"])?, limit)?.rate)
    });
    if let Some(python) = context.peer("python3") {
        let scripts = [("server.py", SERVER), ("client.py", CLIENT)];
        for (name, text) in scripts {
            fs::write(context.scratch(name), text)?;
        }
        let memory = &memory;
        turns.peer(PYTHON, move || {
            let paths = scripts.map(|(name, _)| context.scratch(name));
            let talked = talk(in_python(&python, &paths)?, limit)?;
            memory.borrow_mut()[1].extend(talked.memory);
            Ok(talked.rate)
        });
    }
    turns.times_as_fast(OURS, 3.0, PYTHON);
    let mut groups = vec![turns.take()?];
    let [ours, python] = memory.into_inner();
    if !ours.is_empty() {
        let mut turns = Turns::new("Memory of the pair", Unit::Octets, rounds);
        let mut ours = ours.into_iter().cycle();
        turns.ours(OURS, move || ours.next().context("it was measured"));
        if !python.is_empty() {
            let mut python = python.into_iter().cycle();
            turns.peer(PYTHON, move || python.next().context("it was measured"));
        }
        turns.at_most(OURS, 0.25, PYTHON);
        groups.push(turns.take()?);
    }
    Ok(groups)
}

/// Server and client, connected.
type Two = (Server, Server);

fn ours(program: &Path, options: &[&str]) -> Result<Two> {
    let mut command = Command::new(program);
    command.args(["server", "--port", "0"]).args(options);
    let server = Server::talking(&mut command)?;
    let said = server.line("listening on")?;
    let port = last_number(&said)?;
    let mut command = Command::new(program);
    command.args(["client", "--port", &port]).args(options);
    let client = Server::talking(&mut command)?;
    Ok((server, client))
}

fn in_python(python: &Path, [server, client]: &[PathBuf; 2]) -> Result<Two> {
    let mut command = Command::new(python);
    let server = Server::talking(command.arg(server))?;
    let port = last_number(&server.line("listening on")?)?;
    let mut command = Command::new(python);
    let client = Server::talking(command.arg(client).arg(port))?;
    Ok((server, client))
}

fn last_number(line: &str) -> Result<String> {
    let mut words = line.split(|ch: char| !ch.is_ascii_digit());
    let last = words.rfind(|word| !word.is_empty());
    Ok(last
        .with_context(|| format!("no port in `{line}`"))?
        .to_owned())
}

/// What a conversation has shown.
struct Talked {
    /// Turns a second.
    rate: f64,
    /// What both programs held together at the end. Only Linux says it.
    memory: Option<f64>,
}

/// Lets the two talk for a while, then ends the conversation.
fn talk((mut server, mut client): Two, limit: Duration) -> Result<Talked> {
    let mut turns = 0_u32;
    let begun = Instant::now();
    while begun.elapsed() < limit {
        turn(&mut client, &server, turns)?;
        turn(&mut server, &client, turns + 1)?;
        turns += 2;
    }
    let took = begun.elapsed().as_secs_f64();
    let memory = held(server.pid()).zip(held(client.pid()));
    client.input()?.write_all(b"bye\n")?;
    client.ended()?;
    server.ended()?;
    Ok(Talked {
        rate: f64::from(turns) / took,
        memory: memory.map(|(server, client)| server + client),
    })
}

/// One types a line; the other one shows it.
fn turn(from: &mut Server, to: &Server, number: u32) -> Result<()> {
    let text = format!("turn-{number:07}");
    writeln!(from.input()?, "{text}")?;
    to.line(&text).map(|_| ())
}
