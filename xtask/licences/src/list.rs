//! The list of the libraries, in Markdown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::metadata::Library;

/// JavaScript that stands in the tree as its makers have published it on npm.
const KEPT: &str = "\n## Kept in the tree\n\n\
    | library | version | licence | where | what for |\n|---|---|---|---|---|\n\
    | [xterm.js](https://xtermjs.org) | 6.0.0 | MIT | `book/src/live` | terminals in the page |\n\
    | [axe-core](https://github.com/dequelabs/axe-core) | 4.14.1 | MPL-2.0 | `book/builder/tests/browser` | \
    a test looks for what keeps people from reading a page |\n";

/// The text of `DEPENDENCIES.md`.
pub fn text(libraries: &[Library]) -> String {
    let (lessons, tools): (Vec<&Library>, Vec<&Library>) =
        libraries.iter().partition(|library| library.in_lessons);
    let mut text = format!(
        "# What the course is built with\n\n\
         `cargo xtask licences --write` writes this file, and `cargo xtask ci` checks it against \
         `Cargo.lock` and against the licences that are allowed (`xtask/licences/src/check.rs`). All of \
         it is for all systems together: yours needs less.\n\n\
         ## The lessons: {} libraries\n\n{}\n\
         ## Only tests, book and chores: {} libraries\n\n{}",
        lessons.len(),
        table(&lessons),
        tools.len(),
        table(&tools)
    );
    text.push_str(KEPT);
    let twice = twice(libraries);
    if !twice.is_empty() {
        let _ = write!(
            text,
            "\n## In more than one version\n\n\
             Their users have not agreed on one yet. Each costs build time, and nothing else.\n\n{twice}"
        );
    }
    text
}

fn table(libraries: &[&Library]) -> String {
    let mut table = "| library | version | licence |\n|---|---|---|\n".to_owned();
    for library in libraries {
        let licence = library.licence.as_deref().unwrap_or("not said");
        let Library { name, version, .. } = library;
        // Writing to a String cannot fail.
        let _ = writeln!(
            table,
            "| [{name}](https://docs.rs/crate/{name}/{version}) | {version} | {licence} |"
        );
    }
    table
}

fn twice(libraries: &[Library]) -> String {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for library in libraries {
        versions
            .entry(&library.name)
            .or_default()
            .push(&library.version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    let lines = versions
        .iter()
        .map(|(name, versions)| format!("- {name}: {}\n", versions.join(", ")));
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::metadata::Library;

    #[test]
    fn each_library_stands_in_its_table_and_two_versions_are_named() {
        let library = |name: &str, version: &str, in_lessons| Library {
            name: name.into(),
            version: version.into(),
            licence: Some("MIT".into()),
            source: String::new(),
            in_lessons,
        };
        let text = text(&[
            library("a", "1.0.0", true),
            library("b", "1.0.0", false),
            library("b", "2.0.0", false),
        ]);
        let (lessons, rest) = text.split_once("## Only").unwrap();
        assert!(lessons.contains("| [a](https://docs.rs/crate/a/1.0.0) | 1.0.0 | MIT |"));
        assert!(rest.contains("| 2.0.0 | MIT |") && !rest.contains("[a]"));
        assert!(text.ends_with("\n- b: 1.0.0, 2.0.0\n"), "{text}");
    }
}
