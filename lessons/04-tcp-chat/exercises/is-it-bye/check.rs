//! Checks of "Is it bye?".

mod exercise;

use kit::{Check, Outcome};

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("the word alone is `bye`", alone),
        ("the word with `\\n` is `bye`", with_newline),
        ("the word with `\\r\\n` is `bye`", with_both),
        ("a longer message is not", longer),
        ("a space or a second line end makes another message", spaces),
        ("`\\r` alone is no line end", return_alone),
        ("a capital letter makes another message", capitals),
        (
            "octets that are no text are not `bye`, and do no harm",
            no_text,
        ),
        ("every message of up to five octets", all_short),
    ])
}

fn message(check: &Check, message: &'static [u8], bye: bool) -> Outcome {
    let call = format!("is_bye(b\"{}\")", message.escape_ascii());
    check.call(call, move || exercise::is_bye(message))?.is(bye)
}

fn alone(check: &Check) -> Outcome {
    message(check, b"bye", true)?;
    message(check, b"hello", false)?;
    message(check, b"", false)
}

fn with_newline(check: &Check) -> Outcome {
    message(check, b"bye\n", true)
}

fn with_both(check: &Check) -> Outcome {
    message(check, b"bye\r\n", true)
}

fn longer(check: &Check) -> Outcome {
    message(check, b"goodbye", false)?;
    message(check, b"bye bye", false)?;
    message(check, b"see you\nbye\n", false)
}

fn spaces(check: &Check) -> Outcome {
    message(check, b"bye ", false)?;
    message(check, b" bye", false)?;
    message(check, b"bye\n\n", false)
}

fn return_alone(check: &Check) -> Outcome {
    message(check, b"bye\r", false)?;
    message(check, b"bye\n\r", false)
}

fn capitals(check: &Check) -> Outcome {
    message(check, b"Bye", false)?;
    message(check, b"BYE\n", false)
}

fn no_text(check: &Check) -> Outcome {
    // An `é` as Latin-1 writes it, and the first octet of one that a read has cut.
    message(check, b"caf\xe9", false)?;
    message(check, b"bye\xc3", false)
}

/// All messages of up to five octets, out of eight that could be mistaken for each other.
fn all_short(check: &Check) -> Outcome {
    let call = "is_bye(…) for each of 37,449 messages";
    let wrong = check.call(call, first_wrong)?.value;
    match wrong {
        None => Ok(()),
        Some((message, got)) => {
            let call = format!("is_bye(b\"{}\")", message.escape_ascii());
            let unmet = format!("`{call}` returns {}; it returned {got}", !got);
            check.fail(unmet.clone(), unmet)
        }
    }
}

fn first_wrong() -> Option<(Vec<u8>, bool)> {
    const OCTETS: &[u8; 8] = b"bye\r\n B\xff";
    let mut messages = vec![Vec::new()];
    for _ in 0..=5 {
        for message in &messages {
            let expected = [b"bye".as_slice(), b"bye\n", b"bye\r\n"].contains(&message.as_slice());
            let got = exercise::is_bye(message);
            if got != expected {
                return Some((message.clone(), got));
            }
        }
        messages = (messages.iter())
            .flat_map(|begin| OCTETS.map(|octet| [begin.as_slice(), &[octet]].concat()))
            .collect();
    }
    None
}
