//! Where the parts of the repository stand.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folders that the book is made from. All follow from the root of the repository, so a test
/// can lay out a small repository of its own.
#[derive(Debug, Clone)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    /// The repository whose root is `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The repository around the current folder, or else the one that this program was built from.
    ///
    /// # Errors
    /// When neither has a `book/book.toml`.
    pub fn find() -> Result<Self> {
        let here = env::current_dir().context("the current folder cannot be read")?;
        let built_from = Path::new(env!("CARGO_MANIFEST_DIR"));
        here.ancestors()
            .chain(built_from.ancestors())
            .find(|folder| folder.join("book").join("book.toml").is_file())
            .map(Self::new)
            .with_context(|| {
                format!(
                    "no book/book.toml in {} or above it: run this inside the repository",
                    here.display()
                )
            })
    }

    /// The root of the repository.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// `book/`.
    pub fn book(&self) -> PathBuf {
        self.root.join("book")
    }

    /// `book/src/`: the chapters.
    pub fn chapters(&self) -> PathBuf {
        self.book().join("src")
    }

    /// `book/html/`: where the finished book goes if nothing else is said.
    pub fn html(&self) -> PathBuf {
        self.book().join("html")
    }

    /// `lessons/`.
    pub fn lessons(&self) -> PathBuf {
        self.root.join("lessons")
    }

    /// `tests/`: scenes and snapshots.
    pub fn tests(&self) -> PathBuf {
        self.root.join("tests")
    }

    /// The name of a chapter file in messages: `book/src/…`.
    pub fn chapter_name(file: &str) -> String {
        format!("book/src/{file}")
    }
}
