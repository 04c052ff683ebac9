//! What a check of Unix sockets says on a system that has none.

use crate::check::{Check, Checks};
use crate::failure::Outcome;

/// The checks of an exercise that needs Unix sockets, on any other system: one, which says so.
pub const NEEDS_UNIX: Checks<'static> = &[("this system has Unix sockets for Rust", says_so)];

fn says_so(check: &Check) -> Outcome {
    let unmet = "this exercise runs on a Unix system: Rust's standard library has no Unix sockets here, \
                 so do it under WSL (the Windows Subsystem for Linux), or go on with the next exercise";
    check.fail(unmet, "not Unix")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    #[test]
    fn it_says_what_to_do_instead() {
        let check = Check {
            folder: std::env::temp_dir(),
        };
        let [(_, says_so)] = NEEDS_UNIX else {
            panic!("one check");
        };
        let failure = says_so(&check).unwrap_err();
        assert_eq!(failure.kind, Kind::Value);
        assert!(failure.unmet.contains("WSL"), "{}", failure.unmet);
    }
}
