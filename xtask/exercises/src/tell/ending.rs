//! How a failure came about: who waits for whom, panics, endless loops, programs that ended.

use std::fmt::Write as _;
use std::process::ExitStatus;

use kit::{Failure, Kind, Panic};

use crate::play::Run;
use crate::text::{ASIDE, HEAD, harmless, paint, wrap};

/// How far the sentences stand in.
const INDENT: &str = "  ";

/// A part of the verdict: a heading and sentences.
fn part(heading: &str, sentences: &[String], width: usize) -> String {
    let mut lines = vec![paint(HEAD, heading)];
    for sentence in sentences {
        lines.push(wrap(&harmless(sentence), width, INDENT, INDENT));
    }
    lines.join("\n")
}

/// Who waits for whom, or what goes round for ever, when a deadline ended the check.
pub fn waiting(failure: &Failure, width: usize) -> Option<String> {
    if failure.waiting.is_empty() {
        return None;
    }
    let mut states: Vec<&(String, String)> = failure.waiting.iter().collect();
    // The student's code first: that is where something can be done.
    states.sort_by_key(|(who, _)| !(who.starts_with("your") || who == "and"));
    let mut sentences: Vec<String> = states
        .iter()
        .map(|(who, state)| match who.as_str() {
            "and" => capital(&format!("{state}.")),
            who => capital(&format!("{who} {state}.")),
        })
        .collect();
    let endless = failure.kind == Kind::Spin
        || states.iter().any(|(_, state)| {
            state.contains("goes round in a loop") || state.contains("again and again")
        });
    let calls = states
        .iter()
        .filter(|(_, state)| state.contains("is still in"))
        .count();
    let ended = states.iter().any(|(_, state)| state == "has ended");
    if endless {
        let what = "It has not come to its end within the time of the checks: it never does, or only \
                    after very many rounds. Leave the loop when there is nothing more to do.";
        sentences.push(what.into());
        return Some(part("An endless loop", &sentences, width));
    }
    if ended {
        sentences.push("So what is waited for will not happen.".into());
    } else if states
        .iter()
        .any(|(_, state)| state.ends_with("time limit"))
    {
        let what = "The time for all checks together is over. Look at how long your code waits, and \
                    how often.";
        sentences.push(what.into());
    } else if calls + 1 == states.len() && failure.kind == Kind::Deadline {
        sentences.push("Each waits for the other: nothing will happen any more.".into());
    }
    Some(part("Who waits for whom", &sentences, width))
}

/// A panic, with its place, the line of the answer, and what the message means.
pub fn panic(panic: &Panic, answer: &str, width: usize) -> String {
    let message: String = panic.message.chars().take(400).collect();
    let mut sentences = vec![capital(&format!(
        "{} panicked at {}: {message}",
        panic.who, panic.place
    ))];
    let number = panic
        .place
        .rsplit_once("exercise.rs:")
        .and_then(|(_, number)| number.parse::<usize>().ok());
    let line =
        number.and_then(|number| Some((number, answer.lines().nth(number.checked_sub(1)?)?)));
    if let Some(meaning) = meaning(&panic.message) {
        sentences.push(meaning.into());
    }
    let mut told = part("A panic", &sentences, width);
    if let Some((number, line)) = line {
        let source = format!("{INDENT}{number:4} | {}", harmless(line.trim()));
        let cut: String = source.chars().take(width).collect();
        let _ = write!(told, "\n{}", paint(ASIDE, &cut));
    }
    told
}

/// What the messages of the standard library mean.
fn meaning(message: &str) -> Option<&'static str> {
    const MEANINGS: [(&str, &str); 12] = [
        (
            "not yet implemented",
            "This part is still to be written: `todo!()` stands there.",
        ),
        ("not implemented", "This part is still to be written."),
        (
            "index out of bounds",
            "There are fewer elements than the code takes for granted. Look at the length before the index.",
        ),
        (
            "out of range for slice",
            "There are fewer octets than the code takes for granted. Look at the length before the range.",
        ),
        ("slice index starts at", "The range begins behind its end."),
        (
            "not a char boundary",
            "The text is cut in the middle of a character: a character may be several octets.",
        ),
        (
            "on a `None` value",
            "There was no value. Handle `None` with `match`, `if let` or `let … else`.",
        ),
        (
            "on an `Err` value",
            "There was an error. Handle it with `match`, or hand it on: with `?` in a function that returns a `Result`, with `.ok()?` in one that returns an `Option`.",
        ),
        (
            "attempt to subtract with overflow",
            "The result would be less than 0, and this type has no such numbers. Compare the two before you subtract.",
        ),
        (
            "attempt to divide by zero",
            "Look at the divisor before you divide.",
        ),
        (
            "with overflow",
            "The result does not fit into the type. `checked_…` tells you so; a larger type may hold it.",
        ),
        (
            "explicit panic",
            "The code itself gives up there: `panic!()`.",
        ),
    ];
    MEANINGS
        .iter()
        .find(|(part, _)| message.contains(part))
        .map(|(_, meaning)| *meaning)
}

/// How the program ended, when it did so before its time.
pub fn ended(run: &Run, width: usize) -> String {
    let sentences = match run.status {
        None => [
            format!(
                "Your code did not come to an end, and did not let the check end. It was stopped after {:.0} s.",
                run.took.as_secs_f64()
            ),
            "Look for a loop without an end, or for a program that your code starts and does not wait for.".into(),
        ],
        Some(_) if run.output.contains("has overflowed its stack") => [
            "The stack has overflowed, and the system ended the program.".into(),
            "A function calls itself again and again, or a local variable is very large.".into(),
        ],
        Some(_) if run.output.contains("memory allocation of") => [
            "The memory did not suffice, and the program was aborted.".into(),
            "Is a length believed that somebody else has sent, or does a collection grow without end?".into(),
        ],
        Some(status) => match (signal(status), status.code()) {
            (Some(6), _) => [
                "The program was aborted (signal 6, SIGABRT).".into(),
                "It called `std::process::abort`, or panicked a second time while it cleaned up after a panic.".into(),
            ],
            (Some(9), _) => [
                "The system killed the program (signal 9, SIGKILL).".into(),
                "It may have used too much memory: does a collection grow without end?".into(),
            ],
            (Some(number), _) => [
                format!("A signal ended the program (signal {number})."),
                "Run it again; if it ends so again, look at what the last step of the story led to.".into(),
            ],
            (None, code) => [
                format!(
                    "Your code ended the whole program, with exit code {}, and the check with it.",
                    code.unwrap_or_default()
                ),
                "Return from your function where it calls `std::process::exit`.".into(),
            ],
        },
    };
    part(
        "The program ended before the check was over",
        &sentences,
        width,
    )
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_status: ExitStatus) -> Option<i32> {
    None
}

/// With a capital letter at the beginning, if it does not begin with code.
fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_messages_of_std_have_a_meaning() {
        let caught = |code: fn()| {
            let payload = std::thread::spawn(code).join().unwrap_err();
            (payload.downcast_ref::<&str>().map(ToString::to_string))
                .or_else(|| payload.downcast_ref::<String>().cloned())
                .unwrap()
        };
        // Not known to the compiler, so that it does not refuse the code.
        let panics: [fn(); 7] = [
            || todo!(),
            || assert_eq!([0_u8; 2][std::env::args_os().count() + 7], 0),
            || drop(vec![0_u8; 2][..std::env::args_os().count() + 7].to_vec()),
            || drop("é"[std::env::args_os().count().min(1)..].to_owned()),
            || panic!("the peer sent {}", 3),
            || drop(std::env::var_os("NO SUCH VARIABLE").unwrap()),
            || drop(std::env::var("NO SUCH VARIABLE").unwrap()),
        ];
        let known: Vec<bool> = panics
            .into_iter()
            .map(|code| meaning(&caught(code)).is_some())
            .collect();
        // A message of the student's own speaks for itself.
        assert_eq!(known, [true, true, true, true, false, true, true]);
    }
}
