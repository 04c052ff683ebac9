//! A scene's command, as a reader types it.
//!
//! In a scene a lesson's program is called by its name. A reader has not installed it, so the page
//! says `cargo run -q -p …` in its place, with that part set back.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use anyhow::{Context, Result};
use regex::Regex;

use crate::html;

/// The lessons' programs: each one's name, and the package that it is in.
#[derive(Debug, Clone, Default)]
pub struct Programs(BTreeMap<String, String>);

/// A piece of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// What the scene says.
    Plain(String),
    /// What cargo needs around it.
    Dim(&'static str),
    /// The name of a value that differs in each run.
    Value(String),
}

impl Programs {
    /// Finds the programs of all lessons: each package's own name, and every `[[bin]]`.
    ///
    /// # Errors
    /// When the folder of the lessons cannot be read.
    pub fn of_lessons(lessons: &Path) -> Result<Self> {
        let mut programs = BTreeMap::new();
        let entries =
            fs::read_dir(lessons).with_context(|| format!("cannot read {}", lessons.display()))?;
        for entry in entries {
            let folder = entry?.path();
            let Ok(manifest) = fs::read_to_string(folder.join("Cargo.toml")) else {
                continue;
            };
            let Some(name) = folder.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            let package = format!("lesson-{name}");
            for program in binaries(&manifest) {
                programs.insert(program, package.clone());
            }
            programs.insert(package.clone(), package);
        }
        Ok(Self(programs))
    }

    fn pieces(&self, command: &str) -> Vec<Piece> {
        // A program stands at the start, after `|`, `;`, `&` or `(`, and after assignments.
        static WORD: LazyLock<Option<Regex>> = LazyLock::new(|| {
            Regex::new(r"(?P<before>(?:^|[|;&(])\s*(?:[A-Za-z_]\w*=\S*\s+)*)(?P<word>[a-z0-9-]+)")
                .ok()
        });
        let mut pieces = Vec::new();
        let mut done = 0;
        let found = WORD.iter().flat_map(|word| word.captures_iter(command));
        for captures in found {
            let Some(word) = captures.name("word") else {
                continue;
            };
            let Some(package) = self.0.get(word.as_str()) else {
                continue;
            };
            if in_quotes(&command[..word.start()]) {
                continue;
            }
            pieces.push(Piece::Plain(command[done..word.start()].to_owned()));
            pieces.push(Piece::Dim("cargo run -q -p "));
            pieces.push(Piece::Plain(package.clone()));
            done = word.end();
            let rest = command[done..].trim_start();
            if !rest.is_empty() && !rest.starts_with(['|', ';', '&', '<', '>', ')']) {
                pieces.push(Piece::Dim(" -- "));
                done = command.len() - rest.len();
            }
        }
        pieces.push(Piece::Plain(command[done..].to_owned()));
        pieces.into_iter().flat_map(with_values).collect()
    }

    /// What a reader pastes into a shell.
    pub fn pasted(&self, command: &str) -> String {
        self.pieces(command)
            .iter()
            .map(|piece| match piece {
                Piece::Plain(text) => text.clone(),
                Piece::Dim(text) => (*text).to_owned(),
                Piece::Value(name) => format!("{{{name}}}"),
            })
            .collect()
    }

    /// The command on the page.
    pub fn html(&self, command: &str) -> String {
        self.pieces(command)
            .iter()
            .map(|piece| match piece {
                Piece::Plain(text) => options_whole(text),
                Piece::Dim(text) => format!("<span class=\"cargo\">{text}</span>"),
                Piece::Value(name) => value(name),
            })
            .collect()
    }
}

/// A browser may break a line after any hyphen, and `--port` would end a line as `--`: an option
/// stays whole.
fn options_whole(text: &str) -> String {
    let words = text.split_inclusive(' ').map(|word| {
        let (name, space) = word
            .strip_suffix(' ')
            .map_or((word, ""), |name| (name, " "));
        let name_html = html::escape(name);
        if name.starts_with('-') {
            format!("<span class=\"option\">{name_html}</span>{space}")
        } else {
            name_html + space
        }
    });
    words.collect()
}

/// A value that differs in each run, on the page.
pub fn value(name: &str) -> String {
    let name = html::escape(name);
    format!("<var title=\"{name}: differs in each run\">{name}</var>")
}

/// Parts a text into plain pieces and `{names}`.
fn with_values(piece: Piece) -> Vec<Piece> {
    static VALUE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"\{([a-z][a-z0-9_-]*)\}").ok());
    let (Piece::Plain(text), Some(regex)) = (&piece, VALUE.as_ref()) else {
        return vec![piece];
    };
    let mut pieces = Vec::new();
    let mut done = 0;
    for captures in regex.captures_iter(text) {
        let (Some(all), Some(name)) = (captures.get(0), captures.get(1)) else {
            continue;
        };
        if text[..all.start()].ends_with('$') {
            continue;
        }
        pieces.push(Piece::Plain(text[done..all.start()].to_owned()));
        pieces.push(Piece::Value(name.as_str().to_owned()));
        done = all.end();
    }
    pieces.push(Piece::Plain(text[done..].to_owned()));
    pieces.retain(|piece| *piece != Piece::Plain(String::new()));
    pieces
}

/// Is a quotation still open at the end of this beginning of a command?
fn in_quotes(before: &str) -> bool {
    let mut open = None;
    let mut escaped = false;
    for ch in before.chars() {
        match (open, ch) {
            _ if escaped => escaped = false,
            (None | Some('"'), '\\') => escaped = true,
            (None, '\'' | '"') => open = Some(ch),
            (Some(sign), _) if sign == ch => open = None,
            _ => {}
        }
    }
    open.is_some()
}

/// The names in the `[[bin]]` tables of a manifest.
fn binaries(manifest: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut in_bin = false;
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            in_bin = line == "[[bin]]";
        } else if let (true, Some(("name", name))) = (
            in_bin,
            line.split_once('=')
                .map(|(key, value)| (key.trim(), value.trim())),
        ) {
            names.push(name.trim_matches('"').to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs() -> Programs {
        let pairs = [
            ("ip-demo", "lesson-01-ip-address"),
            ("lesson-01-ip-address", "lesson-01-ip-address"),
            ("lesson-04-tcp-chat", "lesson-04-tcp-chat"),
        ];
        Programs(pairs.map(|(a, b)| (a.to_owned(), b.to_owned())).into())
    }

    #[test]
    fn programs_are_run_through_cargo() {
        for (command, pasted) in [
            (
                "lesson-04-tcp-chat server --port 8080",
                "cargo run -q -p lesson-04-tcp-chat -- server --port 8080",
            ),
            ("lesson-04-tcp-chat", "cargo run -q -p lesson-04-tcp-chat"),
            (
                "ip-demo 1.2.3.4",
                "cargo run -q -p lesson-01-ip-address -- 1.2.3.4",
            ),
            (
                "cat addresses.txt | ip-demo",
                "cat addresses.txt | cargo run -q -p lesson-01-ip-address",
            ),
            (
                "ip-demo < a.txt",
                "cargo run -q -p lesson-01-ip-address < a.txt",
            ),
            (
                "NO_COLOR=1 ip-demo 1.2.3.4 | wc -l",
                "NO_COLOR=1 cargo run -q -p lesson-01-ip-address -- 1.2.3.4 | wc -l",
            ),
            (
                "printf 'a | ip-demo b' | cat",
                "printf 'a | ip-demo b' | cat",
            ),
            ("cat ip-demo", "cat ip-demo"),
            (
                "lesson-04-tcp-chat client --port {port}",
                "cargo run -q -p lesson-04-tcp-chat -- client --port {port}",
            ),
        ] {
            assert_eq!(programs().pasted(command), pasted);
        }
    }

    #[test]
    fn the_page_dims_what_is_cargos_and_marks_what_varies() {
        assert_eq!(
            programs().html("printf '<a>' | ip-demo --port {port}"),
            "printf '&lt;a&gt;' | <span class=\"cargo\">cargo run -q -p </span>lesson-01-ip-address\
             <span class=\"cargo\"> -- </span><span class=\"option\">--port</span> \
             <var title=\"port: differs in each run\">port</var>"
        );
    }

    #[test]
    fn manifests_name_their_programs() {
        let manifest = "[package]\nname = \"x\"\n[[bin]]\nname = \"ip-demo\"\npath = \"src/main.rs\"\n[lints]\nname = \"no\"";
        assert_eq!(binaries(manifest), ["ip-demo"]);
    }
}
