//! Every check of the book can fail: each test spoils one thing in a faultless book, and the fault
//! must name the file, the line and the mend.

use crate::fixture::{CHAPTER, FIGURES, Repository, SCENE, SNAPSHOT};

#[test]
fn a_faultless_book_has_no_fault() {
    let report = book::check::check(&Repository::faultless().layout()).unwrap();
    assert!(report.faults.is_empty(), "{report}");
    assert_eq!(report.scenes, 1);
    assert_eq!(report.chapters.len(), 4);
    assert!(report.links > 50, "{report}");
    assert!(report.to_string().contains("the book has no fault"));
    assert!(
        report
            .to_string()
            .contains("4 chapters, 1 h in class, 1 scenes"),
        "{report}"
    );
}

/// Spoils the chapter and expects one fault there.
#[track_caller]
fn spoiled(old: &str, new: &str, line: Option<usize>, words: &str) {
    let repository = Repository::faultless();
    repository.replace(CHAPTER, old, new);
    let place = line.map_or_else(|| CHAPTER.to_owned(), |line| format!("{CHAPTER}:{line}"));
    repository.has_one_fault(&place, words);
}

#[test]
fn code_and_terminals_are_not_written_by_hand() {
    spoiled(
        "```text",
        "```rust",
        Some(27),
        "{{#listing path:anchor caption}}",
    );
    spoiled("```text", "```console", Some(27), "{{#scene id}}");
    spoiled("```text", "```", Some(27), "name its language");
    spoiled(
        "\nbits\n",
        "\n$ ls\n",
        Some(28),
        "a terminal written by hand",
    );
}

#[test]
fn every_directive_resolves() {
    let scene = "{{#scene 04-tcp-chat/turns}}";
    spoiled(
        "One turn: `read`, then write",
        "",
        Some(17),
        "has no caption",
    );
    spoiled("lib.rs:turns", "lib.rs:turn", Some(17), "no anchor `turn`");
    spoiled("src/lib.rs", "src/main.rs", Some(17), "cannot be read");
    spoiled(
        scene,
        &format!("{scene}\n\n{{{{#scenes x/y}}}}"),
        Some(13),
        "no directive `scenes`",
    );
    spoiled(
        scene,
        &format!("{scene}\n\nSee {{{{#scene x/y}}}}"),
        Some(13),
        "on a line of its own",
    );
    spoiled(
        scene,
        &format!("{scene}\n\n{{{{#scene 04-tcp-chat/turn}}}}"),
        Some(13),
        "expected one of 04-tcp-chat/turns",
    );
    spoiled(
        scene,
        &format!("{scene}\n\n{{{{#hostile matrix}}}}"),
        Some(13),
        "record it: `cargo xtask hostile matrix`",
    );
}

#[test]
fn a_picture_needs_a_record_of_the_wire() {
    let repository = Repository::faultless();
    let text = repository.read(SNAPSHOT);
    let (terminals, _) = text.split_once("== wire").unwrap();
    repository.write(SNAPSHOT, terminals);
    repository.has_one_fault(
        &format!("{CHAPTER}:21"),
        "add `wire PORT` to the scene file",
    );
}

#[test]
fn a_scene_needs_a_transcript() {
    let repository = Repository::faultless();
    repository.replace(CHAPTER, "{{#picture 04-tcp-chat/turns}}", "A picture.");
    repository.remove(SNAPSHOT);
    repository.has_one_fault(&format!("{CHAPTER}:11"), "has no transcript");
    repository.write(SNAPSHOT, "no transcript");
    repository.has_one_fault(&format!("{CHAPTER}:11"), "cannot be read");
}

#[test]
fn figures_are_there_and_whole_and_shown() {
    let page = "book/src/introduction.md";
    let repository = Repository::faultless();
    repository.replace(FIGURES, "0.0012", "-1");
    repository.has_one_fault(&format!("{page}:5"), "is damaged");
    repository.remove(FIGURES);
    repository.has_one_fault(&format!("{page}:5"), "cargo xtask bench ip-one");
    let repository = Repository::faultless();
    repository.replace(page, "{{#measured ip-one}}", "");
    repository.has_one_fault(FIGURES, "write `{{#measured ip-one}}`");
    let repository = Repository::faultless();
    repository.replace(FIGURES, "\"ip-one\"", "\"ip-two\"");
    repository.has_one_fault(&format!("{page}:5"), "holds the benchmark `ip-two`");
}

#[test]
fn every_scene_is_shown() {
    let repository = Repository::faultless();
    repository.write(
        "tests/scenes/04-tcp-chat/more.scene",
        &repository.read(SCENE),
    );
    repository.has_one_fault(
        "tests/scenes/04-tcp-chat/more.scene",
        "{{#scene 04-tcp-chat/more}}",
    );
}

#[test]
fn a_scene_may_be_shown_twice_on_a_page() {
    let repository = Repository::faultless();
    let scene = "{{#scene 04-tcp-chat/turns}}";
    repository.replace(CHAPTER, scene, &format!("{scene}\n\n{scene}"));
    assert_eq!(repository.faults(), [""; 0]);
}

#[test]
fn lesson_chapters_have_their_sections_in_order() {
    spoiled(
        "## Exercises",
        "### Exercises",
        None,
        "the section `Exercises` is missing",
    );
    spoiled(
        "## Try it",
        "## Try it\n\nNow.\n\n## And more",
        Some(13),
        "make it a `### ` heading",
    );
    spoiled(
        "Two programs speak. Which one may speak now? An [octet](glossary.md#octet) has eight bits.",
        "",
        Some(5),
        "the question",
    );
    spoiled(
        "<details>",
        "Now:\n\n<details>",
        Some(35),
        "`## In class` is not folded",
    );
}

#[test]
fn a_section_out_of_order_is_named() {
    let repository = Repository::faultless();
    repository.replace(CHAPTER, "## Exercises", "## Sources of trouble");
    repository.replace(CHAPTER, "## What goes wrong", "## Exercises");
    repository.replace(CHAPTER, "## Sources of trouble", "## What goes wrong");
    let faults = repository.faults().join("\n");
    assert!(
        faults.contains("04-tcp-chat.md:31: the section `What goes wrong` is out of order"),
        "{faults}"
    );
    assert!(faults.contains("move it before `## Exercises`"), "{faults}");
}

#[test]
fn the_front_matter_is_checked() {
    spoiled(
        "minutes: 60",
        "hours: 1\nminutes: 60",
        Some(3),
        "no `hours: 1`",
    );
    let repository = Repository::faultless();
    repository.replace(CHAPTER, "minutes: 60\n", "");
    let faults = repository.faults().join("\n");
    assert!(
        faults.contains("04-tcp-chat.md:1: the front matter has no minutes"),
        "{faults}"
    );
    assert!(
        faults.contains("for-teachers.md:5: the chapter 04-tcp-chat.md has no minutes"),
        "{faults}"
    );
}

#[test]
fn a_chapter_bears_the_name_of_its_lesson() {
    let repository = Repository::faultless();
    repository.write("book/src/04-chat.md", &repository.read(CHAPTER));
    repository.remove(CHAPTER);
    repository.has_one_fault("book/src/04-chat.md:2", "call it book/src/04-tcp-chat.md");
}

#[test]
fn every_lesson_has_a_chapter_and_every_chapter_a_lesson() {
    let repository = Repository::faultless();
    repository.write("lessons/05-ports/Cargo.toml", "");
    repository.has_one_fault("lessons/05-ports", "write book/src/05-ports.md");

    let repository = Repository::faultless();
    repository.write(
        "book/src/06-x.md",
        &repository.read(CHAPTER).replace(": 04-tcp-chat", ": 06-x"),
    );
    repository.has_one_fault("book/src/06-x.md:2", "there is no lesson lessons/06-x");
}

#[test]
fn the_length_of_a_lesson_is_judged() {
    let repository = Repository::faultless();
    repository.replace(
        CHAPTER,
        "A program reads what has arrived, and no more than that. ",
        "",
    );
    let text = repository.read(CHAPTER);
    let prose = "A program reads what has arrived, and no more than that. ";
    repository.write(CHAPTER, &text.replace(prose, ""));
    repository.has_one_fault(CHAPTER, "too short");
    repository.replace(CHAPTER, "minutes: 60", "minutes: 60\ndraft: true");
    assert_eq!(repository.faults(), [""; 0]);

    let repository = Repository::faultless();
    repository.write(CHAPTER, &text.replace(prose, &prose.repeat(2)));
    repository.has_one_fault(CHAPTER, "too long");
}

#[test]
fn links_are_followed() {
    let link = "[how it works](#how-it-works)";
    spoiled(link, "[x](#how-it-work)", Some(33), "no `#how-it-work`");
    spoiled(
        link,
        "[x](the-map.md)",
        Some(33),
        "is book/src/the-map.md there",
    );
    spoiled(
        link,
        "[x](glossary.md#packet)",
        Some(33),
        "add `packet` to book/src/glossary.md",
    );
    spoiled(link, "[x](/glossary.html)", Some(33), "begins with `/`");
    spoiled(link, "[x](../README.md)", Some(33), "leaves the book");
    spoiled(
        link,
        "[x](http://www.rfc-editor.org)",
        Some(33),
        "is not https",
    );
    spoiled(link, "[x](https://192.0.2.1/)", Some(33), "no public site");
    spoiled(link, "![x](missing.png)", Some(33), "leads nowhere");
}

#[test]
fn no_page_asks_another_host() {
    let link = "[how it works](#how-it-works)";
    spoiled(
        link,
        "![x](https://www.rfc-editor.org/x.png)",
        Some(33),
        "loads `https://www.rfc",
    );
    spoiled(
        link,
        "<img src=\"//x.org/x.png\" alt=\"x\">",
        Some(33),
        "loads `//x.org/x.png`",
    );
    let repository = Repository::faultless();
    repository.replace(
        "book/theme/colours.css",
        ":root {",
        "@import \"https://x.org/x.css\";\n:root {",
    );
    let faults = repository.faults().join("\n");
    assert!(faults.contains("loads `https://x.org/x.css`"), "{faults}");
    spoiled(
        link,
        "<script>fetch('x')</script>",
        Some(33),
        "a `<script>` in a chapter",
    );
    let repository = Repository::faultless();
    repository.replace(
        "book/theme/layers.js",
        "'use strict';",
        "fetch('https://x.org/');",
    );
    repository.has_one_fault("book/theme/layers.js:1", "names another host");
    let repository = Repository::faultless();
    repository.replace("book/book.toml", "runnable = false", "runnable = true");
    let faults = repository.faults().join("\n");
    assert!(faults.contains("play.rust-lang.org"), "{faults}");
}

#[test]
fn images_have_words_and_anchors_stand_once() {
    let repository = Repository::faultless();
    repository.write(
        "book/src/x.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    );
    repository.replace(CHAPTER, "Nothing.", "![](x.svg)");
    repository.has_one_fault(&format!("{CHAPTER}:25"), "has no text");
    spoiled(
        "Nothing.",
        "<b id=\"one\">1</b><b id=\"one\">2</b>",
        Some(25),
        "stands twice",
    );
}

#[test]
fn what_mdbook_warns_of_is_a_fault() {
    spoiled(
        "Nothing.",
        "<div>\n\nNothing.",
        Some(25),
        "unclosed HTML tag `<div>`",
    );
}

#[test]
fn the_summary_leads_to_every_chapter() {
    let repository = Repository::faultless();
    repository.write("book/src/more.md", "# More\n\nText.\n");
    repository.has_one_fault("book/src/more.md", "list it in book/src/SUMMARY.md");
    let repository = Repository::faultless();
    repository.remove("book/src/glossary.md");
    repository.replace(CHAPTER, "[octet](glossary.md#octet)", "octet");
    repository.has_one_fault("book/src/SUMMARY.md:11", "there is no book/src/glossary.md");
}

#[test]
fn a_plan_that_cannot_be_kept_is_a_fault() {
    let repository = Repository::faultless();
    repository.replace("book/src/for-teachers.md", "of 90", "of 45");
    repository.has_one_fault(
        "book/src/for-teachers.md:5",
        "takes 60 minutes, and there are 45",
    );
}
