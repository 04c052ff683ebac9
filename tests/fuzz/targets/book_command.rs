//! A command on the book's page: what it looks like, and what a reader pastes.
//!
//! Oracle: an HTML parser reads the page's form, and its text is what is pasted.
#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use book::command::Programs;
use libfuzzer_sys::fuzz_target;

static PROGRAMS: LazyLock<Programs> = LazyLock::new(|| {
    let lessons = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../lessons"));
    Programs::of_lessons(lessons).expect("the lessons")
});

fuzz_target!(|command: &str| {
    if command.contains(char::is_control) {
        return;
    }
    let pasted = PROGRAMS.pasted(command);
    let html = PROGRAMS.html(command);
    let page = scraper::Html::parse_fragment(&format!("<pre>{html}</pre>"));
    let all: Vec<_> = page.root_element().children().collect();
    assert_eq!(all.len(), 1);
    let pre = scraper::ElementRef::wrap(all[0]).expect("an element");
    // A value stands in braces only where it is pasted.
    let plain = |text: &str| text.replace(['{', '}'], "");
    assert_eq!(plain(&pre.text().collect::<String>()), plain(&pasted));
    let names = ["span", "var", "pre"];
    for node in pre.descendants().filter_map(scraper::ElementRef::wrap) {
        assert!(names.contains(&node.value().name()), "{html}");
    }
    if !pasted.contains("cargo run -q -p lesson-") {
        assert_eq!(pasted, command);
    }
});
