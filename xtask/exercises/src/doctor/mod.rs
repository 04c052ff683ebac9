//! `cargo xtask doctor`: can the course be done on this machine?
//!
//! Every line comes from having tried it: a socket that was opened, a file whose event came. What is
//! missing is named with one sentence on what to do.

use std::path::Path;
use std::process::ExitCode;

use crate::put;

mod network;
mod place;
mod screen;
mod tools;

/// What was found out about one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Finding {
    /// The thing: `IPv6`.
    thing: &'static str,
    /// What was seen: `a connection to [::1]`.
    seen: String,
    /// If something is missing: what to do, and whether the course needs it.
    missing: Option<Missing>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Missing {
    mend: String,
    needed: bool,
}

impl Finding {
    fn ok(thing: &'static str, seen: impl Into<String>) -> Self {
        Self {
            thing,
            seen: seen.into(),
            missing: None,
        }
    }

    /// The course cannot be done without it.
    fn needed(thing: &'static str, seen: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::missing(thing, seen, mend, true)
    }

    /// A part of the course needs it, or there is another way.
    fn wanted(thing: &'static str, seen: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::missing(thing, seen, mend, false)
    }

    fn missing(
        thing: &'static str,
        seen: impl Into<String>,
        mend: impl Into<String>,
        needed: bool,
    ) -> Self {
        let (seen, mend) = (seen.into(), mend.into());
        // The system's words say it; its number says nothing to who reads this.
        let seen = match (seen.find(" (os error "), seen.rfind(')')) {
            (Some(from), Some(to)) if from < to => seen[..from].to_owned() + &seen[to + 1..],
            _ => seen,
        };
        Self {
            missing: Some(Missing { mend, needed }),
            ..Self::ok(thing, seen)
        }
    }

    /// The lines that say it.
    fn lines(&self) -> String {
        let (thing, seen) = (self.thing, &self.seen);
        match &self.missing {
            None => format!("ok        {thing:17} {seen}\n"),
            Some(missing) => {
                let word = if missing.needed { "MISSING" } else { "missing" };
                let mend = &missing.mend;
                format!("{word:9} {thing:17} {seen}\n{:28}-> {mend}\n", "")
            }
        }
    }
}

/// Looks at everything and says what was found. Exit code 0 when nothing is missing that the course
/// needs.
pub fn run(root: &Path) -> ExitCode {
    let mut missing = Vec::new();
    let mut say = |finding: Finding| {
        put(&finding.lines());
        missing.extend(finding.missing);
    };
    say(place::temporary());
    tools::examine(root).into_iter().for_each(&mut say);
    network::examine().into_iter().for_each(&mut say);
    place::examine(root).into_iter().for_each(&mut say);
    screen::examine().into_iter().for_each(&mut say);
    let needed = missing.iter().filter(|missing| missing.needed).count();
    let others = missing.len() - needed;
    if others > 0 {
        let things = if others == 1 {
            "thing is"
        } else {
            "things are"
        };
        put(&format!(
            "\n{others} {things} missing (in small letters) that only some parts need.\n"
        ));
    }
    if needed == 0 {
        put("\nThe course can be done on this machine.\n");
        return ExitCode::SUCCESS;
    }
    let things = if needed == 1 {
        "thing is"
    } else {
        "things are"
    };
    put(&format!(
        "\n{needed} {things} MISSING that the course needs: do what stands after the arrow.\n"
    ));
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_comes_with_what_to_do() {
        assert_eq!(
            Finding::ok("IPv6", "works").lines(),
            "ok        IPv6              works\n"
        );
        let needed = Finding::needed("TCP", "refused (os error 111)", "Do this.").lines();
        assert_eq!(
            needed,
            "MISSING   TCP               refused\n                            -> Do this.\n"
        );
    }
}
