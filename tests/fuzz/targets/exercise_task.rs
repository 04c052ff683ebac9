//! `task.md`, and Markdown in a terminal.
//!
//! Oracle: a task that was read can be written again, and is read as the same.
#![no_main]

use std::fmt::Write as _;

use catalog::exercise::Task;
use exercises::text;
use fuzz::assert_harmless;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &str)| {
    let (width, source) = input;
    let width = usize::from(width).max(20);
    let harmless = text::harmless(source);
    assert_harmless(&harmless, &['\n']);
    // The terminal's columns are kept, except for a word that is longer than a line.
    let longest = harmless.split_whitespace().map(text::columns).max();
    let wrapped = text::wrap(&harmless, width, "", "");
    if longest.unwrap_or_default() <= width && !harmless.contains('`') {
        let widest = wrapped.lines().map(text::columns).max().unwrap_or_default();
        assert!(widest <= width, "{widest} of {width} in {wrapped:?}");
    }
    let letters = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace()).collect() };
    assert_eq!(letters(&wrapped), letters(&harmless));
    let _ = text::markdown(&harmless, width);
    assert_harmless(&text::octets_as_text(source.as_bytes()), &[]);

    let Ok(task) = Task::parse(source) else {
        return;
    };
    assert!((1..=3).contains(&task.difficulty));
    assert!(!task.text.is_empty());
    let mut written = format!(
        "---\ntitle: {}\nminutes: {}\ndifficulty: {}\nread: {}\n---\n\n{}\n",
        task.title, task.minutes, task.difficulty, task.read, task.text
    );
    for (number, hint) in task.hints.iter().enumerate() {
        write!(written, "\n## Hint {}\n\n{hint}\n", number + 1).expect("a string takes all");
    }
    assert_eq!(Task::parse(&written).expect("what was written"), task);
});
