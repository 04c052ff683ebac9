//! The finished book: a folder of pages.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;

use crate::chapter::Chapter;
use crate::expand::{Expander, InProcess};
use crate::fault::{self, Fault};
use crate::layout::Layout;
use crate::quiet;
use crate::summary;

/// A book whose sources have been read.
pub struct Site {
    layout: Layout,
    summary: String,
    expander: Arc<Expander>,
    /// The chapters in the book's order.
    chapters: Vec<Chapter>,
    /// What reading them found.
    faults: Vec<Fault>,
}

impl Site {
    /// Reads the sources of the book.
    ///
    /// # Errors
    /// When a file cannot be read. What is wrong *in* the files is in [`Site::faults`].
    pub fn read(layout: &Layout) -> Result<Self> {
        let mut faults = Vec::new();
        let all = Chapter::all(layout, &mut faults)?;
        let file = layout.chapters().join("SUMMARY.md");
        let text =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let (summary, order) = summary::complete(&text, &all, &mut faults);
        let chapters: Vec<Chapter> = order
            .iter()
            .filter_map(|file| all.iter().find(|chapter| chapter.file == *file).cloned())
            .collect();
        let expander = Arc::new(Expander::new(layout, chapters.clone())?);
        Ok(Self {
            layout: layout.clone(),
            summary,
            expander,
            chapters,
            faults,
        })
    }

    /// The chapters in the book's order.
    pub fn chapters(&self) -> &[Chapter] {
        &self.chapters
    }

    /// What was wrong in the sources so far: front matter, summary.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// What directives refer to.
    pub fn expander(&self) -> &Expander {
        &self.expander
    }

    /// Writes the pages to `dest`, even when a directive does not resolve, and returns what was
    /// wrong: directives, and what mdBook warned of.
    ///
    /// # Errors
    /// When mdBook fails.
    pub fn render(&self, dest: &Path) -> Result<Vec<Fault>> {
        let root = self.layout.book();
        let mut config = Config::from_disk(root.join("book.toml")).context("book/book.toml")?;
        config.build.build_dir = std::path::absolute(dest)?;
        let summary =
            mdbook_summary::parse_summary(&self.summary).context("book/src/SUMMARY.md")?;
        let faults = Arc::new(Mutex::new(Vec::new()));
        let expander = Arc::clone(&self.expander);
        let preprocessor = InProcess {
            expander,
            faults: Arc::clone(&faults),
        };
        let (result, warnings) = quiet::warnings_of(|| {
            let mut book = MDBook::load_with_config_and_summary(&root, config, summary)?;
            book.with_preprocessor(preprocessor);
            book.build()
        });
        result.context("mdBook could not write the pages")?;
        let mut faults =
            std::mem::take(&mut *faults.lock().unwrap_or_else(PoisonError::into_inner));
        faults.extend(warnings.into_iter().map(|warning| self.warned(&warning)));
        Ok(faults)
    }

    /// Makes a fault of what mdBook warned of: the chapter is named in it, between backquotes.
    fn warned(&self, warning: &str) -> Fault {
        let first = warning.lines().next().unwrap_or_default();
        let chapter = self
            .chapters
            .iter()
            .find(|chapter| first.contains(&chapter.file));
        let file = chapter.map_or_else(|| "book/src".to_owned(), Chapter::name);
        let tag = first.split('`').find(|part| part.starts_with('<'));
        let line = chapter
            .zip(tag)
            .and_then(|(chapter, tag)| chapter.line_of(tag.trim_end_matches('>')));
        Fault::new(
            file,
            line,
            first,
            "close every HTML tag, in the order in which they were opened",
        )
    }
}

/// Builds the book into `dest`, or `book/html` if nothing is said, and returns that folder.
///
/// # Errors
/// When a source is wrong (all faults are listed), or `dest` holds something that is not a book.
pub fn build(layout: &Layout, dest: Option<&Path>) -> Result<PathBuf> {
    let site = Site::read(layout)?;
    if site.chapters().is_empty() {
        bail!(
            "the book has no chapter yet: write one in {}",
            layout.chapters().display()
        );
    }
    let dest = dest.map_or_else(|| layout.html(), Path::to_owned);
    // What stands in the folder is deleted: be sure that it is an earlier book.
    let is_empty = fs::read_dir(&dest).map_or(true, |mut entries| entries.next().is_none());
    if !is_empty && dest != layout.html() && !dest.join(".nojekyll").is_file() {
        bail!(
            "{} holds other files: name an empty folder or a new one",
            dest.display()
        );
    }
    let faults = site.render(&dest)?;
    if !faults.is_empty() {
        bail!("the book has faults:\n{}", fault::list(&faults));
    }
    Ok(dest)
}
