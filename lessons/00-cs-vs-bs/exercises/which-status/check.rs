//! Checks of "Which status?".

mod exercise;

use exercise::{Answer, Place};
use kit::{Check, Failure, Outcome};

/// The methods that make sense at the page, in the order of the alphabet.
const ON_PAGE: &str = "GET, HEAD";
/// Those that make sense at the address of a file.
const ON_FILE: &str = "DELETE, GET, HEAD, PUT";

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("reading", reading),
        ("storing under a free name", storing),
        ("storing over a file", replacing),
        ("deleting", deleting),
        ("a method that makes no sense there is 405", not_allowed),
        ("405 names the methods that make sense there", allow),
        ("a method that nobody knows is 501", unknown),
    ])
}

fn ask(check: &Check, method: &'static str, place: Place) -> Outcome<Answer> {
    let call = format!("answer({method:?}, {place:?})");
    Ok(check
        .call(call, move || exercise::answer(method, place))?
        .value)
}

/// The answer must have this status.
fn status(check: &Check, method: &'static str, place: Place, expected: u16) -> Outcome {
    let got = ask(check, method, place)?;
    let call = format!("answer({method:?}, {place:?})");
    check.tell(&format!(
        "called `{call}`: {}, allow {:?}",
        got.status, got.allow
    ));
    if got.status == expected {
        return Ok(());
    }
    let unmet = format!("the status of `{call}` is {expected}");
    Err(Failure::values(unmet, &expected, &got.status))
}

/// `Allow` must name these methods, in any order.
fn names(check: &Check, method: &'static str, place: Place, expected: &str) -> Outcome {
    let got = ask(check, method, place)?;
    let call = format!("answer({method:?}, {place:?})");
    check.tell(&format!(
        "called `{call}`: {}, allow {:?}",
        got.status, got.allow
    ));
    let mut methods: Vec<&str> = got.allow.split(", ").collect();
    methods.sort_unstable();
    if methods.join(", ") == expected {
        return Ok(());
    }
    let unmet = match expected {
        "" => format!("`allow` of `{call}` is empty"),
        _ => format!("`allow` of `{call}` names {expected}, in any order"),
    };
    Err(Failure::values(unmet, &expected, &got.allow))
}

fn reading(check: &Check) -> Outcome {
    status(check, "GET", Place::File, 200)?;
    status(check, "HEAD", Place::File, 200)?;
    status(check, "GET", Place::Page, 200)?;
    status(check, "HEAD", Place::Page, 200)?;
    status(check, "GET", Place::NoFile, 404)?;
    status(check, "HEAD", Place::NoFile, 404)
}

fn storing(check: &Check) -> Outcome {
    status(check, "PUT", Place::NoFile, 201)
}

fn replacing(check: &Check) -> Outcome {
    status(check, "PUT", Place::File, 204)
}

fn deleting(check: &Check) -> Outcome {
    status(check, "DELETE", Place::File, 204)?;
    status(check, "DELETE", Place::NoFile, 404)
}

fn not_allowed(check: &Check) -> Outcome {
    status(check, "PUT", Place::Page, 405)?;
    status(check, "DELETE", Place::Page, 405)?;
    status(check, "POST", Place::Page, 405)?;
    status(check, "POST", Place::File, 405)?;
    status(check, "POST", Place::NoFile, 405)
}

fn allow(check: &Check) -> Outcome {
    for method in ["PUT", "DELETE", "POST"] {
        names(check, method, Place::Page, ON_PAGE)?;
    }
    names(check, "POST", Place::File, ON_FILE)?;
    names(check, "POST", Place::NoFile, ON_FILE)?;
    names(check, "GET", Place::File, "")?;
    names(check, "GET", Place::NoFile, "")?;
    names(check, "PUT", Place::NoFile, "")
}

fn unknown(check: &Check) -> Outcome {
    for method in ["BREW", "get", "MKCOL", ""] {
        for place in [Place::Page, Place::File, Place::NoFile] {
            status(check, method, place, 501)?;
        }
    }
    Ok(())
}
