//! What `cargo metadata` says of the libraries.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// A library that some part of the course is built with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Library {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What its manifest says of its licence: an SPDX expression.
    pub licence: Option<String>,
    /// Where it comes from, as `Cargo.lock` writes it.
    pub source: String,
    /// A lesson's program is built with it. Others are for the tests, the book and the chores.
    pub in_lessons: bool,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Needed>,
}

#[derive(Deserialize)]
struct Needed {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    /// `dev`, `build`, or nothing.
    kind: Option<String>,
}

/// All libraries of the workspace at `root`, for all systems, by name and version.
///
/// # Errors
/// When cargo does not answer, or `Cargo.lock` does not fit.
pub fn libraries(root: &Path) -> Result<Vec<Library>> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--quiet", "--locked", "--format-version", "1"])
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    if !output.status.success() {
        bail!(
            "cargo cannot tell the libraries. The first time it needs those of all systems: \
             `cargo fetch --locked`, with the internet"
        );
    }
    read(&output.stdout)
}

fn read(metadata: &[u8]) -> Result<Vec<Library>> {
    let metadata: Metadata =
        serde_json::from_slice(metadata).context("cargo metadata has another form")?;
    let in_lessons = needed_by_lessons(&metadata);
    let mut libraries: Vec<Library> = metadata
        .packages
        .into_iter()
        .filter_map(|package| {
            Some(Library {
                in_lessons: in_lessons.contains(&package.id),
                name: package.name,
                version: package.version,
                licence: package.license,
                source: package.source?,
            })
        })
        .collect();
    libraries.sort();
    if libraries.is_empty() {
        bail!("cargo metadata names no library");
    }
    Ok(libraries)
}

/// The ids of what the lessons' programs need, without what only their tests need.
fn needed_by_lessons(metadata: &Metadata) -> BTreeSet<String> {
    let nodes: BTreeMap<&str, &Node> = metadata
        .resolve
        .nodes
        .iter()
        .map(|node| (node.id.as_str(), node))
        .collect();
    let lessons = metadata
        .packages
        .iter()
        .filter(|package| package.source.is_none() && package.name.starts_with("lesson-"));
    let mut open: Vec<&str> = lessons.map(|package| package.id.as_str()).collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id.to_owned()) {
            continue;
        }
        let needed = nodes.get(id).into_iter().flat_map(|node| &node.deps);
        open.extend(
            needed
                .filter(|needed| {
                    let mut kinds = needed.dep_kinds.iter();
                    kinds.any(|kind| kind.kind.as_deref() != Some("dev"))
                })
                .map(|needed| needed.pkg.as_str()),
        );
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn what_only_tests_need_is_not_in_the_lessons() {
        let package = |id: &str, source: &str| {
            format!(
                "{{\"id\":\"{id}\",\"name\":\"{id}\",\"version\":\"1.0.0\",\"license\":\"MIT\",\
                 \"source\":{source}}}"
            )
        };
        let node = |id: &str, needed: &str, kind: &str| {
            format!(
                "{{\"id\":\"{id}\",\"deps\":[{{\"pkg\":\"{needed}\",\"dep_kinds\":[{{\"kind\":{kind}}}]}}]}}"
            )
        };
        let packages = [
            package("lesson-00-x", "null"),
            package("direct", "\"registry\""),
            package("below", "\"registry\""),
            package("tests", "\"registry\""),
        ];
        let nodes = [
            node("lesson-00-x", "direct", "null"),
            node("direct", "below", "\"build\""),
            node("below", "tests", "\"dev\""),
        ];
        let metadata = format!(
            "{{\"packages\":[{}],\"resolve\":{{\"nodes\":[{}]}}}}",
            packages.join(","),
            nodes.join(",")
        );
        let libraries = read(metadata.as_bytes()).unwrap();
        let found: Vec<(&str, bool)> = libraries
            .iter()
            .map(|library| (library.name.as_str(), library.in_lessons))
            .collect();
        assert_eq!(found, [("below", true), ("direct", true), ("tests", false)]);
    }
}
