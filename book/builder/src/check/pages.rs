//! Checks of the finished pages: every link leads somewhere, nothing comes from another host.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::IpAddr;
use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context, Result, anyhow};
use regex::Regex;
use scraper::{Html, Selector};

use crate::chapter::Chapter;
use crate::fault::Fault;

/// The print page holds every chapter once more, and the first page of the book the first one.
const COPIES: [&str; 2] = ["index.html", "print.html"];

/// A reference in a page.
#[derive(Debug)]
struct Reference {
    url: String,
    /// Is it loaded with the page (`src`), or only followed when the reader asks (`href` of `a`)?
    loaded: bool,
    /// Does a click on it or the page itself send something?
    sends: bool,
}

/// What a page holds.
#[derive(Debug, Default)]
struct Page {
    ids: BTreeSet<String>,
    twice: BTreeSet<String>,
    references: Vec<Reference>,
    playgrounds: usize,
    images_without_text: Vec<String>,
}

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

fn read(text: &str) -> Result<Page> {
    let html = Html::parse_document(text);
    let select = |css: &str| Selector::parse(css).map_err(|error| anyhow!("{css}: {error}"));
    let mut page = Page::default();
    for element in html.select(&select("[id]")?) {
        if let Some(id) = element.value().attr("id")
            && !page.ids.insert(id.to_owned())
        {
            page.twice.insert(id.to_owned());
        }
    }
    let mut refer = |css: &str, attribute: &str, loaded: bool, sends: bool| -> Result<()> {
        for element in html.select(&select(css)?) {
            if let Some(url) = element.value().attr(attribute) {
                page.references.push(Reference {
                    url: url.trim().to_owned(),
                    loaded,
                    sends,
                });
            }
        }
        Ok(())
    };
    refer("a[href], area[href]", "href", false, false)?;
    refer("link[href]", "href", true, false)?;
    refer("[src]", "src", true, false)?;
    refer("image[href], use[href]", "href", true, false)?;
    refer("object[data]", "data", true, false)?;
    refer("video[poster]", "poster", true, false)?;
    refer("form[action]", "action", false, true)?;
    refer("a[ping]", "ping", false, true)?;
    for element in html.select(&select("[srcset]")?) {
        for candidate in element
            .value()
            .attr("srcset")
            .unwrap_or_default()
            .split(',')
        {
            let url = candidate
                .split_whitespace()
                .next()
                .unwrap_or_default()
                .to_owned();
            page.references.push(Reference {
                url,
                loaded: true,
                sends: false,
            });
        }
    }
    page.playgrounds = html.select(&select("pre.playground")?).count();
    for element in html.select(&select("img:not([alt]), img[alt='']")?) {
        page.images_without_text
            .push(element.value().attr("src").unwrap_or_default().to_owned());
    }
    Ok(page)
}

/// The scheme of a URL that has one; `//host/` takes the page's.
fn scheme(url: &str) -> Option<&str> {
    if url.starts_with("//") {
        return Some("");
    }
    let (scheme, _) = url.split_once(':')?;
    let is_scheme = scheme.starts_with(|ch: char| ch.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|ch| ch.is_ascii_alphanumeric() || "+-.".contains(ch));
    is_scheme.then_some(scheme)
}

/// A link out of the book: https, to a site that every reader can reach.
fn external(url: &str, scheme: &str) -> Result<(), (String, String)> {
    if scheme != "https" {
        return Err((
            format!("the link `{url}` is not https"),
            "expected `https://…`".to_owned(),
        ));
    }
    let rest = url.strip_prefix("https://").unwrap_or_default();
    let host = rest
        .split(['/', '?', '#'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let last = host.rsplit('.').next().unwrap_or_default();
    let private = [
        "local",
        "localhost",
        "internal",
        "lan",
        "test",
        "example",
        "invalid",
        "arpa",
    ];
    let is_name = host.contains('.')
        && host
            .chars()
            .all(|ch| ch.is_ascii_alphanumeric() || ch == '.' || ch == '-')
        && host.parse::<IpAddr>().is_err()
        && !private.contains(&last);
    if is_name {
        return Ok(());
    }
    Err((
        format!("the link `{url}` leads to no public site"),
        "expected a public host by its name".to_owned(),
    ))
}

/// A path relative to the page's folder, as a path from the book's root.
fn resolve(page: &str, path: &str) -> Option<String> {
    let mut parts: Vec<String> = page.split('/').map(str::to_owned).collect();
    parts.pop();
    for component in Path::new(path).components() {
        match component {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop()?;
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    if path.ends_with('/') {
        parts.push("index.html".to_owned());
    }
    Some(parts.join("/"))
}

/// Undoes percent-encoding (RFC 3986 §2.1).
fn decode(text: &str) -> String {
    let digit = |octet: Option<&u8>| octet.and_then(|&octet| char::from(octet).to_digit(16));
    let octets = text.as_bytes();
    let mut decoded = Vec::with_capacity(octets.len());
    let mut at = 0;
    while let Some(&octet) = octets.get(at) {
        let pair = digit(octets.get(at + 1)).zip(digit(octets.get(at + 2)));
        match pair.and_then(|(high, low)| u8::try_from(high * 16 + low).ok()) {
            Some(value) if octet == b'%' => {
                decoded.push(value);
                at += 3;
            }
            _ => {
                decoded.push(octet);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_https_sites_are_linked_to() {
        let judge = |url: &str| external(url, scheme(url).unwrap()).is_ok();
        assert!(judge(
            "https://www.rfc-editor.org/rfc/rfc9293.html#section-3.6.1"
        ));
        for url in [
            "http://www.rfc-editor.org/",
            "//cdn.example.com/x.js",
            "ftp://ftp.isc.org/",
            "mailto:a@b.org",
            "javascript:alert(1)",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://intranet/",
            "https://router.local/",
            "https://user@host.org/",
        ] {
            assert!(!judge(url), "{url}");
        }
    }

    #[test]
    fn relative_links_are_resolved_from_their_page() {
        assert_eq!(resolve("a/b.html", "../c.html").as_deref(), Some("c.html"));
        assert_eq!(
            resolve("b.html", "./css/").as_deref(),
            Some("css/index.html")
        );
        assert_eq!(resolve("b.html", "../c.html"), None);
        assert_eq!(decode("half%2Dclose%zz%C3%A9%4"), "half-close%zzé%4");
        assert_eq!(scheme("04-tcp-chat.html#a:b"), None);
        assert_eq!(scheme("half:truth"), Some("half"));
    }
}
