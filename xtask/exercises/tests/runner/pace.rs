//! From save to verdict, beside what a student knows: `cargo test` of an empty crate.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::common::{SHOUT, Tree};
use crate::watch::Watch;

/// So many saves of each kind.
const SAVES: usize = 20;

fn median(mut all: Vec<Duration>) -> f64 {
    all.sort();
    all[all.len() / 2].as_secs_f64()
}

/// A measurement, not a test: it depends on what else the machine does. To see the figures:
/// `cargo test -p exercises --test runner -- --ignored --nocapture pace`
#[test]
#[ignore = "measures the machine"]
fn pace() {
    let (tree, empty) = (Tree::new(), tempfile::tempdir().unwrap());
    let manifest = "[package]\nname = \"empty\"\nedition = \"2024\"\n[workspace]\n";
    fs::write(empty.path().join("Cargo.toml"), manifest).unwrap();
    fs::create_dir(empty.path().join("src")).unwrap();
    let known = fs::read_to_string(
        tree.exercise(SHOUT)
            .join("wrong/one-read-is-one-message.rs"),
    );
    let (right, wrong) = (tree.solution(SHOUT), known.unwrap());
    let mut watch = Watch::start(&tree, &["watch", SHOUT]);
    watch.verdict();
    let (mut passing, mut failing, mut cargo) = (Vec::new(), Vec::new(), Vec::new());
    // The first round warms up and does not count.
    for round in 0..=SAVES {
        let mut took = Vec::new();
        for answer in [&right, &wrong] {
            let begun = Instant::now();
            tree.answer(SHOUT, format!("{answer}// {round}\n"));
            watch.verdict();
            took.push(begun.elapsed());
        }
        let test = format!("#[test]\nfn it() {{ assert_eq!({round}, {round}); }}\n");
        fs::write(empty.path().join("src/lib.rs"), test).unwrap();
        let begun = Instant::now();
        let status = Command::new("cargo")
            .args(["test", "--quiet"])
            .current_dir(empty.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(status.unwrap().success());
        if round > 0 {
            cargo.push(begun.elapsed());
            passing.push(took[0]);
            failing.push(took[1]);
        }
    }
    watch.press("q");
    let base = median(cargo);
    println!("medians of {SAVES}: `cargo test` of an empty crate {base:.2} s");
    for (kind, all) in [("passing", passing), ("failing", failing)] {
        let median = median(all);
        println!(
            "{kind} answer, save to verdict: {median:.2} s, {:.2} times that",
            median / base
        );
    }
}
