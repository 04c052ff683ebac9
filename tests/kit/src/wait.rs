//! Waiting, with an end.

use std::fmt::Write as _;
use std::io::{self, ErrorKind};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Kind, Outcome, plainly};
use crate::story;

/// All checks of a run together may take so long. A right answer takes a small part of it. With the
/// time to compile an answer, who saves an endless loop reads so within 5 s.
const RUN: Duration = Duration::from_secs(4);

/// When everybody waits for somebody else, nothing will happen any more. So long without any event is
/// taken for it: data on loopback takes microseconds.
const STUCK: Duration = Duration::from_millis(800);

/// So many threads are told of: nobody reads on.
const THREADS_SHOWN: usize = 12;

/// A waiting socket looks up so often, to see whether the student's code has ended or hangs.
pub(crate) const TICK: Duration = Duration::from_millis(20);

fn begun() -> Instant {
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    *BEGUN.get_or_init(Instant::now)
}

/// What is left of the time for all checks; never nothing, so that it can be a time limit.
pub(crate) fn left() -> Duration {
    let left = RUN.saturating_sub(begun().elapsed());
    left.max(Duration::from_millis(1))
}

/// Starts the clock of the run.
pub(crate) fn start_clock() {
    begun();
}

/// Tries again and again until it succeeds. `who` waits, and `what` says for what: "waits for 5
/// octets; 2 have come".
///
/// `attempt` may wait for one [`TICK`], and returns `None` or an error of a time limit when nothing
/// has come.
///
/// # Errors
/// A [`Kind::Deadline`] or [`Kind::Spin`] when nothing will come any more, a [`Kind::Error`] for any
/// other error of `attempt`.
pub(crate) fn until<T>(
    who: &str,
    unmet: &str,
    what: impl Fn() -> String,
    mut attempt: impl FnMut() -> io::Result<Option<T>>,
) -> Outcome<T> {
    let mut gone = false;
    loop {
        match attempt() {
            Ok(Some(value)) => return Ok(value),
            Ok(None) => {}
            Err(error) if is_no_error(&error) => {}
            Err(error) => {
                return Err(Failure::new(
                    Kind::Error,
                    format!("{unmet}: {}", plainly(&error)),
                    format!("{:?}", error.kind()),
                ));
            }
        }
        let place = story::whereabouts();
        if let Some(spin) = place.spin {
            let mut failure = Failure::new(Kind::Spin, unmet, "empty reads");
            failure.waiting = vec![(who.to_owned(), what()), ("and".into(), spin)];
            return Err(failure);
        }
        // After a panic nobody is left: what was sent before it has been looked for once more.
        if gone && place.panicked {
            return Err(deadline(who, unmet, &what(), &place));
        }
        gone = place.threads.is_empty();
        let stuck = place.stuck_for.is_some_and(|long| long > STUCK);
        if stuck || begun().elapsed() > RUN {
            return Err(deadline(who, unmet, &what(), &place));
        }
    }
}

/// Waits until the student's code does nothing more by itself.
pub(crate) fn until_still() {
    /// Between entering a call and being asleep in it a thread may lose the processor: much less than
    /// this, also on a busy machine.
    const STILL: Duration = Duration::from_millis(50);
    /// A thread that works on, or asks again and again, makes no call that tells us so.
    const LONG_ENOUGH: Duration = Duration::from_millis(250);
    let begun = Instant::now();
    while story::still_for().is_none_or(|long| long < STILL) && begun.elapsed() < LONG_ENOUGH {
        story::wait_for_news(TICK);
    }
}

/// Errors that only mean: nothing has come yet.
pub(crate) fn is_no_error(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}

fn deadline(who: &str, unmet: &str, what: &str, place: &story::Whereabouts) -> Box<Failure> {
    let mut states = vec![(who.to_owned(), what.to_owned())];
    if story::waits_for_accept(who) {
        let backlog = "waits in the backlog: nobody has called `accept` for it";
        states.push((format!("the connection of {who}"), backlog.into()));
    }
    // Who waits tells apart code that has not done something from code that has not come back.
    let mut detail = format!("{who} waits; ");
    for thread in place.threads.iter().take(THREADS_SHOWN) {
        let (word, state) = state(thread);
        let _ = write!(detail, "{}: {word}; ", thread.name);
        states.push((thread.name.clone(), state));
    }
    if place.threads.len() > THREADS_SHOWN {
        detail += "and more";
        let more = format!("{} more threads", place.threads.len() - THREADS_SHOWN);
        states.push((more, "of your code have not ended either".into()));
    }
    if place.threads.is_empty() {
        detail += "ended";
        states.push(("your code".into(), "has ended".into()));
    }
    let mut failure = Failure::new(Kind::Deadline, unmet, detail);
    failure.waiting = states;
    failure
}

/// What a thread does: a word that is the same in every run, and a sentence.
fn state(thread: &story::Thread) -> (String, String) {
    if let Some(call) = thread.fails_at() {
        let state = format!("calls `{call}` again and again, and each call fails");
        return (format!("{call} fails"), state);
    }
    let Some(call) = thread.call else {
        return ("running".into(), without_call(thread.at_work()).into());
    };
    let limit = if thread.timed {
        ", which has a time limit"
    } else {
        ""
    };
    (call.into(), format!("is still in `{call}`{limit}"))
}

/// What a thread does that is in no call we know.
fn without_call(at_work: Option<bool>) -> &'static str {
    match at_work {
        Some(true) => "is in no network call: it goes round in a loop",
        Some(false) => {
            "is in no network call that the check sees: it sleeps, waits for a thread, or uses a \
             socket of `std`"
        }
        None => {
            "is in no network call that the check sees: it computes, sleeps, waits for a thread, \
             or uses a socket of `std`"
        }
    }
}
