//! Builds the book anew when one of its sources was saved.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use notify::{Event, EventKind, RecursiveMode, Watcher as _};

use super::{News, Pages};

/// A save is done when nothing has happened for so long.
const QUIET: Duration = Duration::from_millis(50);
/// A program that writes all the time is not waited for any longer.
const LONGEST: Duration = Duration::from_secs(1);

/// Watches the sources from now on. `say` hears, in a sentence each, what becomes of the book.
///
/// # Errors
/// When the system tells nothing of changes.
pub fn watch(
    pages: Arc<Pages>,
    news: Arc<News>,
    say: impl Fn(&str) + Send + 'static,
) -> Result<()> {
    let (sender, saves) = channel();
    // Some systems name a changed file by its real path.
    let root = pages.layout().root().canonicalize()?;
    let mut watcher = notify::recommended_watcher(announce(root.clone(), sender))?;
    // Not the sources' own folders: who deletes one and creates it again, as Git does, would not be heard.
    for folder in ["book", "tests", "lessons"].map(|name| root.join(name)) {
        watcher
            .watch(&folder, RecursiveMode::Recursive)
            .with_context(|| format!("{} cannot be watched", folder.display()))?;
    }
    std::thread::Builder::new()
        .name("rebuild".into())
        .spawn(move || {
            // It watches as long as it is held.
            let _watcher = watcher;
            while saves.recv().is_ok() {
                settle(&saves);
                build(&pages, &news, &say);
            }
        })?;
    Ok(())
}

/// Sends on that a source was changed. Who only reads one, as the builder does, changes nothing.
fn announce(root: PathBuf, sender: Sender<()>) -> impl FnMut(notify::Result<Event>) {
    move |event| {
        let Ok(event) = event else { return };
        let is_source = event.paths.iter().any(|path| {
            path.strip_prefix(&root)
                .is_ok_and(|path| is_source(path) && !is_hidden(path))
        });
        if (is_source || event.need_rescan()) && !matches!(event.kind, EventKind::Access(_)) {
            // Nobody listens any more when the server ends.
            let _ = sender.send(());
        }
    }
}

/// Whether the book is made from what stands at this path, which begins at the course's folder.
fn is_source(path: &Path) -> bool {
    let words: Vec<_> = path.iter().filter_map(|word| word.to_str()).collect();
    match words[..] {
        ["book", part, ..] => ["src", "theme", "measured", "book.toml"].contains(&part),
        ["tests", part, ..] => ["scenes", "snapshots"].contains(&part),
        // A lesson comes, or goes.
        ["lessons", _] => true,
        ["lessons", _, part, ..] => ["src", "exercises", "Cargo.toml"].contains(&part),
        _ => false,
    }
}

/// What editors keep beside a file: `.name.swp`, `name~`, `4913`, `#name#`.
fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with(['.', '#']) || name.ends_with('~') || name == "4913"
}

/// Waits until an editor has done all that a save is for it.
fn settle(saves: &Receiver<()>) {
    let begun = Instant::now();
    while saves.recv_timeout(QUIET).is_ok() && begun.elapsed() < LONGEST {}
}

fn build(pages: &Pages, news: &News, say: &impl Fn(&str)) {
    news.building();
    let begun = Instant::now();
    match pages.build_anew() {
        Ok(edition) => {
            say(&format!(
                "the book was built anew in {:.1} s",
                begun.elapsed().as_secs_f64()
            ));
            news.changed(edition);
        }
        Err(error) => {
            let faults = format!("{error:#}");
            say(&format!("{faults}\nthe pages stay as they were"));
            news.faults(pages.edition(), &faults);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_editors_hide_is_no_source() {
        for name in [".04.md.swp", "04.md~", "4913", "#04.md#"] {
            assert!(is_hidden(Path::new(name)), "{name}");
        }
        assert!(!is_hidden(Path::new("book/src/04-tcp-chat.md")));
    }

    #[test]
    fn the_book_is_made_from_its_sources_and_not_from_what_is_built() {
        for source in [
            "book/book.toml",
            "book/src",
            "book/src/04-tcp-chat.md",
            "book/theme/layers.css",
            "book/measured/ip-one.json",
            "tests/scenes/04-tcp-chat/cat.scene",
            "tests/snapshots",
            "lessons/04-tcp-chat",
            "lessons/04-tcp-chat/Cargo.toml",
            "lessons/04-tcp-chat/src/lib.rs",
        ] {
            assert!(is_source(Path::new(source)), "{source}");
        }
        for other in [
            "",
            "book",
            "book/html/index.html",
            "book/builder/src/main.rs",
            "tests/src/lib.rs",
            "lessons/04-tcp-chat/target/debug",
            "target/debug",
        ] {
            assert!(!is_source(Path::new(other)), "{other}");
        }
    }
}
