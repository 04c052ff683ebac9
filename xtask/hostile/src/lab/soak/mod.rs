//! A soak: every server at once, for an hour, under honest and hostile load. What leaks, leaks slowly:
//! a matrix of short attacks does not show it.
//!
//! Each server has two honest clients, one that stays and one that comes anew for every request, and
//! one hostile peer after another. The chat server takes one caller, so it has one honest conversation
//! that lasts as long as the soak.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use super::honest::{Honest, PATIENCE};
use super::limits;
use super::place::Place;
use super::program::{DEADLINE, Program};
use super::server::{Course, How, Server};
use super::stop::Stop;
use crate::attack::{Attack, Settings};
use crate::gate::Gate;
use crate::peer::{self, Peer};
use crate::target::Target;
use sample::{Sample, Series};

mod chat;
mod plot;
mod record;
mod sample;

/// Between two requests of the client that stays: 40 a second.
const STAYS: Duration = Duration::from_millis(25);

/// Between two requests of the client that comes anew: 10 a second.
const COMES: Duration = Duration::from_millis(100);

/// So often it comes until it is served.
const ATTEMPTS: u32 = 3;

/// So long one hostile peer attacks, at most.
const ATTACK: Duration = Duration::from_secs(5);

/// So often a hostile peer does all it does, at most, before the next one comes.
const ROUNDS: u64 = 5;

/// Connections of a hostile peer. The servers have places for more: an honest client is let in.
const CONNECTIONS: usize = 8;

/// Between two hostile peers.
const REST: Duration = Duration::from_secs(1);

/// Octets of a flood.
const FLOOD: u64 = 1_000_000;

/// A client that the machine has kept from asking for so long calls again: the server may have lost
/// patience with it, and rightly.
const LATE: Duration = Duration::from_secs(1);

/// So long after the load the last of it may still be held. The relay of datagrams keeps a client in
/// mind for a while: no end of a conversation tells it that one has gone.
const LONGEST_REST: Duration = Duration::from_secs(120);

/// The first errors of honest clients are kept, and all are counted.
const ERRORS_KEPT: usize = 10;

/// What one server has been through.
#[derive(Debug, Default)]
struct Soaked {
    name: &'static str,
    /// Requests of honest clients that were answered rightly.
    answered: u64,
    /// Requests that were not.
    failed: u64,
    errors: Vec<String>,
    /// How often a client that stays called again, because the machine had kept it waiting.
    called_again: u64,
    /// How often a client that comes anew was refused, and came again.
    came_again: u64,
    /// Attacks of hostile peers, and their connections.
    attacks: u64,
    hostile_connections: u64,
    /// What the disk has acknowledged to the client that stays: names and contents.
    stored: BTreeMap<String, String>,
    series: Series,
    /// What was wrong when it was ended, or with the load.
    at_the_end: Option<String>,
    /// Threads and descriptors before the load, and when it was over.
    before: Option<Sample>,
    after: Option<Sample>,
}

/// What the clients of one server share.
struct Load<'a> {
    course: Course,
    target: &'a Target,
    end: &'a Gate,
    soaked: Mutex<Soaked>,
}

/// Soaks all servers for so many minutes, prints what came of it, and writes the record and the plot.
///
/// # Errors
/// A server does not start; an honest client was not served; memory grew; something was left behind.
pub fn run(minutes: f64) -> Result<()> {
    limits::as_many_files_as_allowed();
    let stop = Stop::hear()?;
    let bin = scenes::build_lessons()?;
    let length = Duration::from_secs_f64(minutes * 60.0);
    // Whoever reads it (`| head`) may have had enough: the record is written all the same.
    let _ = writeln!(
        io::stdout(),
        "{} servers for {minutes} minutes; Ctrl-C ends it without a record",
        Course::ALL.len() + 1
    );
    let end = Arc::new(Gate::new(length, u64::MAX));
    stop.closes(&end);
    let all: Vec<Result<Soaked>> = thread::scope(|scope| {
        let (bin, end, stop) = (&bin, &*end, &stop);
        // Who cannot begin ends it for all: the others need not go on for an hour.
        let closing = move |result: Result<Soaked>| result.inspect_err(|_| end.close());
        let mut running: Vec<_> = Course::ALL
            .into_iter()
            .map(|course| scope.spawn(move || closing(one(course, bin, length, end, stop))))
            .collect();
        running.push(scope.spawn(move || closing(chat::soak(bin, length, end))));
        running
            .into_iter()
            .map(|one| match one.join() {
                Ok(result) => result,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    });
    stop.check()?;
    let all: Vec<Soaked> = all.into_iter().collect::<Result<_>>()?;
    for one in &all {
        let _ = writeln!(io::stdout(), "{}", one.line());
    }
    record::write(minutes, &all)?;
    let faults: Vec<String> = all
        .iter()
        .flat_map(|one| {
            let faults = one.faults().into_iter();
            faults.map(move |fault| format!("{}: {fault}", one.name))
        })
        .collect();
    if !faults.is_empty() {
        bail!("{}", faults.join("\n       "));
    }
    Ok(())
}

/// One server and its load. What goes wrong after its beginning is part of the result.
fn one(course: Course, bin: &Path, length: Duration, end: &Gate, stop: &Stop) -> Result<Soaked> {
    let place = Place::new()?;
    let server = Server::start(course, bin, &place, How::USUAL)?;
    let target = server.target.clone();
    let pid = server.program.id();
    let before = with_one_client(&mut Honest::new(course, &target, PATIENCE)?, pid)?;
    let load = Load {
        course,
        target: &target,
        end,
        soaked: Mutex::new(Soaked {
            name: course.name(),
            before,
            ..Soaked::default()
        }),
    };
    let loaded = thread::scope(|scope| {
        let stays = scope.spawn(|| load.stays());
        let comes = scope.spawn(|| load.comes());
        let hostile = scope.spawn(|| load.hostile());
        let series = Series::take(pid, length, end);
        load.with(|soaked| soaked.series = series);
        for joined in [stays.join(), comes.join()] {
            if let Err(panic) = joined {
                std::panic::resume_unwind(panic);
            }
        }
        match hostile.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
    .context("the load could not be made");
    let mut soaked = load
        .soaked
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    // The server is ended, and its folder removed, by whom they belong to.
    stop.check()?;
    let stored = std::mem::take(&mut soaked.stored);
    let ended = loaded
        .and_then(|()| end_of(server, before))
        .and_then(|after| {
            soaked.after = after;
            place.check(!target.takes_datagrams(), stored)
        });
    soaked.at_the_end = ended.err().map(|error| format!("{error:#}"));
    Ok(soaked)
}

/// What is left of the load when it is over. Then the server must end well.
fn end_of(mut server: Server, before: Option<Sample>) -> Result<Option<Sample>> {
    let (course, pid) = (server.course, server.program.id());
    let after = settle(course, &server.target, pid, before);
    ensure!(
        server.program.ended()?.is_none(),
        "it has ended: {}",
        server.program.complaints.text()
    );
    let after = after?;
    server.stop(DEADLINE)?;
    Ok(after)
}

/// What the server holds when this client, and nobody else, has just been answered.
fn with_one_client(client: &mut Honest, pid: u32) -> Result<Option<Sample>> {
    client.ask()?;
    Ok(Sample::of(pid))
}

/// Waits until the threads and descriptors of the load are gone, or for so long that they never go.
fn settle(
    course: Course,
    target: &Target,
    pid: u32,
    before: Option<Sample>,
) -> Result<Option<Sample>> {
    let begun = Instant::now();
    let looks = Gate::new(LONGEST_REST, u64::MAX);
    let mut client = Honest::new(course, target, PATIENCE)?;
    loop {
        let now = with_one_client(&mut client, pid)?;
        let gone = match (before, now) {
            (Some(before), Some(now)) => now.holds_no_more_than(before),
            _ => true,
        };
        if gone || begun.elapsed() > LONGEST_REST {
            return Ok(now);
        }
        looks.pause(REST);
    }
}

impl Load<'_> {
    fn with(&self, change: impl FnOnce(&mut Soaked)) {
        change(&mut self.soaked.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn note(&self, outcome: Result<Duration>) {
        self.with(|soaked| match outcome {
            Ok(_) => soaked.answered += 1,
            Err(error) => soaked.fail(&error),
        });
    }

    /// The client that stays.
    fn stays(&self) {
        let mut client: Option<Honest> = None;
        let mut last = Instant::now();
        while self.end.pause(STAYS) {
            if client.is_some() && last.elapsed() > LATE {
                client = None;
                self.with(|soaked| soaked.called_again += 1);
            }
            let asked = match client.take() {
                Some(client) => Ok(client),
                None => Honest::new(self.course, self.target, PATIENCE),
            }
            .and_then(|mut client| {
                let took = client.ask()?;
                Ok((client, took))
            });
            last = Instant::now();
            match asked {
                Ok((same, took)) => {
                    self.note(Ok(took));
                    self.with(|soaked| soaked.stored.extend(same.stored.clone()));
                    client = Some(same);
                }
                Err(error) => self.note(Err(error)),
            }
        }
    }

    /// The client that comes anew for every request. A hostile peer may hold all places for a moment, and
    /// a full server refuses: then it comes again, as people do, and is counted.
    fn comes(&self) {
        while self.end.pause(COMES) {
            let ask = || {
                Honest::new(self.course, self.target, PATIENCE).and_then(|mut client| client.ask())
            };
            let mut asked = ask();
            for _ in 1..ATTEMPTS {
                if asked.is_ok() {
                    break;
                }
                if !self.end.pause(COMES) {
                    // The soak is over before it could come as often as it may.
                    return;
                }
                self.with(|soaked| soaked.came_again += 1);
                asked = ask();
            }
            self.note(asked);
        }
    }

    /// One hostile peer after another.
    fn hostile(&self) -> Result<()> {
        let peers: Vec<&Peer> = peer::ALL
            .iter()
            .filter(|peer| self.course.meets(peer))
            .collect();
        let mut turn = 0;
        while self.end.is_open() {
            let peer = peers[turn % peers.len()];
            turn += 1;
            let gate = Gate::new(ATTACK, ROUNDS);
            let settings = Settings {
                speech: self.course.speech(),
                connections: Some(CONNECTIONS),
                octets: FLOOD,
                pace: Duration::from_millis(100),
                seed: turn as u64,
                ..Settings::default()
            };
            let attack = Attack::new(self.target.clone(), settings, &gate);
            (peer.run)(&attack).with_context(|| peer.name.to_owned())?;
            let opened = attack.account().opened;
            self.with(|soaked| {
                soaked.attacks += 1;
                soaked.hostile_connections += opened;
            });
            if !self.end.pause(REST) {
                break;
            }
        }
        Ok(())
    }
}

impl Soaked {
    fn fail(&mut self, error: &anyhow::Error) {
        self.failed += 1;
        if self.errors.len() < ERRORS_KEPT {
            self.errors.push(format!("{error:#}"));
        }
    }

    /// What the server owed and did not give.
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.answered == 0 {
            faults.push("nobody was answered".to_owned());
        }
        if self.failed > 0 {
            let first = self.errors.first().map_or("", String::as_str);
            faults.push(format!(
                "{} honest requests failed; the first: {first}",
                self.failed
            ));
        }
        faults.extend(self.at_the_end.clone());
        faults.extend(self.series.growth().and_then(sample::Growth::fault));
        if cfg!(target_os = "linux") && self.series.growth().is_none() {
            faults.push("its memory was not seen".to_owned());
        }
        if let (Some(before), Some(after)) = (self.before, self.after)
            && !after.holds_no_more_than(before)
        {
            faults.push(format!(
                "{} threads and {} descriptors before, {} and {} when all had gone",
                before.threads, before.descriptors, after.threads, after.descriptors
            ));
        }
        faults
    }

    fn line(&self) -> String {
        let growth = self.series.growth().unwrap_or_default();
        format!(
            "{:<14} {:>8} answered, {:>3} failed; {:>5} attacks, {:>8} connections; {:>6} KiB in the second \
             quarter, {:>6} in the last",
            self.name,
            self.answered,
            self.failed,
            self.attacks,
            self.hostile_connections,
            growth.second_quarter_kib,
            growth.last_quarter_kib
        )
    }
}
