//! Scenes that somebody watches: steered, taken over, ended at any time.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use scenes::live::{self, End, Event, Guard, Remote, Tell};
use scenes::scene::Scene;

/// No wait is longer.
const DEADLINE: Duration = Duration::from_secs(30);

struct Show {
    remote: Arc<Remote>,
    events: Receiver<Event>,
    run: JoinHandle<End>,
}

/// Plays a scene; nobody reads more than one event ahead.
fn show(text: &str, stepping: bool) -> Show {
    let scene = Scene::parse("test/live", Path::new("live.scene"), text).unwrap();
    play(scene, true, stepping)
}

fn play(scene: Scene, own: bool, stepping: bool) -> Show {
    let guard = Arc::new(Guard::start().unwrap());
    let remote = Remote::new(stepping, Some(guard));
    let (sender, events) = sync_channel(1);
    let tell = teller(sender);
    let steered = Arc::clone(&remote);
    let run =
        std::thread::spawn(move || live::play(&scene, own, Path::new("/nowhere"), &steered, &tell));
    Show {
        remote,
        events,
        run,
    }
}

fn teller(sender: SyncSender<Event>) -> Tell {
    let sender = Mutex::new(sender);
    Arc::new(move |event| {
        let sender = sender.lock().unwrap().clone();
        // Nobody may be listening any more.
        let _ = sender.send(event);
    })
}

impl Show {
    /// The next event that is no output.
    fn next(&self) -> Event {
        loop {
            let event = self.events.recv_timeout(DEADLINE).unwrap();
            if !matches!(event, Event::Output { .. }) {
                return event;
            }
        }
    }

    fn wait_for(&self, wanted: &Event) {
        while self.next() != *wanted {}
    }

    /// Waits until a terminal has shown the text.
    fn shows(&self, terminal: usize, text: &str) {
        let mut shown = String::new();
        while !shown.contains(text) {
            if let Event::Output {
                terminal: from,
                octets,
            } = self.events.recv_timeout(DEADLINE).unwrap()
                && from == terminal
            {
                shown.push_str(&String::from_utf8_lossy(&octets));
            }
        }
    }

    /// Hears no more, and waits for the end.
    fn end(self) -> End {
        drop(self.events);
        self.run.join().unwrap()
    }
}

fn started(terminal: usize, command: &str) -> Event {
    Event::Started {
        terminal,
        command: command.to_owned(),
    }
}

#[test]
fn every_step_is_told_before_and_after() {
    let show = show(
        "# c\nport 8080\na $ printf '%s' 'x y'\na ? x\nb $ cat\nb ! ctrl-d\n",
        false,
    );
    let mut told = Vec::new();
    while let Ok(event) = show.events.recv_timeout(DEADLINE) {
        told.push(event);
    }
    assert_eq!(show.end(), End::Played);
    let at = |wanted: &Event| told.iter().position(|event| event == wanted).unwrap();
    let output = Event::Output {
        terminal: 0,
        octets: b"x y".to_vec(),
    };
    let order = [
        at(&Event::Step(0)),
        at(&started(0, "printf '%s' 'x y'")),
        at(&output),
        at(&Event::Done(1)),
        at(&started(1, "cat")),
        at(&Event::Step(3)),
        at(&Event::Ended {
            terminal: 1,
            code: 0,
        }),
    ];
    assert!(order.is_sorted(), "{told:?}");
}

#[test]
fn in_step_mode_each_step_waits_for_its_own_next() {
    let show = show("# c\na $ cat\na > one\na > two\na ! ctrl-d\n", true);
    // Nobody is waiting yet, or nobody knows of it: it does nothing, or it does the first step alone.
    assert_eq!(show.next(), Event::Waiting(0));
    show.remote.next();
    assert_eq!(show.next(), Event::Step(0));
    assert_eq!(show.next(), started(0, "cat"));
    show.wait_for(&Event::Waiting(1));
    show.remote.next();
    show.remote.next();
    show.wait_for(&Event::Waiting(2));
    show.remote.play();
    show.wait_for(&Event::Done(3));
    assert_eq!(show.end(), End::Played);
}

#[test]
fn a_waiting_step_is_interrupted_by_take_over_and_by_the_end() {
    let show = show(
        "# c\na $ cat\na ? never\nb $ printf '%s' {dir}\na ? {late}\na $ printf '%s' {late}\n",
        false,
    );
    show.wait_for(&Event::Step(1));
    // Before the take-over, nothing is typed.
    show.remote.type_text(0, "early\r".to_owned());
    show.remote.take_over();
    show.wait_for(&Event::Taken);
    show.remote.type_text(0, "hello\r".to_owned());
    show.remote.type_text(99, "nobody\r".to_owned());
    show.shows(0, "hello\r\nhello\r\n");
    // `cat` still runs in the first terminal; the second is idle, and the last step is none of a known value.
    show.remote.start(0);
    show.remote.start(99);
    show.remote.start(1);
    show.remote.start(2);
    let begun = Instant::now();
    assert_eq!(show.next(), Event::Step(2));
    show.shows(1, "/");
    show.remote.type_text(0, "\u{4}".to_owned());
    show.wait_for(&Event::Ended {
        terminal: 0,
        code: 0,
    });
    show.remote.start(4);
    show.shows(0, "needs the value late");
    show.remote.start(0);
    show.wait_for(&started(0, "cat"));
    show.remote.end(End::Stopped);
    assert_eq!(show.end(), End::Stopped);
    assert!(begun.elapsed() < DEADLINE);
}

#[test]
fn the_end_comes_at_once_wherever_the_run_is() {
    for (text, stepping) in [
        ("# c\na $ cat\na ? never\n", false),
        ("# c\na $ cat\na ? never\n", true),
        ("# c\nprompt x\na $ cat\na > never\n", false),
        ("# c\na $ cat\n", false),
        // Does not read what is typed: the terminal takes 4,095 octets of it.
        (
            "# c\na $ cat < /dev/zero > /dev/null\na >> {x*100000}\n",
            false,
        ),
        // Is not read, and nobody can read as fast.
        ("# c\na $ cat /dev/zero | cat\na ? never\n", false),
        (
            "# c\na $ printf x; trap '' HUP TERM; cat\na ? never\n",
            false,
        ),
    ] {
        let show = show(text, stepping);
        assert!(matches!(show.next(), Event::Waiting(0) | Event::Step(0)));
        let begun = Instant::now();
        show.remote.end(End::Stopped);
        assert_eq!(show.end(), End::Stopped, "{text}");
        assert!(begun.elapsed() < Duration::from_secs(10), "{text}");
    }
}

#[test]
fn who_types_more_than_a_program_reads_fills_no_memory_and_can_still_stop() {
    let show = show("# c\na $ cat < /dev/zero > /dev/null\na ? never\n", false);
    show.wait_for(&Event::Step(1));
    show.remote.take_over();
    show.wait_for(&Event::Taken);
    for _ in 0..1000 {
        show.remote.type_text(0, "x".repeat(8000));
    }
    show.remote.end(End::Stopped);
    assert_eq!(show.end(), End::Stopped);
}

#[test]
fn a_step_that_does_not_come_true_is_said_in_a_sentence() {
    let show = show("# c\na $ ls missing\na ? something\n", false);
    assert_eq!(
        show.end(),
        End::Failed("a ended (exit code 2) without showing `something`".to_owned())
    );
}

#[test]
fn too_much_output_ends_the_run() {
    let show = show("# c\na $ cat /dev/zero | cat\na $ ls\n", false);
    let mut octets = 0;
    while let Ok(event) = show.events.recv_timeout(DEADLINE) {
        if let Event::Output { octets: more, .. } = event {
            octets += more.len();
        }
    }
    assert!(octets <= live::MOST_OUTPUT, "{octets}");
    let End::Failed(sentence) = show.end() else {
        unreachable!("the run was not ended");
    };
    assert!(sentence.contains("more than 8 MiB"), "{sentence}");
}

#[test]
fn another_value_starts_the_commands_alone_and_reaches_no_shell() {
    let text = "# c\nslot x one\na $ printf '%s|' {x} end\na ? one\na = 0\na $ printf '%s' last\n";
    let scene = Scene::parse("test/live", Path::new("live.scene"), text).unwrap();
    let values = [("x".to_owned(), "a b; $(ls) 'q' {dir}".to_owned())].into();
    let (scene, own) = scene.with_values(&values).unwrap();
    let show = play(scene, own, false);
    show.shows(0, "a b; $(ls) 'q' {dir}|end|");
    show.wait_for(&Event::Step(3));
    show.shows(0, "last");
    assert_eq!(show.end(), End::Played);
}
