//! Checks of the finished pages: every link leads somewhere, nothing comes from another host.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context, Result, anyhow};
use regex::Regex;

use super::page::{Page, Reference, read};
use super::url::{decode, external, resolve, scheme};
use crate::chapter::Chapter;
use crate::fault::Fault;

/// The print page holds every chapter once more, and the first page of the book the first one.
const COPIES: [&str; 2] = ["index.html", "print.html"];

/// Follows every link and resource of the pages in `folder`; returns how many there were.
pub(super) fn check(folder: &Path, chapters: &[Chapter], faults: &mut Vec<Fault>) -> Result<usize> {
    let mut files = Vec::new();
    walk(folder, &mut files)?;
    let mut pages = BTreeMap::new();
    for file in files.iter().filter(|file| has_ending(file, "html")) {
        let text =
            fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let name = relative(folder, file);
        pages.insert(name, read(&text)?);
    }
    let checker = Checker {
        folder,
        chapters,
        pages: &pages,
    };
    let mut links = 0;
    let (copies, originals): (Vec<_>, Vec<_>) = pages
        .iter()
        .partition(|(name, _)| COPIES.contains(&name.as_str()));
    for (name, page) in originals {
        links += page.references.len();
        checker.page(name, page, faults);
    }
    for (name, page) in copies {
        // What is wrong in a chapter is said once, not for its copies too.
        let mut found = Vec::new();
        checker.page(name, page, &mut found);
        if faults.is_empty() {
            faults.append(&mut found);
        }
    }
    for file in files.iter().filter(|file| has_ending(file, "css")) {
        links += checker.style(file, faults)?;
    }
    Ok(links)
}

struct Checker<'a> {
    folder: &'a Path,
    chapters: &'a [Chapter],
    pages: &'a BTreeMap<String, Page>,
}

impl Checker<'_> {
    fn page(&self, name: &str, page: &Page, faults: &mut Vec<Fault>) {
        for reference in &page.references {
            if let Err((what, mend)) = self.follow(name, reference) {
                faults.push(self.fault(name, &reference.url, what, mend));
            }
        }
        if page.playgrounds > 0 {
            faults.push(self.fault(
                name,
                "```rust",
                "a listing has a run button, which asks play.rust-lang.org".to_owned(),
                "keep `runnable = false` in book/book.toml".to_owned(),
            ));
        }
        for id in &page.twice {
            faults.push(self.fault(
                name,
                &format!("id=\"{id}\""),
                format!("the anchor `{id}` stands twice on the page"),
                "give one of the two another id".to_owned(),
            ));
        }
        for image in &page.images_without_text {
            faults.push(self.fault(
                name,
                image,
                format!("the image `{image}` has no text for those who cannot see it"),
                "write it between the brackets: `![what it shows](…)`".to_owned(),
            ));
        }
    }

    fn follow(&self, page: &str, reference: &Reference) -> Result<(), (String, String)> {
        let url = reference.url.as_str();
        if url.starts_with("data:") && reference.loaded {
            return Ok(());
        }
        if let Some(scheme) = scheme(url) {
            if reference.loaded || reference.sends {
                return Err((
                    format!("the page loads `{url}`"),
                    "put the file into book/src/ or book/theme/: no page asks another host"
                        .to_owned(),
                ));
            }
            return external(url, scheme);
        }
        let (path, anchor) = url.split_once('#').unwrap_or((url, ""));
        let path = path.split('?').next().unwrap_or_default();
        let target = if path.is_empty() {
            page.to_owned()
        } else if path.starts_with('/') {
            return Err((
                format!("the link `{url}` begins with `/`"),
                "write it from the chapter's own folder: a book may be served below the root"
                    .to_owned(),
            ));
        } else {
            resolve(page, &decode(path)).ok_or_else(|| {
                (
                    format!("the link `{url}` leaves the book"),
                    "link to a chapter, or to a public page by https".to_owned(),
                )
            })?
        };
        if !self.folder.join(&target).is_file() {
            let chapter = target.replace(".html", ".md");
            return Err((
                format!("the link `{url}` leads nowhere"),
                format!(
                    "expected a file of the book: is book/src/{chapter} there, and in SUMMARY.md?"
                ),
            ));
        }
        let anchor = decode(anchor);
        if anchor.is_empty() {
            return Ok(());
        }
        let Some(goal) = self.pages.get(&target) else {
            return Ok(());
        };
        if goal.ids.contains(&anchor) {
            return Ok(());
        }
        let chapter = target.replace(".html", ".md");
        let mend = if target == "glossary.html" {
            format!("add `{anchor}` to book/src/{chapter}, or link to a word that is there")
        } else {
            format!("expected the anchor of a heading in book/src/{chapter}")
        };
        Err((format!("`{target}` has no `#{anchor}`"), mend))
    }

    fn style(&self, file: &Path, faults: &mut Vec<Fault>) -> Result<usize> {
        static URL: LazyLock<Result<Regex, regex::Error>> = LazyLock::new(|| {
            Regex::new(r#"(?:url\(\s*|@import\s+)(?:"([^"]*)"|'([^']*)'|([^"'()\s;]+))"#)
        });
        let regex = URL.as_ref().map_err(|error| anyhow!("{error}"))?;
        let text =
            fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let name = relative(self.folder, file);
        let mut links = 0;
        for captures in regex.captures_iter(&text) {
            let url = captures
                .iter()
                .skip(1)
                .flatten()
                .next()
                .map_or("", |found| found.as_str());
            if url.is_empty() {
                continue;
            }
            links += 1;
            let reference = Reference {
                url: url.to_owned(),
                loaded: true,
                sends: false,
            };
            if let Err((what, mend)) = self.follow(&name, &reference) {
                faults.push(Fault::new(format!("book/theme ({name})"), None, what, mend));
            }
        }
        Ok(links)
    }

    /// Where in the sources a reference of a page stands.
    fn fault(&self, page: &str, needle: &str, what: String, mend: String) -> Fault {
        let source = page.replace(".html", ".md");
        let first = self.chapters.first().filter(|_| page == "index.html");
        let chapter = first.or_else(|| self.chapters.iter().find(|chapter| chapter.file == source));
        let Some(chapter) = chapter else {
            return Fault::new(format!("the page {page}"), None, what, mend);
        };
        // mdBook has made `.html` of `.md`.
        let line = chapter
            .line_of(needle)
            .or_else(|| chapter.line_of(&needle.replace(".html", ".md")));
        Fault::new(chapter.name(), line, what, mend)
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, files)?;
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(())
}

fn has_ending(file: &Path, ending: &str) -> bool {
    file.extension().is_some_and(|found| found == ending)
}

fn relative(folder: &Path, file: &Path) -> String {
    let relative = file.strip_prefix(folder).unwrap_or(file);
    let parts: Vec<_> = relative
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}
