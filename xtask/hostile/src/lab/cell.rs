//! One peer against one server: a cell of the matrix.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use super::honest::{Honest, PATIENCE};
use super::place::Place;
use super::program::{DEADLINE, look_again};
use super::server::{Course, How, Server};
use super::verdict::{Found, Noise, in_good_time, judge, median, slow};
use super::vitals::Vitals;
use super::watch::{REQUESTS, Watch, Watched, ask, first_answer};
use crate::attack::{Attack, Settings};
use crate::gate::Gate;
use crate::peer::{Kind, Peer};

/// The longest attack.
const ATTACK: Duration = Duration::from_secs(180);

/// So long a server may take to end while a peer holds connections, beside the noise: a person who has pressed
/// Ctrl-C waits no longer.
const AT_ONCE: Duration = Duration::from_secs(2);

/// Lets `peer` at the server, and asserts all that a server owes its honest clients.
///
/// # Errors
/// What the server owed, and did not give.
pub fn run(
    course: Course,
    peer: &Peer,
    settings: Settings,
    noise: Noise,
    bin: &Path,
) -> Result<Found> {
    let place = Place::new()?;
    let how = How::against(peer);
    let mut server = Server::start(course, bin, &place, how)?;
    let target = server.target.clone();

    let mut honest = Honest::new(course, &target, PATIENCE)?;
    let before_it = ask(&mut honest, REQUESTS).context("before the attack")?;
    let longest_before = std::mem::take(&mut honest.longest);
    let before = server.program.vitals();
    ensure!(
        before.is_some() || !cfg!(target_os = "linux"),
        "/proc does not say what the server holds"
    );

    // The attack keeps the machine busy, and so may others: a server that nobody attacks tells at the same
    // time how slow the machine itself is.
    let other_place = Place::new()?;
    let other = How {
        descriptors: None,
        ..how
    };
    let other = Server::start(course, bin, &other_place, other)?;
    let mut calm = Honest::new(course, &other.target, PATIENCE)?;

    let gate = Gate::new(ATTACK, u64::MAX);
    let attack = Attack::new(target.clone(), settings.clone(), &gate);
    let watched = thread::scope(|scope| {
        let attacker = scope.spawn(|| (peer.run)(&attack));
        let mut watch = Watch {
            peer,
            attack: &attack,
            place: &place,
            noise,
            honest: &mut honest,
            calm: &mut calm,
            meanwhile: Vec::new(),
        };
        let watched = watch.watch(&mut server, &other, before, || attacker.is_finished());
        gate.close();
        // To end a thousand connections takes its time, and a client that says nothing meanwhile is sent away.
        let waited = watched.and_then(|watched| {
            while !attacker.is_finished() {
                ask(&mut honest, 1)?;
                ask(&mut calm, 1)?;
            }
            Ok(watched)
        });
        let made = match attacker.join() {
            Ok(result) => result.context("the attack could not be made"),
            Err(panic) => std::panic::resume_unwind(panic),
        };
        made.and(waited)
    })
    .context("during the attack");
    let Watched {
        mut all,
        mut in_place,
        calm: meanwhile,
        newcomer,
        normal_newcomer,
        busy_percent,
    } = watched?;
    let after = recover(&mut server, before, || {
        ask(&mut honest, 1)?;
        ask(&mut calm, 1)
    })
    .context("after the attack")?;
    first_answer(&server, PATIENCE).context("a newcomer after the attack")?;
    let (mut later, mut calm_later) = (Vec::new(), Vec::new());
    for _ in 0..REQUESTS {
        later.extend(ask(&mut honest, 1).context("after the attack")?);
        calm_later.extend(ask(&mut calm, 1).context("after the attack")?);
    }
    let (attacked_longest, normal_longest) = (honest.longest, calm.longest.max(longest_before));
    let stored = honest.stored.take();
    drop((honest, calm));
    let mut phases = [before_it, meanwhile, calm_later];
    let mut slowest = |of: fn(&mut [Duration]) -> Duration| {
        let all = phases.iter_mut().map(|phase| of(phase));
        all.max().unwrap_or_default()
    };
    let peak = server.program.vitals().map(|vitals| vitals.peak_kib);
    if peer.holds_on() {
        stop_meanwhile(server, peer, settings, noise)?;
    } else {
        server.stop(DEADLINE)?;
    }
    other.stop(DEADLINE)?;
    let found = Found {
        normal: slowest(median),
        attacked: median(&mut all).max(median(&mut in_place)),
        after: median(&mut later),
        normal_slow: slowest(slow),
        attacked_slow: slow(&mut all).max(slow(&mut in_place)),
        normal_longest,
        attacked_longest,
        newcomer,
        normal_newcomer,
        peak_kib: peak.or(after.map(|vitals| vitals.peak_kib)),
        busy_percent,
        account: attack.account().clone(),
    };
    judge(course, peer, &found)?;
    place.check(peer.kind == Kind::Stream, stored)?;
    in_good_time(&found, noise)?;
    Ok(found)
}

/// Ends the server as its user does, while the peer has come again and stays.
fn stop_meanwhile(server: Server, peer: &Peer, settings: Settings, noise: Noise) -> Result<()> {
    let gate = Gate::new(ATTACK, u64::MAX);
    let attack = Attack::new(server.target.clone(), settings, &gate);
    thread::scope(|scope| {
        let attacker = scope.spawn(|| (peer.run)(&attack));
        while !gate.has_begun() && !attacker.is_finished() {
            look_again();
        }
        let stayed = !attacker.is_finished();
        let stopped = server.stop(AT_ONCE + noise.longest);
        gate.close();
        // What the peer then meets is a server that has ended.
        let _ = attacker.join();
        ensure!(stayed, "the peer did not stay when it came again");
        stopped.context("while the peer stays")
    })
}

/// Waits until the server holds no more threads and descriptors than before.
fn recover(
    server: &mut Server,
    before: Option<Vitals>,
    mut ask: impl FnMut() -> Result<Vec<Duration>>,
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
        ask()?;
    }
}
