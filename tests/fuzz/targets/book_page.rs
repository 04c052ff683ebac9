//! A chapter of the book: front matter, fences, directives, listings, HTML.
//!
//! Oracles: counting lines; an HTML parser reads back what was escaped.
#![no_main]

use book::chapter::{Chapter, Place, is_lesson};
use book::directive::{Directive, Explorer, Found, find};
use book::{html, listing};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut faults = Vec::new();
    let chapter = Chapter::parse("made-up.md", text.to_owned(), &mut faults);
    let total = text.lines().count();
    let lines = chapter.lines();
    assert_eq!(chapter.front.lines + lines.len(), total);
    for (index, line) in lines.iter().enumerate() {
        assert_eq!(line.number, chapter.front.lines + index + 1);
        assert_eq!(Some(line.text), text.lines().nth(line.number - 1));
        if line.place == Place::Prose {
            directive(line.text);
        }
    }
    if let Some(lesson) = &chapter.front.lesson {
        assert!(is_lesson(lesson));
    }
    if let Ok(cut) = listing::cut(text, "a") {
        assert!(cut.lines().count() <= total);
        assert!(!cut.trim().is_empty());
        assert!(!cut.lines().any(|line| line.trim() == "// ANCHOR: a"));
        // Every line of it is one of the source, without its indentation. `lines` takes a carriage return
        // off the end, and another one off what was left: a line may end with any number of them.
        let mut all = text.lines().map(without_returns);
        assert!(
            cut.lines()
                .map(without_returns)
                .all(|cut| all.any(|line| line.ends_with(cut)))
        );
    }
    let escaped = html::escape(text);
    assert!(!escaped.contains(['\n', '<', '>', '"']));
    if !text.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
        let page = format!("<b title=\"{escaped}\">{escaped}</b>");
        let page = scraper::Html::parse_fragment(&page);
        let all: Vec<_> = page.root_element().children().collect();
        assert_eq!(all.len(), 1);
        let element = scraper::ElementRef::wrap(all[0]).expect("an element");
        assert_eq!(element.attr("title"), Some(text));
        assert_eq!(element.text().collect::<String>(), text);
    }
    let caption = html::caption(text);
    assert_eq!(caption.matches('<').count() % 2, 0);
});

fn without_returns(line: &str) -> &str {
    line.trim_end_matches('\r')
}

fn directive(line: &str) {
    match find(line) {
        Found::Nothing => {}
        Found::Wrong { what, expected } => assert!(!what.is_empty() && !expected.is_empty()),
        Found::Directive(directive) => {
            // Written in the usual form, it is the same one.
            let usual = match &directive {
                Directive::Scene(id) => format!("scene {id}"),
                Directive::Picture(id) => format!("picture {id}"),
                Directive::Listing {
                    path,
                    anchor,
                    caption,
                } => format!("listing {path}:{anchor} {caption}"),
                Directive::Exercises(lesson) => format!("exercises {lesson}"),
                Directive::ExerciseTable => "exercises table".to_owned(),
                Directive::Measured(name) => format!("measured {name}"),
                Directive::MeasuredShort(name) => format!("measured {name} short"),
                Directive::Explorer(Explorer::Address) => "explorer address".to_owned(),
                Directive::Explorer(Explorer::Weather) => "explorer weather".to_owned(),
                Directive::Misconceptions => "misconceptions".to_owned(),
                Directive::FlakesCount => "flakes count".to_owned(),
                Directive::FuzzTable => "fuzz table".to_owned(),
                Directive::HostileMatrix => "hostile matrix".to_owned(),
                Directive::CoursePlan => "plan course".to_owned(),
                Directive::SessionPlan { limit, parts } => {
                    let of = limit.map_or(String::new(), |limit| format!("of {limit}: "));
                    let parts: Vec<String> = parts
                        .iter()
                        .map(|(chapter, minutes)| match minutes {
                            Some(minutes) => format!("{chapter}={minutes}"),
                            None => chapter.clone(),
                        })
                        .collect();
                    format!("plan session {of}{}", parts.join(" "))
                }
            };
            let usual = format!("{{{{#{usual}}}}}");
            assert_eq!(find(&usual), Found::Directive(directive), "{usual}");
        }
    }
}
