//! An answer that does not compile: rustc's own words.

use anstream::adapter::strip_str;
use std::fmt::Write as _;

use crate::catalog::Exercise;
use crate::compile::Refused;
use crate::text::{BAD, HEAD, HELP, count, harmless, paint, wrap};

/// rustc's errors about the student's file. If there are none, the check does not find there what it
/// calls: then its signature.
pub fn tell(exercise: &Exercise, answer: Option<&str>, why: &Refused, width: usize) -> String {
    if !why.errors.is_empty() {
        let number = count(why.count as u64, "error");
        let first = if why.count > 1 {
            " Begin with the first one: it may be the cause of others."
        } else {
            ""
        };
        let line = format!("It does not compile: {number}.{first}");
        return format!(
            "{}{}\n",
            why.errors,
            paint(BAD, &wrap(&line, width, "", ""))
        );
    }
    let missing = missing(&exercise.known.starter, answer.unwrap_or_default());
    if missing.is_empty() {
        let mut line = "Your file and the check do not fit together.".to_owned();
        let lost = lost(&exercise.known.starter, answer.unwrap_or_default());
        for kept in &lost {
            let _ = write!(
                line,
                " Keep this line of the file as it was handed out: `{kept}`."
            );
        }
        line += " rustc says:";
        return format!(
            "{}\n{}",
            paint(BAD, &wrap(&harmless(&line), width, "", "")),
            why.elsewhere
        );
    }
    let line = "Your file compiles, but the check does not find in it what it needs. It needs:";
    let mut told = paint(BAD, &wrap(line, width, "", "")) + "\n\n";
    for item in &missing {
        let _ = writeln!(told, "    {}", paint(HEAD, &harmless(item)));
    }
    let rest = format!(
        "Names and types must be these; what stands between the braces is yours. `cargo xtask exercise reset {}` writes the file as it was handed out, and keeps yours.",
        exercise.name
    );
    told + "\n" + &wrap(&rest, width, "", "") + "\n"
}

/// What the starter offers to the check and the answer does not, as it is declared.
fn missing(starter: &str, answer: &str) -> Vec<String> {
    let there = offered(answer);
    let mut missing = offered(starter);
    missing.retain(|item| !there.contains(item));
    missing
}

/// The starter's lines that bring in the sockets with a logbook, and that the answer has no more.
fn lost<'a>(starter: &'a str, answer: &str) -> Vec<&'a str> {
    let mut lost: Vec<&str> = starter
        .lines()
        .filter(|line| line.starts_with("use kit::"))
        .collect();
    lost.retain(|line| !answer.lines().any(|own| own.trim() == *line));
    lost
}

/// The public items of a file: what stands from `pub` to the brace or semicolon, with single spaces.
fn offered(code: &str) -> Vec<String> {
    let mut items = Vec::new();
    for (at, _) in code.match_indices("pub ") {
        let before = code[..at].rsplit('\n').next().unwrap_or_default();
        if !before.trim().is_empty() {
            // A part of a word, of a comment, of a text.
            continue;
        }
        let end = code[at..].find(['{', ';']).unwrap_or(code.len() - at);
        let words: Vec<&str> = code[at..at + end].split_whitespace().collect();
        // rustfmt breaks a long list of parameters into lines, with a comma behind the last.
        let item = words.join(" ").replace("( ", "(");
        items.push(item.replace(", )", ")").replace(" )", ")"));
    }
    items
}

/// rustc's warnings about the student's file, one line each.
pub fn warnings(rendered: &str, width: usize) -> String {
    let plain = strip_str(rendered).to_string();
    let mut lines = Vec::new();
    let mut said = None;
    for line in plain.lines() {
        if line.starts_with("warning: ") {
            said = Some(line);
        } else if let (Some(place), Some(warning)) =
            (line.trim_start().strip_prefix("--> "), said.take())
        {
            // `lessons/…/exercise.rs:5:9`
            let mut numbers = place.rsplit(':').skip(1);
            let number = numbers.next().unwrap_or_default();
            let text = format!("line {number}: {}", harmless(&warning["warning: ".len()..]));
            lines.push(wrap(&text, width, "  ", "    "));
        }
    }
    if lines.is_empty() {
        return String::new();
    }
    let head = format!("rustc warns ({})", count(lines.len() as u64, "warning"));
    format!("\n{}\n{}\n", paint(HELP, &head), lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STARTER: &str = "/// A pub thing.\n/// More.\npub fn serve(listener: &TcpListener) -> io::Result<()> {\n    todo!()\n}\n\npub struct Frame {\n    pub length: u16,\n}\n";

    #[test]
    fn what_the_check_needs_is_named() {
        let renamed = STARTER.replace("serve", "server");
        assert_eq!(
            missing(STARTER, &renamed),
            ["pub fn serve(listener: &TcpListener) -> io::Result<()>"]
        );
        let broken = STARTER.replace(
            "(listener: &TcpListener)",
            "(\n    listener: &TcpListener,\n)",
        );
        assert!(missing(STARTER, &broken).is_empty());
        let private = STARTER.replace("pub fn", "fn");
        assert_eq!(missing(STARTER, &private).len(), 1);
        assert_eq!(missing(STARTER, "").len(), 3);
    }

    #[test]
    fn a_warning_is_one_line() {
        let rendered = "\u{1b}[33mwarning\u{1b}[0m: unused variable: `x`\n  \u{1b}[34m--> \u{1b}[0mlessons/a/exercise.rs:5:9\n   |\n5 |  let x = 1;\n\n";
        let told = strip_str(&warnings(rendered, 80)).to_string();
        assert_eq!(
            told,
            "\nrustc warns (1 warning)\n  line 5: unused variable: `x`\n"
        );
        assert_eq!(warnings("", 80), "");
    }
}
