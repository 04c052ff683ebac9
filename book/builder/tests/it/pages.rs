//! What stands in the finished pages.

use std::fs;

use crate::fixture::{CHAPTER, Repository};
use book::site;
use scraper::{Html, Selector};

fn page(repository: &Repository) -> Html {
    page_of(repository, "04-tcp-chat.html")
}

fn page_of(repository: &Repository, file: &str) -> Html {
    let dest = repository.path().join("out");
    site::build(&repository.layout(), Some(&dest)).unwrap();
    Html::parse_document(&fs::read_to_string(dest.join(file)).unwrap())
}

#[track_caller]
fn first(page: &Html, css: &str) -> String {
    page.select(&Selector::parse(css).unwrap())
        .next()
        .unwrap_or_else(|| panic!("no {css}"))
        .html()
}

fn texts(page: &Html, css: &str) -> Vec<String> {
    page.select(&Selector::parse(css).unwrap())
        .map(|found| found.text().collect())
        .collect()
}

#[test]
fn a_scene_becomes_terminals() {
    insta::assert_snapshot!(first(&page(&Repository::faultless()), "figure.scene"));
}

#[test]
fn a_record_of_the_wire_becomes_a_picture() {
    insta::assert_snapshot!(first(&page(&Repository::faultless()), "figure.picture"));
}

#[test]
fn figures_become_a_table_targets_and_a_plot() {
    let page = page_of(&Repository::faultless(), "introduction.html");
    insta::assert_snapshot!(first(&page, "figure.measurement").replace("><", ">\n<"));
    assert_eq!(
        texts(&page, ".measured-place"),
        [
            "Measured on 2026-11-25: A <CPU>, 2 CPUs, Linux 6.1, rustc 1.95.0. Other programs took \
          3 % of the machine meanwhile. sipcalc was missing (apt install sipcalc). To repeat it: \
          cargo xtask bench ip-one."
        ]
    );
}

#[test]
fn a_listing_has_its_path_its_caption_and_its_code() {
    let page = page(&Repository::faultless());
    insta::assert_snapshot!(first(&page, "figure.listing"));
    assert_eq!(
        texts(&page, "figure.listing code.language-rust"),
        ["fn turn<T>() -> bool {\n    1 < 2 && true\n}"]
    );
}

#[test]
fn only_a_page_with_an_explorer_loads_its_scripts() {
    let repository = Repository::faultless();
    for name in ["address-reader", "address-model", "address"] {
        repository.write(&format!("book/src/explorers/{name}.js"), "'use strict';\n");
    }
    repository.replace(
        "book/src/introduction.md",
        "Two programs talk.",
        "Two programs talk.\n\n{{#explorer address}}\n",
    );
    assert!(
        repository.faults().is_empty(),
        "{}",
        repository.faults().join("\n")
    );
    let scripts = |file: &str| -> Vec<String> {
        page_of(&repository, file)
            .select(&Selector::parse("script[defer][src^=explorers]").unwrap())
            .map(|script| script.attr("src").unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        scripts("introduction.html"),
        [
            "explorers/address-reader.js",
            "explorers/address-model.js",
            "explorers/address.js"
        ]
    );
    assert!(scripts("04-tcp-chat.html").is_empty());
}

#[test]
fn what_a_reader_copies_is_a_command_without_the_prompt() {
    let page = page(&Repository::faultless());
    let commands: Vec<_> = page
        .select(&Selector::parse(".command").unwrap())
        .map(|command| command.attr("data-copy").unwrap().to_owned())
        .collect();
    assert_eq!(
        commands,
        [
            "cargo run -q -p lesson-04-tcp-chat -- server --port 8080",
            "cargo run -q -p lesson-04-tcp-chat -- client --port 8080"
        ]
    );
}

#[test]
fn the_front_matter_becomes_a_line_under_the_title() {
    let page = page(&Repository::faultless());
    assert_eq!(
        texts(&page, "p.lesson-head"),
        ["About 60 minutes · lesson-04-tcp-chat"]
    );
    assert!(!page.html().contains("minutes: 60"));
}

#[test]
fn blank_lines_of_a_program_do_not_break_the_page() {
    let page = page(&Repository::faultless());
    let screens = texts(&page, ".terminal:not(.file) .screen");
    assert_eq!(
        screens[0],
        "$ cargo run -q -p lesson-04-tcp-chat -- server --port 8080\nlistening on 127.0.0.1:8080\n\
         hello <b>&amp;</b>\n>>> ⏎\n\ntook ms ms\n"
    );
}

#[test]
fn the_lessons_stand_in_the_table_of_contents_with_their_numbers() {
    let repository = Repository::faultless();
    page(&repository);
    let toc = fs::read_to_string(repository.path().join("out/toc.html")).unwrap();
    assert!(toc.contains("04 · Taking turns"), "{toc}");
}

#[test]
fn a_fault_stops_the_build_and_is_named() {
    let repository = Repository::faultless();
    repository.replace(CHAPTER, "lib.rs:turns", "lib.rs:turn");
    let error = site::build(&repository.layout(), None)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("book/src/04-tcp-chat.md:17: lessons/04-tcp-chat/src/lib.rs"),
        "{error}"
    );
}

#[test]
fn a_folder_with_other_files_is_not_emptied() {
    let repository = Repository::faultless();
    let mine = repository.path().join("mine");
    repository.write("mine/letter.txt", "dear");
    let error = site::build(&repository.layout(), Some(&mine))
        .unwrap_err()
        .to_string();
    assert!(error.contains("holds other files"), "{error}");
    assert_eq!(repository.read("mine/letter.txt"), "dear");
    // An earlier book is replaced.
    let dest = repository.path().join("out");
    site::build(&repository.layout(), Some(&dest)).unwrap();
    site::build(&repository.layout(), Some(&dest)).unwrap();
}
