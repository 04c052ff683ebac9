//! The scripts of the explorers compute what the lessons compute. The browser runs them, as it does on
//! the page.
//!
//! What they must compute is also kept in `vectors/`, one case a line: another engine can be held against
//! the same files.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::driver::{Setting, with};

/// A question to a script, and the answer it must give.
pub type Case = (Value, Value);

fn builder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn folder_of_scripts() -> PathBuf {
    builder().join("../src/explorers")
}

/// Runs scripts in one page, then asks `expression`, a function of one value. `None` without a browser.
pub fn answers(scripts: &[&str], expression: &str, questions: &[&Value]) -> Option<Vec<Value>> {
    let page = tempfile::tempdir().unwrap();
    let file = page.path().join("index.html");
    let mut html = "<!doctype html><meta charset=utf-8>".to_owned();
    for script in scripts {
        let path = folder_of_scripts().join(script).canonicalize().unwrap();
        let _ = write!(html, "<script src=\"file://{}\"></script>", path.display());
    }
    fs::write(&file, html).unwrap();
    let ask = format!("return JSON.stringify(arguments[0].map({expression}))");
    let mut answers = None;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(with(Setting::default(), async |client| {
        client
            .goto(&format!("file://{}", file.display()))
            .await
            .unwrap();
        let text = client.execute(&ask, vec![json!(questions)]).await;
        let text = text.unwrap_or_else(|error| panic!("{expression}: {error}"));
        answers = Some(serde_json::from_str(text.as_str().unwrap()).unwrap());
    }));
    answers
}

/// The script gives the right answer in every case.
#[track_caller]
pub fn agree(scripts: &[&str], expression: &str, cases: &[Case]) {
    assert!(!cases.is_empty());
    let questions: Vec<&Value> = cases.iter().map(|(question, _)| question).collect();
    let Some(answers) = answers(scripts, expression, &questions) else {
        return;
    };
    assert_eq!(answers.len(), cases.len());
    for ((question, right), answer) in cases.iter().zip(&answers) {
        assert_eq!(answer, right, "{expression} of {question}");
    }
}

/// The file keeps these cases. `VECTORS=write` writes it anew.
#[track_caller]
pub fn kept(file: &str, cases: &[Case]) {
    let path = builder().join("tests/browser/vectors").join(file);
    let lines: Vec<String> = cases
        .iter()
        .map(|(question, answer)| json!([question, answer]).to_string())
        .collect();
    let text = format!("[\n{}\n]\n", lines.join(",\n"));
    is_fresh(&path, &text);
}

/// A file that was written by a program holds what the program writes today.
#[track_caller]
pub fn is_fresh(path: &Path, text: &str) {
    if std::env::var_os("VECTORS").is_some_and(|value| value == "write") {
        fs::write(path, text).unwrap();
    }
    // A checkout may turn line ends.
    let kept = fs::read_to_string(path)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    assert!(
        kept == text,
        "{} is stale. Read what has changed after `VECTORS=write cargo test -p book --test browser`.",
        path.display()
    );
}

#[test]
fn each_script_is_small_and_without_modules() {
    let mut seen = 0;
    for entry in fs::read_dir(folder_of_scripts()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "js") {
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        let name = path.display();
        assert!(source.len() < 12 * 1024, "{name}: {} octets", source.len());
        assert!(source.starts_with("'use strict';\n"), "{name}");
        for line in source.lines() {
            let is_module = line.starts_with("import ") || line.starts_with("export ");
            assert!(
                !is_module,
                "{name}: no page opened from a file loads a module"
            );
        }
        seen += 1;
    }
    assert!(seen >= 3);
}
