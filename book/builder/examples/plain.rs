//! The chapters of the book, written by mdBook alone: `cargo run -p book --example plain -- DIR`.
//!
//! The lines that our builder fills are taken out, and the rest is given to mdBook. `cargo xtask bench
//! book` measures the builder beside it.

use std::path::PathBuf;
use std::{env, fs};

use anyhow::{Context, Result};
use book::chapter::{Chapter, Place};
use book::directive::{self, Found};
use book::layout::Layout;
use book::summary;
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;

fn main() -> Result<()> {
    let dest = env::args_os()
        .nth(1)
        .context("name a folder for the pages")?;
    let layout = Layout::find()?;
    let root = layout.book();
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let mut faults = Vec::new();
    let chapters = Chapter::all(&layout, &mut faults)?;
    for chapter in &chapters {
        fs::write(folder.path().join(&chapter.file), plain(chapter))?;
    }
    let images = layout.chapters().join("images");
    fs::create_dir(folder.path().join("images"))?;
    for image in fs::read_dir(&images)? {
        let image = image?;
        fs::copy(
            image.path(),
            folder.path().join("images").join(image.file_name()),
        )?;
    }
    let text = fs::read_to_string(layout.chapters().join("SUMMARY.md"))?;
    let (text, _) = summary::complete(&text, &chapters, &mut faults);
    let mut config = Config::from_disk(root.join("book.toml"))?;
    config.book.src = folder.path().into();
    config.build.build_dir = std::path::absolute(PathBuf::from(dest))?;
    let summary = mdbook_summary::parse_summary(&text)?;
    MDBook::load_with_config_and_summary(&root, config, summary)?.build()
}

/// The chapter without the lines that our builder fills.
fn plain(chapter: &Chapter) -> String {
    let is_ours = |text| matches!(directive::find(text), Found::Directive(_));
    let mut page = String::new();
    for line in chapter.lines() {
        if line.place != Place::Prose || !is_ours(line.text) {
            page.push_str(line.text);
            page.push('\n');
        }
    }
    page
}
