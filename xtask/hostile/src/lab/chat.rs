//! The chat server of lesson 04, which takes one caller and ends.
//!
//! So no honest client can be served *while* a peer holds the line, and none waits for its place: who
//! calls meanwhile is reset when the server ends. What the server owes is owed to the person at its
//! keyboard: whatever the caller does, the person can end the conversation, nothing that the caller
//! sent commands the terminal, and the next server talks with an honest caller as fast as before.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use super::place::Place;
use super::program::{DEADLINE, Program, look_again};
use super::verdict::{Found, Noise, in_time, median};
use crate::account::Account;
use crate::attack::{Attack, Settings};
use crate::gate::Gate;
use crate::peer::{Kind, Peer};
use crate::target::Target;

/// The program.
const PROGRAM: &str = "lesson-04-tcp-chat";

/// Turns of an honest conversation.
const TURNS: usize = 10;

/// Honest conversations before the attacks, and after them.
const CONVERSATIONS: usize = 3;

/// So long the person waits for the caller before pressing Ctrl-C.
const PERSON: Duration = Duration::from_millis(700);

/// Octets that a talkative person says.
const TALK: usize = 16 << 20;

/// The most memory that the server may ever have resident, in KiB.
pub const BOUND_KIB: u64 = 12 << 10;

/// How the two take turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// One speaks, the other listens.
    Turns,
    /// Both speak when they like.
    Anytime,
}

impl Mode {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Turns, Self::Anytime];

    /// The server's name in the matrix.
    pub fn name(self) -> &'static str {
        match self {
            Self::Turns => "chat",
            Self::Anytime => "chat-anytime",
        }
    }

    /// Whether this peer is another one than those it meets already. 10,000 callers wait in the same
    /// queue of the kernel as 1,000, and one caller uses one descriptor.
    pub fn meets(peer: &Peer) -> bool {
        peer.kind == Kind::Stream && !matches!(peer.name, "great-crowd" | "descriptors")
    }

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Turns => &["server", "--port", "0"],
            Self::Anytime => &["server", "--port", "0", "--talk-anytime"],
        }
    }
}

/// Lets `peer` call the server, and asserts what is owed. Of a peer with variations it takes those with
/// these numbers: each needs a server of its own.
///
/// # Errors
/// What was owed, and not given.
pub fn run(
    mode: Mode,
    peer: &Peer,
    settings: &Settings,
    variations: &[usize],
    noise: Noise,
    bin: &Path,
) -> Result<Found> {
    let place = Place::new()?;
    let bench = Bench {
        mode,
        bin,
        place: &place,
    };
    let mut normal = bench.converse().context("before the attack")?;
    let (mut account, mut peak_kib) = (Account::default(), None);
    for &number in variations {
        let settings = Settings {
            only: Some(number),
            connections: Some(settings.connections.unwrap_or(1)),
            ..settings.clone()
        };
        let (found, peak, varies) = bench
            .suffer(peer, settings)
            .with_context(|| format!("variation {number}"))?;
        peak_kib = peak_kib.max(peak);
        account.add(&found);
        // Without variations once is all; with them, a number behind the last one opens nothing.
        if !varies || found.opened == 0 {
            break;
        }
    }
    ensure!(account.opened > 0, "nobody has attacked");
    let mut attacked = bench.converse().context("after the attack")?;
    normal.extend(bench.converse().context("after the attack")?);
    let (normal, attacked) = (median(&mut normal), median(&mut attacked));
    if let Some(peak) = peak_kib {
        ensure!(
            peak <= BOUND_KIB,
            "the server has taken {peak} KiB; {BOUND_KIB} are its bound"
        );
    }
    place.check(false, [])?;
    in_time(
        "after the attack a turn takes",
        attacked,
        normal,
        noise.middle,
    )?;
    Ok(Found {
        normal,
        attacked,
        after: attacked,
        normal_slow: Duration::ZERO,
        attacked_slow: Duration::ZERO,
        normal_longest: Duration::ZERO,
        attacked_longest: Duration::ZERO,
        newcomer: None,
        normal_newcomer: None,
        peak_kib,
        busy_percent: None,
        account,
    })
}

struct Bench<'a> {
    mode: Mode,
    bin: &'a Path,
    place: &'a Place,
}

impl Bench<'_> {
    fn start(&self) -> Result<(Program, Target)> {
        let program = Program::start(
            &self.bin.join(PROGRAM),
            self.mode.arguments(),
            self.place.path(),
            None,
        )?;
        let at = program.output.wait_for("`listening on`", |text| {
            let (whole, _) = text.rsplit_once('\n')?;
            whole
                .lines()
                .find_map(|line| line.strip_prefix("listening on ")?.parse().ok())
        })?;
        Ok((program, Target::Tcp(at)))
    }

    /// Honest conversations; returns how long each turn took.
    fn converse(&self) -> Result<Vec<Duration>> {
        let mut took = Vec::new();
        for _ in 0..CONVERSATIONS {
            let (mut server, target) = self.start()?;
            let mut caller = target.connect()?;
            caller.set_read_timeout(Some(DEADLINE))?;
            for turn in 0..TURNS {
                let (said, answer) = (format!("turn {turn}."), format!("answer {turn}."));
                let begun = Instant::now();
                caller.write_all(said.as_bytes())?;
                server
                    .output
                    .wait_for("the caller's turn", |text| text.find(&said))?;
                server.types(&answer);
                let mut heard = vec![0; answer.len()];
                caller.read_exact(&mut heard).context("no answer")?;
                ensure!(
                    heard == answer.as_bytes(),
                    "{heard:?} was heard, {answer:?} was said"
                );
                took.push(begun.elapsed());
            }
            caller.write_all(b"bye")?;
            // The server reads on until its caller has gone.
            drop(caller);
            let status = server.wait(DEADLINE)?;
            ensure!(
                status.success(),
                "an honest conversation ends with {status}"
            );
        }
        Ok(took)
    }

    /// A hostile caller, and the person who answers it, says `bye` and in the end presses Ctrl-C.
    fn suffer(&self, peer: &Peer, settings: Settings) -> Result<(Account, Option<u64>, bool)> {
        let (mut server, target) = self.start()?;
        // One round: the server takes one call.
        let gate = Gate::new(DEADLINE, 1);
        let attack = Attack::new(target, settings, &gate);
        let ended = thread::scope(|scope| {
            let attacker = scope.spawn(|| (peer.run)(&attack));
            // Who takes turns waits for an answer after each line.
            let talkative = peer.name == "deaf" && self.mode == Mode::Anytime;
            let ended = answer(&mut server, &gate, talkative, || attacker.is_finished());
            gate.close();
            match attacker.join() {
                Ok(result) => result.context("the attack could not be made")?,
                Err(panic) => std::panic::resume_unwind(panic),
            }
            ended
        });
        ended?;
        let complaints = server.complaints.text();
        ensure!(
            !complaints.contains("panicked"),
            "the server panicked: {complaints}"
        );
        ensure!(
            !server.output.has_raw_control() && !server.complaints.has_raw_control(),
            "the server has printed what a peer sent as it came: a terminal would obey it"
        );
        let account = attack.account().clone();
        let peak_kib = server.vitals().map(|vitals| vitals.peak_kib);
        Ok((account, peak_kib, attack.varies()))
    }
}

/// What the person does: answers, says `bye`, and presses Ctrl-C when that was not enough. A `talkative` one
/// says more than all buffers on the way to the caller hold: if the caller does not read, the server's write
/// waits.
fn answer(
    server: &mut Program,
    gate: &Gate,
    talkative: bool,
    over: impl Fn() -> bool,
) -> Result<()> {
    let begun = Instant::now();
    while !gate.has_begun() && !over() && server.ended()?.is_none() {
        ensure!(
            begun.elapsed() < DEADLINE,
            "the peer is not ready after {DEADLINE:?}"
        );
        server.vitals();
        look_again();
    }
    let mut heard = None;
    if talkative {
        heard = Some(server.types_on("do you hear me? ", TALK));
    } else {
        server.types("who are you?");
        server.types("bye");
    }
    let Ok(status) = server.wait(PERSON) else {
        if let Some(heard) = heard {
            let heard = heard.load(Ordering::Relaxed);
            ensure!(
                heard < TALK,
                "the caller reads: the server's write did not wait"
            );
        }
        gate.close();
        server.interrupt();
        // Ctrl-C ends it, whatever it is in the middle of.
        server
            .wait(DEADLINE)
            .context("Ctrl-C did not end the server")?;
        return Ok(());
    };
    // 1: the conversation failed, and it said why. Any other end is none that it has chosen.
    if !matches!(status.code(), Some(0 | 1)) {
        bail!(
            "the server ended with {status}: {}",
            server.complaints.text()
        );
    }
    Ok(())
}
