//! `book test`: what keeps the book honest.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;

use anyhow::{Context, Result};

use crate::chapter::{Chapter, Place, is_lesson};
use crate::directive::{self, Directive, Found};
use crate::fault::{self, Fault};
use crate::layout::Layout;
use crate::plan;
use crate::site::Site;

mod page;
mod pages;
mod source;
mod url;

/// Words of prose in a lesson's chapter: fewer do not teach, more are not read.
pub const WORDS: std::ops::RangeInclusive<usize> = 1500..=3000;

/// What the checks found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Everything that is wrong. An empty list is a book that can be published.
    pub faults: Vec<Fault>,
    /// The chapters, in the book's order.
    pub chapters: Vec<Measured>,
    /// Scenes that a chapter shows.
    pub scenes: usize,
    /// Links and resources that were followed in the finished pages.
    pub links: usize,
}

/// A chapter's measure.
#[derive(Debug, Clone)]
pub struct Measured {
    /// Its file in `book/src/`.
    pub file: String,
    /// Its words of prose; code, directives and HTML do not count.
    pub words: usize,
    /// Its minutes in class.
    pub minutes: Option<u32>,
    /// Whether its length is not judged yet.
    pub draft: bool,
}

/// Checks the sources of the book, builds it in a temporary folder, and checks its pages.
///
/// # Errors
/// When a file cannot be read or the pages cannot be written. What is wrong *in* the book is in
/// the report.
pub fn check(layout: &Layout) -> Result<Report> {
    let site = Site::read(layout)?;
    let mut report = Report {
        faults: site.faults().to_vec(),
        ..Report::default()
    };
    for chapter in site.chapters() {
        source::check(chapter, &mut report.faults);
        report.chapters.push(Measured {
            file: chapter.file.clone(),
            words: source::words(chapter),
            minutes: chapter.front.minutes,
            draft: chapter.front.draft,
        });
    }
    lessons_have_chapters(layout, site.chapters(), &mut report.faults)?;
    scripts_stay_here(layout, &mut report.faults)?;
    report.scenes = scenes_are_shown(&site, &mut report.faults);
    exercises_are_shown(&site, &mut report.faults);
    figures_are_shown(layout, site.chapters(), &mut report.faults)?;
    if !site.chapters().is_empty() {
        let folder = tempfile::tempdir().context("no temporary folder for the pages")?;
        report.faults.extend(site.render(folder.path())?);
        report.links = pages::check(folder.path(), site.chapters(), &mut report.faults)?;
    }
    report
        .faults
        .sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    report.faults.dedup();
    Ok(report)
}

fn lessons_have_chapters(
    layout: &Layout,
    chapters: &[Chapter],
    faults: &mut Vec<Fault>,
) -> Result<()> {
    let folder = layout.lessons();
    let entries =
        fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut lessons = BTreeSet::new();
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if is_lesson(&name) {
            lessons.insert(name);
        }
    }
    for lesson in &lessons {
        if !chapters
            .iter()
            .any(|chapter| chapter.front.lesson.as_ref() == Some(lesson))
        {
            faults.push(Fault::new(
                format!("lessons/{lesson}"),
                None,
                "no chapter of the book teaches this lesson",
                format!("write book/src/{lesson}.md with `lesson: {lesson}` in its front matter"),
            ));
        }
    }
    for chapter in chapters {
        if let Some(lesson) = &chapter.front.lesson
            && !lessons.contains(lesson)
        {
            faults.push(Fault::new(
                chapter.name(),
                chapter.line_of("lesson:"),
                format!("there is no lesson lessons/{lesson}"),
                format!(
                    "expected one of {}",
                    lessons.iter().cloned().collect::<Vec<_>>().join(", ")
                ),
            ));
        }
    }
    Ok(())
}

/// The book's own scripts name no other host. (mdBook's name one, for the run button that this book
/// does not have; the pages are checked for that button.)
fn scripts_stay_here(layout: &Layout, faults: &mut Vec<Fault>) -> Result<()> {
    for folder in ["theme", "src/explorers"] {
        scripts_of_a_folder_stay_here(layout, folder, faults)?;
    }
    Ok(())
}

fn scripts_of_a_folder_stay_here(
    layout: &Layout,
    name_of_folder: &str,
    faults: &mut Vec<Fault>,
) -> Result<()> {
    let folder = layout.book().join(name_of_folder);
    if !folder.is_dir() {
        return Ok(());
    }
    let entries =
        fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_none_or(|ending| ending != "js") {
            continue;
        }
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        for (index, _) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| line.contains("://"))
        {
            faults.push(Fault::new(
                format!("book/{name_of_folder}/{name}"),
                index + 1,
                "the script names another host",
                "take it out: no page asks another host",
            ));
        }
    }
    Ok(())
}

/// Finds the lessons whose exercises no chapter shows.
fn exercises_are_shown(site: &Site, faults: &mut Vec<Fault>) {
    let lessons: BTreeSet<&str> = (site.expander().exercises().iter())
        .map(|exercise| exercise.lesson.as_str())
        .collect();
    for lesson in lessons {
        let directive = format!("{{{{#exercises {lesson}}}}}");
        let is_shown =
            |chapter: &Chapter| chapter.lines().iter().any(|line| line.text == directive);
        if !site.chapters().iter().any(is_shown) {
            faults.push(Fault::new(
                format!("book/src/{lesson}.md"),
                None,
                "the exercises of this lesson stand in no chapter",
                format!("write `{directive}` under `## Exercises`"),
            ));
        }
    }
}

/// Records of other chores in the same folder: what shows them is no `{{#measured …}}`.
const OTHER_RECORDS: [&str; 4] = ["flakes", "fuzz", "hostile", "soak"];

/// Finds the benchmarks whose figures no chapter shows.
fn figures_are_shown(layout: &Layout, chapters: &[Chapter], faults: &mut Vec<Fault>) -> Result<()> {
    let folder = layout.root().join(measured::FOLDER);
    if !folder.is_dir() {
        return Ok(());
    }
    let entries =
        fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let Some(name) = path.file_stem().and_then(|name| name.to_str()) else {
            continue;
        };
        if OTHER_RECORDS.contains(&name) {
            continue;
        }
        let directive = format!("{{{{#measured {name}}}}}");
        let is_shown =
            |chapter: &Chapter| chapter.lines().iter().any(|line| line.text == directive);
        if !chapters.iter().any(is_shown) {
            faults.push(Fault::new(
                format!("{}/{name}.json", measured::FOLDER),
                None,
                "no chapter shows these figures",
                format!("write `{directive}` on a line of its own, or delete the file"),
            ));
        }
    }
    Ok(())
}

/// Finds the scenes that no chapter shows; returns how many are shown.
fn scenes_are_shown(site: &Site, faults: &mut Vec<Fault>) -> usize {
    let mut shown = BTreeSet::new();
    for chapter in site.chapters() {
        for line in chapter.lines() {
            if line.place == Place::Prose
                && let Found::Directive(Directive::Scene(id)) = directive::find(line.text)
            {
                shown.insert(id);
            }
        }
    }
    let scenes = site.expander().scenes();
    for id in scenes.keys().filter(|id| !shown.contains(*id)) {
        let lesson = id.split('/').next().unwrap_or_default();
        faults.push(Fault::new(
            format!("tests/scenes/{id}.scene"),
            None,
            "no chapter shows this scene",
            format!("put `{{{{#scene {id}}}}}` on a line of its own into book/src/{lesson}.md"),
        ));
    }
    shown.iter().filter(|id| scenes.contains_key(*id)).count()
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chapter in &self.chapters {
            write!(f, "{:<28}{:>6} words", chapter.file, chapter.words)?;
            if let Some(minutes) = chapter.minutes {
                write!(f, "{minutes:>6} minutes")?;
            }
            writeln!(f, "{}", if chapter.draft { "  draft" } else { "" })?;
        }
        let minutes = self
            .chapters
            .iter()
            .filter_map(|chapter| chapter.minutes)
            .sum();
        writeln!(
            f,
            "{} chapters, {} in class, {} scenes, {} links followed",
            self.chapters.len(),
            plan::hours(minutes),
            self.scenes,
            self.links
        )?;
        match self.faults.len() {
            0 => write!(f, "the book has no fault"),
            1 => write!(f, "\n{}\n\nthe book has 1 fault", fault::list(&self.faults)),
            many => write!(
                f,
                "\n{}\n\nthe book has {many} faults",
                fault::list(&self.faults)
            ),
        }
    }
}
