//! The scripts of the explorers compute what the lessons compute. A JavaScript engine runs them here,
//! so no check depends on a browser or on node.
//!
//! What they must compute is also kept in `vectors/`, one case a line: a page or another engine can be
//! held against the same files.

use std::fs;
use std::path::{Path, PathBuf};

use rquickjs::{Context, Ctx, Runtime};
use serde_json::{Value, json};

/// A question to a script, and the answer it must give.
pub type Case = (Value, Value);

fn builder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn folder_of_scripts() -> PathBuf {
    builder().join("../src/explorers")
}

/// Runs scripts in one realm, as a page does, then asks `expression`, a function of one value.
pub fn answers(scripts: &[&str], expression: &str, questions: &[&Value]) -> Vec<Value> {
    let runtime = Runtime::new().unwrap();
    let context = Context::full(&runtime).unwrap();
    context.with(|ctx: Ctx| {
        for script in scripts {
            let source = fs::read_to_string(folder_of_scripts().join(script)).unwrap();
            if let Err(error) = ctx.eval::<(), _>(source) {
                panic!("{script}: {error}: {:?}", ctx.catch());
            }
        }
        let questions = serde_json::to_string(questions).unwrap();
        ctx.globals().set("questions", questions).unwrap();
        let ask = format!("JSON.stringify(JSON.parse(questions).map({expression}))");
        let text: String = ctx
            .eval(ask)
            .unwrap_or_else(|error| panic!("{expression}: {error}: {:?}", ctx.catch()));
        serde_json::from_str(&text).unwrap()
    })
}

/// The script gives the right answer in every case.
#[track_caller]
pub fn agree(scripts: &[&str], expression: &str, cases: &[Case]) {
    assert!(!cases.is_empty());
    let questions: Vec<&Value> = cases.iter().map(|(question, _)| question).collect();
    let answers = answers(scripts, expression, &questions);
    assert_eq!(answers.len(), cases.len());
    for ((question, right), answer) in cases.iter().zip(&answers) {
        assert_eq!(answer, right, "{expression} of {question}");
    }
}

/// The file keeps these cases. `VECTORS=write` writes it anew.
#[track_caller]
pub fn kept(file: &str, cases: &[Case]) {
    let path = builder().join("tests/it/vectors").join(file);
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
        "{} is stale. Read what has changed after `VECTORS=write cargo test -p book --test it`.",
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
