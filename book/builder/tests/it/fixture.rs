//! A small repository with one lesson, one scene and a faultless book. A test spoils one thing.

use std::fs;
use std::path::Path;

use book::check;
use book::layout::Layout;
use tempfile::TempDir;

pub struct Repository {
    folder: TempDir,
}

pub const CHAPTER: &str = "book/src/04-tcp-chat.md";
pub const SCENE: &str = "tests/scenes/04-tcp-chat/turns.scene";
pub const FIGURES: &str = "book/measured/ip-one.json";
pub const SNAPSHOT: &str = "tests/snapshots/04-tcp-chat__turns.snap";

impl Repository {
    pub fn faultless() -> Self {
        let repository = Self {
            folder: TempDir::new().unwrap(),
        };
        let book = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        for file in [
            "book.toml",
            "theme/colours.css",
            "theme/layers.css",
            "theme/terminals.css",
            "theme/pictures.css",
            "theme/print.css",
            "theme/scenes.css",
            "theme/explorers.css",
            "theme/layers.js",
            "theme/scenes.js",
            "theme/changes.js",
            "theme/favicon.svg",
        ] {
            repository.write(
                &format!("book/{file}"),
                &fs::read_to_string(book.join(file)).unwrap(),
            );
        }
        repository.write(
            "book/src/SUMMARY.md",
            "# Summary\n\n[Layer by Layer](introduction.md)\n\n# Lessons\n\n{{#lessons}}\n\n\
             # More\n\n- [Glossary](glossary.md)\n- [For teachers](for-teachers.md)\n",
        );
        repository.write(
            "book/src/introduction.md",
            "# Layer by Layer\n\nTwo programs talk.\n\n{{#measured ip-one}}\n",
        );
        repository.write(
            "book/src/glossary.md",
            "# Glossary\n\n### octet\n\nEight bits.\n",
        );
        repository.write(
            "book/src/for-teachers.md",
            "# For teachers\n\n{{#plan course}}\n\n{{#plan session of 90: 04}}\n",
        );
        repository.write(
            "lessons/04-tcp-chat/Cargo.toml",
            "[package]\nname = \"lesson-04-tcp-chat\"\n",
        );
        repository.write(
            "lessons/04-tcp-chat/src/lib.rs",
            "// ANCHOR: turns\n    fn turn<T>() -> bool {\n        // ANCHOR: inner\n        1 < 2 && true\n        \
             // ANCHOR_END: inner\n    }\n// ANCHOR_END: turns\n",
        );
        repository.write(FIGURES, &fs::read_to_string(here("measured.json")).unwrap());
        repository.write(SCENE, &fs::read_to_string(here("turns.scene")).unwrap());
        repository.write(SNAPSHOT, &fs::read_to_string(here("turns.snap")).unwrap());
        let prose = "A program reads what has arrived, and no more than that. ".repeat(150);
        repository.write(
            CHAPTER,
            &fs::read_to_string(here("chapter.md"))
                .unwrap()
                .replace("PROSE", &prose),
        );
        repository
    }

    pub fn layout(&self) -> Layout {
        Layout::new(self.folder.path())
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.folder.path().join(file)).unwrap()
    }

    pub fn write(&self, file: &str, text: &str) {
        let path = self.folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn remove(&self, file: &str) {
        fs::remove_file(self.folder.path().join(file)).unwrap();
    }

    /// Replaces the first `old` in a file, which must be there.
    #[track_caller]
    pub fn replace(&self, file: &str, old: &str, new: &str) {
        let text = self.read(file);
        assert!(text.contains(old), "{file} has no {old:?}");
        self.write(file, &text.replacen(old, new, 1));
    }

    /// The faults that the check finds, written out.
    pub fn faults(&self) -> Vec<String> {
        let report = check::check(&self.layout()).unwrap();
        report.faults.iter().map(ToString::to_string).collect()
    }

    /// There is exactly one fault; it begins with `place` and contains `words`.
    #[track_caller]
    pub fn has_one_fault(&self, place: &str, words: &str) {
        let faults = self.faults();
        assert_eq!(faults.len(), 1, "{}", faults.join("\n"));
        let fault = &faults[0];
        assert!(
            fault.starts_with(&format!("{place}: ")),
            "expected {place} in: {fault}"
        );
        assert!(fault.contains(words), "expected {words:?} in: {fault}");
    }
}

fn here(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/fixture")
        .join(file)
}
