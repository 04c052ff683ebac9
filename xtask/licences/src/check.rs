//! Which licences are allowed, and for what.

use spdx::{Expression, LicenseReq, ParseMode};

use crate::metadata::Library;

/// Who copies a lesson's code copies its libraries with it: these ask for a notice at most.
const IN_LESSONS: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Beside them, for what only the tests, the book and the chores are built with. MPL-2.0 (mdBook, and
/// the HTML parser of the book's check) asks for the source of changed files of its own, and none is
/// changed here; CC-BY-4.0 is for icons and tables of data.
const IN_TOOLS: &[&str] = &["CC-BY-4.0", "MPL-2.0"];

/// Where every library comes from.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// What is wrong with these libraries, as sentences.
pub fn faults(libraries: &[Library]) -> Vec<String> {
    libraries.iter().filter_map(fault).collect()
}

fn fault(library: &Library) -> Option<String> {
    let Library {
        name,
        version,
        source,
        ..
    } = library;
    if source != REGISTRY {
        return Some(format!(
            "{name} {version} does not come from crates.io, but from {source}"
        ));
    }
    let Some(licence) = &library.licence else {
        return Some(format!("{name} {version} does not say its licence"));
    };
    let Some(expression) = parse(licence) else {
        return Some(format!(
            "{name} {version}: `{licence}` is no SPDX expression"
        ));
    };
    let allowed = |requirement: &LicenseReq| {
        let id = requirement.license.id().map(|id| id.name);
        id.is_some_and(|id| {
            IN_LESSONS.contains(&id) || (!library.in_lessons && IN_TOOLS.contains(&id))
        })
    };
    if expression.evaluate(allowed) {
        return None;
    }
    let place = if library.in_lessons {
        "lessons"
    } else {
        "tools"
    };
    Some(format!(
        "{name} {version}: `{licence}` is not allowed in the {place}"
    ))
}

/// Reads a licence. Old manifests write `/` for `OR`.
pub fn parse(licence: &str) -> Option<Expression> {
    Expression::parse_mode(licence, ParseMode::LAX).ok()
}

#[cfg(test)]
mod tests {
    use super::{REGISTRY, fault};
    use crate::metadata::Library;

    fn verdict(licence: Option<&str>, in_lessons: bool) -> Option<String> {
        fault(&Library {
            name: "x".into(),
            version: "1.0.0".into(),
            licence: licence.map(str::to_owned),
            source: REGISTRY.into(),
            in_lessons,
        })
    }

    #[test]
    fn one_allowed_side_of_an_or_is_enough_and_both_of_an_and_are_needed() {
        for licence in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0-only OR MIT",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert_eq!(verdict(Some(licence), true), None, "{licence}");
        }
        for licence in [
            "GPL-3.0-only",
            "MIT AND GPL-3.0-only",
            "LicenseRef-own",
            "my own",
            "",
        ] {
            assert!(verdict(Some(licence), false).is_some(), "{licence}");
        }
        assert!(verdict(None, false).is_some());
    }

    #[test]
    fn what_the_tools_may_use_the_lessons_may_not() {
        assert_eq!(verdict(Some("MPL-2.0"), false), None);
        assert!(
            verdict(Some("MPL-2.0"), true)
                .unwrap()
                .contains("in the lessons")
        );
    }

    #[test]
    fn only_one_source_counts() {
        let said = fault(&Library {
            name: "x".into(),
            version: "1.0.0".into(),
            licence: Some("MIT".into()),
            source: "git+https://example.org/x".into(),
            in_lessons: false,
        });
        assert!(said.unwrap().contains("crates.io"));
    }
}
