//! A chapter is edited while its page is open.

use std::fs;
use std::path::{Path, PathBuf};

use book::layout::Layout;
use fantoccini::Client;
use serde_json::json;
use tempfile::TempDir;

use crate::CHAT;
use crate::driver::{Setting, with};
use crate::place::{Server, ask, press, until};

const CHAPTER: &str = "book/src/04-tcp-chat.md";

/// A copy of the course that a test may write in.
struct Course(TempDir);

impl Course {
    fn copy() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(Layout::find().unwrap().root(), folder.path());
        Self(folder)
    }

    fn chapter(&self) -> PathBuf {
        self.0.path().join(CHAPTER)
    }

    fn text(&self) -> String {
        fs::read_to_string(self.chapter()).unwrap()
    }

    /// Saves the chapter as editors do: whoever reads it meanwhile finds the old text or the new one.
    fn save(&self, text: &str) {
        let beside = self.chapter().with_extension("md.new");
        fs::write(&beside, text).unwrap();
        fs::rename(beside, self.chapter()).unwrap();
    }
}

/// Copies sources: not what is built from them, nor their history.
fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if ["target", ".git", "html"].contains(&name.to_str().unwrap()) {
            continue;
        }
        let place = to.join(&name);
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&place).unwrap();
            copy(&entry.path(), &place);
        } else {
            fs::copy(entry.path(), place).unwrap();
        }
    }
}

async fn shows(client: &Client, text: &str) {
    until(
        client,
        &format!("document.body.textContent.includes('{text}')"),
    )
    .await;
}

#[tokio::test]
async fn a_saved_chapter_is_shown_at_the_same_place_and_its_faults_are_told() {
    with(Setting::default(), async |client| {
        let course = Course::copy();
        let server = Server::start_in(course.0.path());
        client.goto(&server.address).await.unwrap();
        client.goto(&server.page("04-tcp-chat.html")).await.unwrap();
        let faultless = course.text();
        ask(client, "scrollTo(0, 1500)").await;
        until(client, "scrollY === 1500").await;

        // Saved, shown, and nobody has touched the page.
        course.save(&format!("{faultless}\nThis sentence is new.\n"));
        shows(client, "This sentence is new.").await;
        until(client, "scrollY === 1500").await;

        // A fault: the page stays, and says which line of which file.
        let line = faultless.lines().count() + 2;
        course.save(&format!("{faultless}\n{{{{#scene 04-tcp-chat/nosuch}}}}\n"));
        shows(client, "The book has faults").await;
        shows(client, &format!("{CHAPTER}:{line}")).await;
        shows(client, "This sentence is new.").await;

        // Mended while a scene is replayed: the reader says when.
        press(client, CHAT, "Replay").await;
        press(client, CHAT, "Pause").await;
        course.save(&format!("{faultless}\nThis one is newer.\n"));
        shows(client, "The book has changed.").await;
        shows(client, "This sentence is new.").await;
        ask(
            client,
            "document.querySelector('.book-note button').click() || null",
        )
        .await;
        shows(client, "This one is newer.").await;
        until(client, "document.querySelector('.book-note') === null").await;
        assert_eq!(
            ask(
                client,
                "document.body.textContent.includes('This sentence is new.')"
            )
            .await,
            json!(false)
        );
    })
    .await;
}
