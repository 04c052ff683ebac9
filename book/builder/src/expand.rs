//! From a chapter's source to the Markdown that mdBook renders.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use catalog::exercise::{self, Exercise};
use mdbook_preprocessor::book::{Book, BookItem};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use scenes::scene::Scene;
use scenes::transcript::Transcript;

use crate::chapter::{Chapter, Place};
use crate::command::Programs;
use crate::directive::{self, Directive, Explorer, Found};
use crate::fault::Fault;
use crate::layout::Layout;
use crate::{
    exercises, explorer, flakes, fuzzed, hostile, html, listing, measured, picture, plan, terminals,
};

/// Everything that directives refer to.
#[derive(Debug)]
pub struct Expander {
    layout: Layout,
    scenes: BTreeMap<String, Scene>,
    programs: Programs,
    exercises: Vec<Exercise>,
    /// The chapters in the book's order.
    chapters: Vec<Chapter>,
}

impl Expander {
    /// Reads scenes, programs and exercises; `chapters` are those of the book, in its order.
    ///
    /// # Errors
    /// When a scene, an exercise or the lessons' folder cannot be read.
    pub fn new(layout: &Layout, chapters: Vec<Chapter>) -> Result<Self> {
        let scenes = if layout.tests().join("scenes").is_dir() {
            scenes::scene::all(layout.root()).context("a scene cannot be read")?
        } else {
            Vec::new()
        };
        Ok(Self {
            layout: layout.clone(),
            scenes: scenes
                .into_iter()
                .map(|scene| (scene.id.clone(), scene))
                .collect(),
            programs: Programs::of_lessons(&layout.lessons())?,
            exercises: exercise::read(layout.root()).context("an exercise cannot be read")?,
            chapters,
        })
    }

    /// The scenes, by their ids.
    pub fn scenes(&self) -> &BTreeMap<String, Scene> {
        &self.scenes
    }

    /// The exercises of all lessons.
    pub fn exercises(&self) -> &[Exercise] {
        &self.exercises
    }

    /// The chapter as Markdown and HTML. What cannot be resolved is left out and goes to `faults`.
    pub fn expand(&self, chapter: &Chapter, faults: &mut Vec<Fault>) -> String {
        let mut page = String::with_capacity(chapter.text.len() * 2);
        let mut head = head(chapter);
        let mut shown = BTreeMap::new();
        for line in chapter.lines() {
            let found = match line.place {
                Place::Prose => directive::find(line.text),
                Place::Fence(_) | Place::Code => Found::Nothing,
            };
            match found {
                Found::Nothing => page.push_str(line.text),
                Found::Directive(directive) => {
                    let indent = &line.text[..line.text.len() - line.text.trim_start().len()];
                    match self.resolve(&directive, indent) {
                        Ok(content) => {
                            let times = shown.entry(directive.clone()).or_insert(0_usize);
                            *times += 1;
                            page.push_str(&numbered(content, *times));
                        }
                        Err((what, mend)) => {
                            faults.push(Fault::new(chapter.name(), line.number, what, mend));
                        }
                    }
                }
                Found::Wrong { what, expected } => {
                    faults.push(Fault::new(chapter.name(), line.number, what, expected));
                }
            }
            page.push('\n');
            if line.place == Place::Prose
                && line.text.starts_with("# ")
                && let Some(head) = head.take()
            {
                page.push_str(&head);
            }
        }
        page
    }

    fn resolve(&self, directive: &Directive, indent: &str) -> Result<String, (String, String)> {
        match directive {
            Directive::Scene(id) => {
                let (scene, transcript) = self.scene(id)?;
                Ok(format!(
                    "{indent}{}",
                    terminals::figure(scene, &transcript, &self.programs)
                ))
            }
            Directive::Picture(id) => {
                let (scene, transcript) = self.scene(id)?;
                let figure = picture::figure(scene, &transcript).ok_or_else(|| {
                    (
                        format!("nothing was recorded on the wire in the scene `{id}`"),
                        "add `wire PORT` to the scene file, and play it again".to_owned(),
                    )
                })?;
                Ok(format!("{indent}{figure}"))
            }
            Directive::Listing {
                path,
                anchor,
                caption,
            } => listing::figure(self.layout.root(), path, anchor, caption, indent),
            Directive::Exercises(lesson) => exercises::tasks(&self.exercises, lesson),
            Directive::ExerciseTable => Ok(exercises::table(&self.exercises)),
            Directive::Measured(name) => measured::figures(self.layout.root(), name),
            Directive::MeasuredShort(name) => measured::short(self.layout.root(), name),
            Directive::Misconceptions => Ok(exercises::misconceptions(&self.exercises)),
            Directive::FlakesCount => flakes::count(self.layout.root()),
            Directive::FuzzTable => fuzzed::table(self.layout.root()),
            Directive::HostileMatrix => hostile::matrix(self.layout.root()),
            Directive::Explorer(Explorer::Address) => Ok(explorer::address::figure()),
            Directive::Explorer(Explorer::Weather) => Ok(explorer::weather::figure()),
            Directive::CoursePlan => Ok(plan::course(&self.chapters.iter().collect::<Vec<_>>())),
            Directive::SessionPlan { limit, parts } => {
                plan::session(&self.chapters.iter().collect::<Vec<_>>(), *limit, parts)
            }
        }
    }

    fn scene(&self, id: &str) -> Result<(&Scene, Transcript), (String, String)> {
        let scene = self.scenes.get(id).ok_or_else(|| {
            let near: Vec<&str> = self
                .scenes
                .keys()
                .filter(|known| known.split('/').next() == id.split('/').next())
                .map(String::as_str)
                .collect();
            let mend = if near.is_empty() {
                format!("write the scene tests/scenes/{id}.scene, or name another")
            } else {
                format!(
                    "expected one of {}, or a new file tests/scenes/{id}.scene",
                    near.join(", ")
                )
            };
            (format!("there is no scene `{id}`"), mend)
        })?;
        let snapshot = format!("tests/snapshots/{}.snap", scene.snapshot_name());
        let text = fs::read_to_string(self.layout.root().join(&snapshot)).map_err(|_| {
            (
                format!("the scene `{id}` has no transcript {snapshot}"),
                format!("play it and accept what it shows: `INSTA_UPDATE=always cargo test -p scenes -- {id}`"),
            )
        })?;
        let transcript = Transcript::parse(&text).map_err(|error| {
            (
                format!("{snapshot} cannot be read: {error:#}"),
                format!("play the scene again: `INSTA_UPDATE=always cargo test -p scenes -- {id}`"),
            )
        })?;
        Ok((scene, transcript))
    }
}

/// An `id` may stand only once on a page: the second figure of a scene gets a number.
fn numbered(figure: String, times: usize) -> String {
    if times < 2 {
        return figure;
    }
    match figure.split_once("\" data-") {
        Some((before, after)) => format!("{before}-{times}\" data-{after}"),
        None => figure,
    }
}

/// What stands under the title: how long the chapter takes, and the package that it is about.
fn head(chapter: &Chapter) -> Option<String> {
    let minutes = chapter
        .front
        .minutes
        .map(|minutes| format!("About {minutes} minutes"));
    let lesson = chapter.front.lesson.as_deref().map(|lesson| {
        format!(
            "<code class=\"nohighlight\">lesson-{}</code>",
            html::escape(lesson)
        )
    });
    let parts: Vec<String> = [minutes, lesson].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("\n<p class=\"lesson-head\">{}</p>\n\n", parts.join(" · ")))
}

/// The expander in mdBook's clothes. Faults are collected for the caller, who decides about them.
pub(crate) struct InProcess {
    pub(crate) expander: Arc<Expander>,
    pub(crate) faults: Arc<Mutex<Vec<Fault>>>,
}

impl Preprocessor for InProcess {
    fn name(&self) -> &'static str {
        "layers"
    }

    fn run(&self, _: &PreprocessorContext, mut book: Book) -> Result<Book> {
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        book.for_each_mut(|item| {
            if let BookItem::Chapter(page) = item
                && let Some(file) = page.source_path.as_ref().and_then(|path| path.to_str())
            {
                // The front matter's faults were found when the chapters were read.
                let chapter = Chapter::parse(file, page.content.clone(), &mut Vec::new());
                page.content = self.expander.expand(&chapter, &mut faults);
            }
        });
        Ok(book)
    }
}
