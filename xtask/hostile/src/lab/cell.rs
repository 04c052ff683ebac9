//! One peer against one server: a cell of the matrix.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use super::honest::{Honest, PATIENCE};
use super::place::Place;
use super::program::{DEADLINE, look_again};
use super::server::{Course, PLACE_FREE, Server};
use super::verdict::{Found, Late, Noise, in_good_time, judge, median, slow};
use super::vitals::Vitals;
use crate::attack::{Attack, Settings};
use crate::gate::Gate;
use crate::peer::{FEW, Kind, Peer};

/// Requests of the honest client, before an attack and during it.
const REQUESTS: usize = 100;

/// Newcomers that find places, one after the other.
const NEWCOMERS: usize = 9;

/// How long a newcomer waits for one answer before it tries again.
const AN_ANSWER: Duration = Duration::from_secs(1);

/// The longest attack.
const ATTACK: Duration = Duration::from_secs(180);

/// So long it may take until a peer is in its place. A queue of connections that overflows costs each
/// of those behind it a second, until its first segment is sent again.
const READY: Duration = Duration::from_secs(120);

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
    let limit = (peer.name == "descriptors").then_some(64);
    // What a relay shows of it must not command the terminal.
    let logged = matches!(peer.name, "garbage" | "random" | "garbage-datagrams");
    let mut server = Server::start(course, bin, &place, limit, logged)?;
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
    let other = Server::start(course, bin, &other_place, None, logged)?;
    let mut calm = Honest::new(course, &other.target, PATIENCE)?;

    let gate = Gate::new(ATTACK, u64::MAX);
    let attack = Attack::new(target.clone(), settings, &gate);
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
    drop((honest, calm));
    let mut phases = [before_it, meanwhile, calm_later];
    let mut slowest = |of: fn(&mut [Duration]) -> Duration| {
        let all = phases.iter_mut().map(|phase| of(phase));
        all.max().unwrap_or_default()
    };
    let peak = server.program.vitals().map(|vitals| vitals.peak_kib);
    server.stop()?;
    other.stop()?;
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
    place.check(peer.kind == Kind::Stream)?;
    in_good_time(&found, noise)?;
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

/// What was seen during an attack.
struct Watched {
    /// The times of all honest requests, from the beginning of the attack.
    all: Vec<Duration>,
    /// Those of the requests since the peer was in its place. A peer that needs long until it is there
    /// would else be judged by the time in which it was not.
    in_place: Vec<Duration>,
    /// Those of the requests to the server that nobody attacks.
    calm: Vec<Duration>,
    newcomer: Option<Duration>,
    normal_newcomer: Option<Duration>,
    busy_percent: Option<u64>,
}

/// Honest clients that go on while a peer attacks.
struct Watch<'a> {
    peer: &'a Peer,
    attack: &'a Attack<'a>,
    place: &'a Place,
    noise: Noise,
    /// Of the attacked server.
    honest: &'a mut Honest,
    /// Of the other one.
    calm: &'a mut Honest,
    /// How long the other one's requests took.
    meanwhile: Vec<Duration>,
}

impl Watch<'_> {
    /// One request to each server.
    fn ask(&mut self) -> Result<Duration> {
        let took = ask(self.honest, 1)?;
        self.meanwhile.extend(ask(self.calm, 1)?);
        self.place.check_upload()?;
        Ok(took[0])
    }

    fn watch(
        &mut self,
        server: &mut Server,
        other: &Server,
        before: Option<Vitals>,
        over: impl Fn() -> bool,
    ) -> Result<Watched> {
        let gate = self.attack.gate;
        let begun = Instant::now();
        let mut all = Vec::new();
        while !gate.has_begun() {
            ensure!(!over(), "the peer gave up");
            ensure!(
                begun.elapsed() < READY,
                "the peer is not ready after {READY:?}"
            );
            all.push(self.ask()?);
        }
        let first = begun.elapsed();
        let busy_percent = if self.peer.keeps_still() {
            busy_percent(server, gate)
        } else {
            None
        };
        let mut in_place = Vec::new();
        for _ in 0..REQUESTS {
            in_place.push(self.ask()?);
        }
        all.extend_from_slice(&in_place);
        let (newcomer, normal_newcomer) = self
            .newcomers(server, other)
            .with_context(|| format!("a newcomer, {first:?} after the beginning"))?;
        if let Some(patience) = server.course.patience_with(self.peer) {
            self.is_let_go(server, before, patience)?;
        }
        ensure!(!over(), "the peer gave up");
        ensure!(
            server.program.ended()?.is_none(),
            "the server has ended: {}",
            server.program.complaints.text()
        );
        Ok(Watched {
            all,
            in_place,
            calm: std::mem::take(&mut self.meanwhile),
            newcomer,
            normal_newcomer,
            busy_percent,
        })
    }

    /// How long a newcomer waits, at the attacked server and at the other one: if there are places, the
    /// medians of several. The longest counts as the longest of all requests.
    fn newcomers(
        &mut self,
        server: &Server,
        other: &Server,
    ) -> Result<(Option<Duration>, Option<Duration>)> {
        if self.peer.takes_all_places() {
            return Ok((self.in_spite_of_a_crowd(server)?, None));
        }
        let (mut here, mut there) = (Vec::new(), Vec::new());
        for _ in 0..NEWCOMERS {
            here.push(self.newcomer(server)?);
            there.push(self.newcomer(other)?);
            self.ask()?;
        }
        let longest = |waits: &[Duration]| waits.iter().copied().max().unwrap_or_default();
        self.honest.longest = self.honest.longest.max(longest(&here));
        self.calm.longest = self.calm.longest.max(longest(&there));
        Ok((Some(median(&mut here)), Some(median(&mut there))))
    }

    /// A newcomer where there are places. A server may need a moment until it notices that clients have gone:
    /// who is refused meanwhile comes again at once, and waits no longer than any request may take.
    fn newcomer(&self, server: &Server) -> Result<Duration> {
        let begun = Instant::now();
        loop {
            match first_answer(server, PATIENCE) {
                Ok(_) => return Ok(begun.elapsed()),
                Err(error) if begun.elapsed() > self.noise.longest => return Err(error),
                Err(_) => look_again(),
            }
        }
    }

    /// A newcomer where all places are taken. If the server frees them it tries again until it is served; if
    /// not, it tries once.
    fn in_spite_of_a_crowd(&mut self, server: &Server) -> Result<Option<Duration>> {
        let begun = Instant::now();
        loop {
            match first_answer(server, AN_ANSWER) {
                Ok(_) => return Ok(Some(begun.elapsed())),
                Err(_) if !server.course.frees_places() => return Ok(None),
                Err(error) if begun.elapsed() > PLACE_FREE => return Err(error),
                Err(_) => {}
            }
            self.ask()?;
        }
    }

    /// Waits until a server that is patient for so long has ended the connections of its peer, who is still
    /// there. It holds no more descriptors than before; or, if the peer comes again at once, the peer has
    /// seen the end of as many connections as it opened first.
    fn is_let_go(
        &mut self,
        server: &mut Server,
        before: Option<Vitals>,
        patience: Duration,
    ) -> Result<()> {
        let begun = Instant::now();
        let limit = patience + Duration::from_secs(2) + self.noise.longest;
        loop {
            let (Some(before), Some(now)) = (before, server.program.vitals()) else {
                return Ok(());
            };
            let ended = self.attack.account().ended;
            if now.descriptors <= before.descriptors || ended >= FEW as u64 {
                return Ok(());
            }
            if begun.elapsed() > limit {
                let held = now.descriptors - before.descriptors;
                return Err(Late(format!(
                    "after {limit:?} the server still holds {held} descriptors for a peer that it need \
                     not bear for longer than {patience:?}"
                ))
                .into());
            }
            self.ask()?;
        }
    }
}

/// Somebody else comes, and asks once. Returns how long that took.
fn first_answer(server: &Server, patience: Duration) -> Result<Duration> {
    let begun = Instant::now();
    Honest::new(server.course, &server.target, patience)?.ask()?;
    Ok(begun.elapsed())
}

/// How busy the server is over a second in which nobody asks.
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
