//! Scene files.
//!
//! Oracle: what `tests/README.md` promises of a scene that is accepted, and of the message if not.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use scenes::scene::{Action, Scene};

fuzz_target!(|text: &str| {
    let file = Path::new("scenes/04-tcp-chat/made-up.scene");
    let scene = match Scene::parse("04-tcp-chat/made-up", file, text) {
        Ok(scene) => scene,
        Err(error) => {
            // The message names a line that is there.
            let message = format!("{error:#}");
            let rest = message.strip_prefix("scenes/04-tcp-chat/made-up.scene:");
            let number = rest.and_then(|rest| rest.split(':').next());
            let number: usize = number.expect("a line").parse().expect("a number");
            assert!(
                (1..=text.lines().count().max(1)).contains(&number),
                "{message}"
            );
            return;
        }
    };
    assert!(!scene.caption.is_empty());
    let terminals = scene.terminals();
    assert!((1..=3).contains(&terminals.len()));
    let mut last = 0;
    let mut started: Vec<&str> = Vec::new();
    for step in &scene.steps {
        assert!(step.line > last, "steps stand in order");
        last = step.line;
        assert!(step.terminal != "wire" && !step.terminal.is_empty());
        if let Action::Start(_) = step.action {
            started.push(&step.terminal);
        }
        assert!(started.contains(&step.terminal.as_str()));
    }
    for (name, _) in &scene.files {
        assert!(!name.is_empty() && !name.contains('/') && name != "..");
    }
    for wire in &scene.wire.wires {
        assert!(scene.ports.contains(&wire.port));
    }
    // What follows the last line changes nothing of what was read. (A return that no line feed follows
    // is a character of its line, and would become a part of the line's end.)
    if text.ends_with('\r') {
        return;
    }
    let longer = format!("{text}\n\n# a comment\n");
    let again = Scene::parse("04-tcp-chat/made-up", file, &longer).expect("still a scene");
    assert_eq!(format!("{:?}", again.steps), format!("{:?}", scene.steps));
});
