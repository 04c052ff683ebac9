//! Checks of "The name as the kernel gets it".

mod exercise;

use std::fmt;

use exercise::Refused;
use kit::{Check, Got, Outcome};

const LINUX: usize = 108;
const MACOS: usize = 104;

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("a path, and the NUL octet behind it", paths),
        ("an abstract name, and the NUL octet before it", abstracts),
        (
            "a path may have one octet less than the field",
            longest_path,
        ),
        ("octets count, and not characters", characters),
        ("an abstract name may fill the field", longest_abstract),
        ("what cannot be a path", refused),
    ])
}

type Answer = Result<Field, Refused>;

/// What stands in the field, in the story as text.
#[derive(PartialEq)]
struct Field(Vec<u8>);

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

impl AsRef<[u8]> for Field {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

fn sun_path(check: &Check, text: &str, size: usize) -> Outcome<Got<Answer>> {
    // A long text is shown as what it is made of: "x" 107 times.
    let first = text.chars().next().unwrap_or(' ');
    let count = text.chars().count();
    let shown = if count > 20 && text.chars().all(|c| c == first) {
        format!("\"{first}\".repeat({count})")
    } else if count > 20 {
        format!("\"@\" and {} times \"x\"", count - 1)
    } else {
        format!("{text:?}")
    };
    let text = text.to_owned();
    check.call(format!("sun_path({shown}, {size})"), move || {
        exercise::sun_path(&text, size).map(Field)
    })
}

fn makes(check: &Check, text: &str, size: usize, octets: &[u8]) -> Outcome {
    sun_path(check, text, size)?.ok()?.octets(octets)
}

fn too_long(check: &Check, text: &str, size: usize, octets: usize) -> Outcome {
    let most = size - 1;
    sun_path(check, text, size)?.is(Err(Refused::TooLong { octets, most }))
}

fn paths(check: &Check) -> Outcome {
    makes(check, "s.sock", LINUX, b"s.sock\0")?;
    makes(check, "/tmp/chat", MACOS, b"/tmp/chat\0")?;
    makes(check, "me@home", LINUX, b"me@home\0")?;
    makes(check, "./@chat", LINUX, b"./@chat\0")
}

fn abstracts(check: &Check) -> Outcome {
    makes(check, "@chat", LINUX, b"\0chat")?;
    makes(check, "@s.sock", LINUX, b"\0s.sock")?;
    makes(check, "@@", LINUX, b"\0@")?;
    // No octet ends an abstract name: not even a NUL.
    makes(check, "@a\0b", LINUX, b"\0a\0b")
}

fn longest_path(check: &Check) -> Outcome {
    for size in [LINUX, MACOS] {
        let mut text = "x".repeat(size - 1);
        let mut octets = text.clone().into_bytes();
        octets.push(0);
        makes(check, &text, size, &octets)?;
        text.push('x');
        too_long(check, &text, size, size)?;
        text.push('x');
        too_long(check, &text, size, size + 1)?;
    }
    Ok(())
}

/// A small field shows the same as a large one, and can be read in the story.
fn characters(check: &Check) -> Outcome {
    makes(check, "插座", 7, "插座\0".as_bytes())?;
    too_long(check, "插座", 6, 6)?;
    too_long(check, "@插座", 6, 6)?;
    too_long(check, &"你".repeat(36), LINUX, 108)
}

fn longest_abstract(check: &Check) -> Outcome {
    let name = "x".repeat(LINUX - 1);
    let octets = [b"\0", name.as_bytes()].concat();
    makes(check, &format!("@{name}"), LINUX, &octets)?;
    too_long(check, &format!("@{name}x"), LINUX, LINUX)
}

fn refused(check: &Check) -> Outcome {
    sun_path(check, "", LINUX)?.is(Err(Refused::Empty))?;
    sun_path(check, "a\0b", LINUX)?.is(Err(Refused::Nul))
}
