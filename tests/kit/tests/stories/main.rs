//! What a check says about code that is right, wrong, stuck, endless or gone.
//!
//! Each scenario is an exercise in small: this program runs itself again for it, because a check has
//! its program for itself.

#![allow(clippy::unwrap_used, reason = "the code of students, and of tests")]

use std::net::TcpListener;
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs};

use kit::report::{Event, Step};
use kit::{Checks, Failure, Kind};
use libtest_mimic::{Arguments, Trial};

mod code;

const SCENARIO: &str = "KIT_TEST_SCENARIO";

/// The word in the report's file, which must come back at the end.
const WORD: &str = "a-word";

/// A name, the checks of the exercise, and what must have been reported.
type Scenario = (&'static str, Checks<'static>, fn(&Ran));

const SCENARIOS: &[Scenario] = &[
    ("right_code_passes", &[("echo", code::echo)], |ran| {
        assert!(ran.success, "{ran:?}");
        assert_eq!(ran.outcomes(), ["pass"]);
        ran.story_has(
            "your server",
            "`accept` returned the connection of the client",
        );
        ran.story_has("your server", "`read` returned 5 octets");
        ran.story_has("the client", "received 5 octets");
    }),
    (
        "right_code_with_sockets_of_std_passes",
        &[("echo", code::unseen)],
        |ran| assert_eq!(ran.outcomes(), ["pass"], "{ran:?}"),
    ),
    (
        "what_nobody_has_read_is_not_taken_for_read",
        &[("echo", code::nobody_reads)],
        |ran| {
            let failure = ran.failure();
            assert_eq!(failure.kind, Kind::Deadline);
            assert!(failure.unmet.contains("reads what the client has sent"));
        },
    ),
    #[cfg(target_os = "linux")]
    (
        "an_accept_of_std_is_not_taken_for_none",
        &[("echo", code::unseen_and_silent)],
        |ran| {
            let waiting = &ran.failure().waiting;
            let told = waiting.iter().any(|(_, state)| state.contains("backlog"));
            assert!(!told, "{waiting:#?}");
        },
    ),
    (
        "a_crowd_of_threads_is_told_of_shortly",
        &[("crowd", code::crowd)],
        |ran| {
            let failure = ran.failure();
            assert!(failure.waiting.len() < 20, "{failure:?}");
            assert!(failure.detail.ends_with("and more"), "{failure:?}");
        },
    ),
    (
        "a_different_octet_is_seen",
        &[("echo", code::differs)],
        |ran| {
            let failure = ran.failure();
            assert_eq!(
                (failure.kind, failure.detail.as_str()),
                (Kind::Octets, "48656c6c6f")
            );
        },
    ),
    (
        "a_forgotten_accept_is_named",
        &[("echo", code::forgotten_accept)],
        |ran| {
            let failure = ran.failure();
            assert_eq!(failure.kind, Kind::Deadline);
            ran.waits(
                "the client",
                "has sent 5 octets and waits for 5 octets; nothing of that has come",
            );
            ran.waits("the connection of the client", "nobody has called `accept`");
            ran.waits("your server", "it sleeps, waits for a thread");
        },
    ),
    (
        "a_server_that_accepts_nobody_is_named",
        &[("echo", code::gone_at_once)],
        |ran| {
            // The server may be gone before the client comes, or after.
            let unmet = &ran.failure().unmet;
            let said = [
                "nobody listens there",
                "the other side has closed the connection",
                "nobody had called `accept`",
            ];
            assert!(said.iter().any(|words| unmet.contains(words)), "{unmet}");
        },
    ),
    (
        "who_waits_for_whom_is_said",
        &[("echo", code::both_read)],
        |ran| {
            assert_eq!(ran.failure().kind, Kind::Deadline);
            ran.waits(
                "the client",
                "has sent 0 octets and waits for 5 octets; nothing of that has come",
            );
            ran.waits("your server", "is still in `read`");
            // What happens when the check closes its sockets is no part of the story.
            let last = ran.steps[0].last().unwrap();
            assert!(!last.what.contains("`read` returned"), "{last:?}");
        },
    ),
    (
        "a_loop_without_calls_is_named",
        &[("loop", code::endless), ("next", code::echo)],
        |ran| {
            assert_eq!(ran.failure().kind, Kind::Deadline);
            if cfg!(target_os = "linux") {
                ran.waits("`endless()`", "it goes round in a loop");
            }
            assert_eq!(ran.outcomes(), ["fail", "skip"]);
        },
    ),
    (
        "a_loop_of_empty_reads_is_named",
        &[("echo", code::empty_reads)],
        |ran| {
            assert_eq!(ran.failure().kind, Kind::Spin);
            ran.waits("and", "your server calls `read` again and again");
        },
    ),
    (
        "a_panic_is_the_reason",
        &[("echo", code::panics), ("next", code::echo)],
        |ran| {
            let failure = ran.failure();
            assert_eq!(failure.kind, Kind::Panic);
            let panic = failure.panic.as_ref().unwrap();
            assert_eq!(
                (panic.who.as_str(), panic.message.as_str()),
                ("your server", "no more 42")
            );
            assert!(panic.place.contains("code.rs:"), "{panic:?}");
            // The next check runs, and knows nothing of it.
            assert_eq!(ran.outcomes(), ["fail", "pass"]);
        },
    ),
    (
        "a_panic_of_a_thread_of_a_thread_fails",
        &[("call", code::panics_below)],
        |ran| {
            assert_eq!(ran.failure().kind, Kind::Panic);
        },
    ),
    (
        "a_panic_of_the_check_is_no_answer",
        &[("check", code::bad_check)],
        |ran| {
            let failure = ran.failure();
            assert_eq!(failure.kind, Kind::Error);
            assert!(failure.unmet.contains("not yours"), "{}", failure.unmet);
        },
    ),
    ("exit_is_no_pass", &[("exit", code::exits)], |ran| {
        assert_eq!(ran.outcomes(), ["unfinished"]);
        assert!(!ran.done);
    }),
    (
        "a_forged_end_is_no_pass",
        &[("forge", code::forges)],
        |ran| {
            assert!(!ran.done, "{ran:?}");
        },
    ),
    (
        "a_wait_with_a_limit_is_not_stuck",
        &[("patient", code::patient)],
        |ran| {
            assert_eq!(ran.outcomes(), ["pass"]);
        },
    ),
    (
        "a_piece_is_read_before_the_next_is_sent",
        &[("cut", code::cut)],
        |ran| {
            assert_eq!(ran.outcomes(), ["pass"]);
            ran.story_has("your server", "`read` returned 2 octets");
            ran.story_has("your server", "`read` returned 3 octets");
        },
    ),
    (
        "a_thread_of_an_earlier_check_is_no_part_of_the_story",
        &[("leaves", code::leaves), ("echo", code::echo)],
        |ran| {
            assert_eq!(ran.outcomes(), ["pass", "pass"]);
            let second = &ran.steps[1];
            assert!(
                !second.iter().any(|step| step.octets == b"late"),
                "{second:?}"
            );
        },
    ),
    (
        "a_datagram_that_does_not_come_is_named",
        &[("udp", code::no_datagram)],
        |ran| {
            assert_eq!(ran.failure().kind, Kind::Deadline);
            ran.waits("the server", "waits for a datagram");
            ran.waits("your client", "is still in `recv_from`");
        },
    ),
    (
        "a_long_story_keeps_its_beginning_and_its_end",
        &[("many", code::many_steps)],
        |ran| {
            let steps = &ran.steps[0];
            assert!((100..150).contains(&steps.len()), "{}", steps.len());
            assert_eq!(steps[0].index, 0);
            assert!(steps[steps.len() - 1].index > 4000, "{:?}", steps.last());
        },
    ),
];

/// What a scenario's own program reported.
#[derive(Debug, Default)]
struct Ran {
    success: bool,
    done: bool,
    outcomes: Vec<&'static str>,
    failures: Vec<Failure>,
    /// The steps of each check.
    steps: Vec<Vec<Step>>,
}

impl Ran {
    fn outcomes(&self) -> &[&'static str] {
        &self.outcomes
    }

    fn failure(&self) -> &Failure {
        self.failures.first().unwrap_or_else(|| panic!("{self:?}"))
    }

    #[track_caller]
    fn story_has(&self, who: &str, what: &str) {
        let has = |step: &Step| step.who == who && step.what.contains(what);
        assert!(self.steps.iter().flatten().any(has), "{self:#?}");
    }

    #[track_caller]
    fn waits(&self, who: &str, state: &str) {
        let waiting = &self.failure().waiting;
        let waits = |(name, found): &(String, String)| name == who && found.contains(state);
        assert!(waiting.iter().any(waits), "{waiting:#?}");
    }
}

/// Runs a scenario in a program of its own.
fn run(name: &str) -> Ran {
    let report = env::temp_dir().join(format!("kit-report-{}-{name}", std::process::id()));
    fs::write(&report, WORD).unwrap();
    let child = Command::new(env::current_exe().unwrap())
        .env(SCENARIO, name)
        .env(kit::REPORT, &report)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let process = child.id();
    let output = child.wait_with_output().unwrap();
    // Some scenarios end their program in the middle.
    kit::tidy_up(process, 8);
    let text = fs::read_to_string(&report).unwrap();
    fs::remove_file(report).unwrap();
    let mut ran = Ran {
        success: output.status.success(),
        ..Ran::default()
    };
    for event in text.lines().filter_map(Event::parse) {
        let mut end = |outcome| *ran.outcomes.last_mut().unwrap() = outcome;
        match event {
            Event::Begin(_) => {
                ran.outcomes.push("unfinished");
                ran.steps.push(Vec::new());
            }
            Event::Step(step) => ran.steps.last_mut().unwrap().push(step),
            Event::Pass => end("pass"),
            Event::Skip => end("skip"),
            Event::Fail(failure) => {
                end("fail");
                ran.failures.push(*failure);
            }
            Event::Done(word) => ran.done = word == WORD,
            Event::Checks(_) => {}
        }
    }
    ran
}

fn main() -> ExitCode {
    if let Ok(wanted) = env::var(SCENARIO) {
        let (_, checks, _) = SCENARIOS
            .iter()
            .find(|(name, ..)| *name == wanted)
            .expect("a scenario of this name");
        return kit::run(checks);
    }
    // A port of the test's own, so that a system without loopback fails here and says so.
    TcpListener::bind("127.0.0.1:0").expect("loopback works");
    let trials = SCENARIOS
        .iter()
        .map(|(name, _, judge)| {
            Trial::test(*name, move || {
                judge(&run(name));
                Ok(())
            })
        })
        .collect();
    let mut arguments = Arguments::from_args();
    // Most scenarios only wait, until a deadline.
    arguments.test_threads.get_or_insert(8);
    libtest_mimic::run(&arguments, trials).exit_code()
}
