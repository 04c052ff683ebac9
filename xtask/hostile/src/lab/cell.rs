//! One peer against one server: a cell of the matrix.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use super::honest::{Honest, PATIENCE};
use super::place::Place;
use super::program::{DEADLINE, look_again};
use super::server::{Course, PLACE_FREE, Server};
use super::vitals::Vitals;
use crate::account::Account;
use crate::attack::{Attack, Settings};
use crate::gate::Gate;
use crate::peer::{Kind, Peer, SECRET_CONTENT};

/// Requests of the honest client, before an attack and during it.
const REQUESTS: usize = 100;

/// A request may always take so long: below it, a difference is the machine's and not the server's. A
/// scheduler on two busy processors makes a thread wait a few milliseconds.
pub const NOISE: Duration = Duration::from_millis(10);

/// The same for the slowest of them: below it, they were waiting for a processor.
pub const SLOW: Duration = Duration::from_millis(100);

/// The longest attack.
const ATTACK: Duration = Duration::from_secs(180);

/// So long it may take until a peer is in its place. A queue of connections that overflows costs each
/// of those behind it a second, until its first segment is sent again.
const READY: Duration = Duration::from_secs(120);

/// The part of one processor that a server may use while it is full, in percent.
pub const CALM: u64 = 5;

/// What happened.
#[derive(Debug, Clone)]
pub struct Found {
    /// The median time of an honest request without an attack.
    pub normal: Duration,
    /// The same during the attack.
    pub attacked: Duration,
    /// The time that 95 of 100 honest requests keep, without an attack.
    pub normal_slow: Duration,
    /// The same during the attack.
    pub attacked_slow: Duration,
    /// How long a newcomer waited for its first answer during the attack; `None`: until its end.
    pub newcomer: Option<Duration>,
    /// The most memory that the server has had resident, in KiB, where the system tells.
    pub peak_kib: Option<u64>,
    /// Percent of one processor while the server was full, for the peer `descriptors`.
    pub busy_percent: Option<u64>,
    /// What the peer counted.
    pub account: Account,
}

/// Lets `peer` at the server, and asserts all that a server owes its honest clients.
///
/// # Errors
/// What the server owed, and did not give.
pub fn run(course: Course, peer: &Peer, settings: Settings, bin: &Path) -> Result<Found> {
    let place = Place::new()?;
    let limit = (peer.name == "descriptors").then_some(64);
    let mut server = Server::start(course, bin, &place, limit)?;
    let target = server.target.clone();

    let mut honest = Honest::new(course, &target, PATIENCE)?;
    let mut normal = ask(&mut honest, REQUESTS).context("before the attack")?;
    let before = server.program.vitals();

    let gate = Gate::new(ATTACK, u64::MAX);
    let attack = Attack::new(target.clone(), settings, &gate);
    let watched = thread::scope(|scope| {
        let attacker = scope.spawn(|| (peer.run)(&attack));
        let watched = watch(course, peer, &mut server, &mut honest, &gate, || {
            attacker.is_finished()
        });
        gate.close();
        let attacked = match attacker.join() {
            Ok(result) => result.context("the attack could not be made"),
            Err(panic) => std::panic::resume_unwind(panic),
        };
        attacked.and(watched)
    })
    .context("during the attack");
    let (mut attacked, newcomer, busy_percent) = watched?;

    let after = recover(&mut server, &mut honest, before).context("after the attack")?;
    let mut newcomer_after = Honest::new(course, &target, PATIENCE)?;
    newcomer_after
        .ask()
        .context("a newcomer after the attack")?;
    drop(newcomer_after);
    // The machine may be busier now than at the beginning: both belong to "normal".
    normal.extend(ask(&mut honest, REQUESTS).context("after the attack")?);
    drop(honest);
    let peak = server.program.vitals().map(|vitals| vitals.peak_kib);
    server.stop(course)?;
    let found = Found {
        normal: median(&mut normal),
        attacked: median(&mut attacked),
        normal_slow: slow(&mut normal),
        attacked_slow: slow(&mut attacked),
        newcomer,
        peak_kib: peak.or(after.map(|vitals| vitals.peak_kib)),
        busy_percent,
        account: attack.account().clone(),
    };
    judge(course, peer, &found)?;
    place.check(peer.kind == Kind::Stream)?;
    Ok(found)
}

/// Requests, one after the other, with a pause of about a millisecond between them.
fn ask(honest: &mut Honest, times: usize) -> Result<Vec<Duration>> {
    let mut took = Vec::with_capacity(times);
    for _ in 0..times {
        took.push(honest.ask()?);
        look_again();
    }
    Ok(took)
}

type Watched = (Vec<Duration>, Option<Duration>, Option<u64>);

/// The honest client goes on while the peer attacks.
fn watch(
    course: Course,
    peer: &Peer,
    server: &mut Server,
    honest: &mut Honest,
    gate: &Gate,
    over: impl Fn() -> bool,
) -> Result<Watched> {
    let begun = Instant::now();
    let mut took = Vec::new();
    while !gate.has_begun() {
        ensure!(!over(), "the peer gave up");
        ensure!(
            begun.elapsed() < READY,
            "the peer is not ready after {READY:?}"
        );
        took.extend(ask(honest, 1)?);
    }
    let busy = if peer.name == "descriptors" {
        busy_percent(server, gate)
    } else {
        None
    };
    let first = begun.elapsed();
    while took.len() < REQUESTS {
        took.extend(ask(honest, 1)?);
    }
    let newcomer = newcomer(course, server, honest)
        .with_context(|| format!("a newcomer, {first:?} after the beginning"))?;
    ensure!(
        server.program.ended()?.is_none(),
        "the server has ended: {}",
        server.program.complaints.text()
    );
    Ok((took, newcomer, busy))
}

/// Somebody else comes, while the attack lasts. Where places become free it tries again until it is
/// served; where they do not, it tries once.
fn newcomer(course: Course, server: &Server, honest: &mut Honest) -> Result<Option<Duration>> {
    let begun = Instant::now();
    let patience = Duration::from_secs(1);
    loop {
        let served = Honest::new(course, &server.target, patience).and_then(|mut new| new.ask());
        match served {
            Ok(_) => return Ok(Some(begun.elapsed())),
            Err(_) if !course.frees_places() => return Ok(None),
            Err(error) if begun.elapsed() > PLACE_FREE => return Err(error),
            Err(_) => {}
        }
        ask(honest, 1)?;
    }
}

/// How busy a full server is, over a second.
fn busy_percent(server: &mut Server, gate: &Gate) -> Option<u64> {
    let (before, begun) = (server.program.vitals()?, Instant::now());
    gate.pause(Duration::from_secs(1));
    let used = server.program.vitals()?.cpu.saturating_sub(before.cpu);
    let percent = used.as_millis() * 100 / begun.elapsed().as_millis().max(1);
    u64::try_from(percent).ok()
}

/// Waits until the server holds no more threads and descriptors than before.
fn recover(
    server: &mut Server,
    honest: &mut Honest,
    before: Option<Vitals>,
) -> Result<Option<Vitals>> {
    let begun = Instant::now();
    loop {
        let now = server.program.vitals();
        let (Some(before), Some(now)) = (before, now) else {
            return Ok(now);
        };
        if now.threads <= before.threads && now.descriptors <= before.descriptors {
            return Ok(Some(now));
        }
        if begun.elapsed() > DEADLINE {
            bail!(
                "the server leaks: {} threads and {} descriptors before, {} and {} after",
                before.threads,
                before.descriptors,
                now.threads,
                now.descriptors
            );
        }
        ask(honest, 1)?;
    }
}

fn judge(course: Course, peer: &Peer, found: &Found) -> Result<()> {
    let allowed = (found.normal * 2).max(NOISE);
    ensure!(
        found.attacked <= allowed,
        "an honest request takes {:?} during the attack, {:?} without it",
        found.attacked,
        found.normal
    );
    ensure!(
        found.attacked_slow <= (found.normal_slow * 2).max(SLOW),
        "the slowest honest requests take {:?} during the attack, {:?} without it",
        found.attacked_slow,
        found.normal_slow
    );
    if let Some(peak) = found.peak_kib {
        let bound = course.bound_kib();
        ensure!(
            peak <= bound,
            "the server has taken {peak} KiB of memory; {bound} are its bound"
        );
    }
    if let Some(busy) = found.busy_percent {
        ensure!(busy < CALM, "the full server uses {busy} % of a processor");
    }
    ensure!(found.account.opened > 0, "nobody has attacked");
    let heard = String::from_utf8_lossy(&found.account.octets_heard);
    ensure!(
        !heard.contains(SECRET_CONTENT),
        "the peer {} has read the secret",
        peer.name
    );
    Ok(())
}

/// The value in the middle; zero of none.
pub fn median(values: &mut [Duration]) -> Duration {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The value that 95 of 100 do not exceed; zero of none.
fn slow(values: &mut [Duration]) -> Duration {
    values.sort_unstable();
    values
        .get(values.len() * 95 / 100)
        .copied()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_the_slow_end() {
        let mut values: Vec<_> = (1..=100).rev().map(Duration::from_millis).collect();
        assert_eq!(median(&mut values), Duration::from_millis(51));
        assert_eq!(slow(&mut values), Duration::from_millis(96));
        assert_eq!(median(&mut []), Duration::ZERO);
    }
}
