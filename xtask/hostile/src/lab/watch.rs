//! What honest clients see while a peer attacks.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use super::honest::{Honest, PATIENCE};
use super::place::Place;
use super::program::look_again;
use super::server::{How, Server};
use super::verdict::{Late, Noise, median};
use super::vitals::Vitals;
use crate::attack::Attack;
use crate::gate::Gate;
use crate::peer::{FEW, Peer};

/// Requests of the honest client, before an attack and during it.
pub const REQUESTS: usize = 100;

/// Newcomers that find places, one after the other.
const NEWCOMERS: usize = 9;

/// How long a newcomer waits for one answer before it tries again.
const AN_ANSWER: Duration = Duration::from_secs(1);

/// So long it may take until a peer is in its place. A queue of connections that overflows costs each
/// of those behind it a second, until its first segment is sent again.
const READY: Duration = Duration::from_secs(120);

/// Requests, one after the other, with a pause of about a millisecond between them.
pub fn ask(honest: &mut Honest, times: usize) -> Result<Vec<Duration>> {
    let mut took = Vec::with_capacity(times);
    for _ in 0..times {
        took.push(honest.ask()?);
        look_again();
    }
    Ok(took)
}

/// What was seen during an attack.
pub struct Watched {
    /// The times of all honest requests, from the beginning of the attack.
    pub all: Vec<Duration>,
    /// Those of the requests since the peer was in its place. A peer that needs long until it is there
    /// would else be judged by the time in which it was not.
    pub in_place: Vec<Duration>,
    /// Those of the requests to the server that nobody attacks.
    pub calm: Vec<Duration>,
    /// See `Found` for these.
    pub newcomer: Option<Duration>,
    pub normal_newcomer: Option<Duration>,
    pub busy_percent: Option<u64>,
}

/// Honest clients that go on while a peer attacks.
pub struct Watch<'a> {
    pub peer: &'a Peer,
    pub attack: &'a Attack<'a>,
    pub place: &'a Place,
    pub noise: Noise,
    /// Of the attacked server.
    pub honest: &'a mut Honest,
    /// Of the other one.
    pub calm: &'a mut Honest,
    /// How long the other one's requests took.
    pub meanwhile: Vec<Duration>,
}

impl Watch<'_> {
    /// One request to each server.
    fn ask(&mut self) -> Result<Duration> {
        let took = ask(self.honest, 1)?;
        self.meanwhile.extend(ask(self.calm, 1)?);
        self.place.check_upload()?;
        Ok(took[0])
    }

    /// Waits until the peer is in its place, and looks at the server as long as it takes.
    ///
    /// # Errors
    /// An honest client was not served; the peer did not attack, or not as it should.
    pub fn watch(
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
        self.must_be_full(server)?;
        let busy_percent = if self.peer.keeps_still() {
            busy_percent(server, gate)
        } else {
            None
        };
        self.must_be_full(server)?;
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

    /// Where the peer takes all places, there must be none: else nothing is learned about a full server.
    fn must_be_full(&self, server: &Server) -> Result<()> {
        if self.peer.takes_all_places() && first_answer(server, AN_ANSWER).is_ok() {
            let what = "a newcomer was served at once: the peer has not taken all places";
            return Err(Late(what.to_owned()).into());
        }
        Ok(())
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
        let limit = How::against(self.peer).place_free();
        loop {
            match first_answer(server, AN_ANSWER) {
                Ok(_) => return Ok(Some(begun.elapsed())),
                Err(_) if !server.course.frees_places() => return Ok(None),
                Err(error) if begun.elapsed() > limit => return Err(error),
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
pub fn first_answer(server: &Server, patience: Duration) -> Result<Duration> {
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
