//! The book as a reader has it: a folder of pages, or the server.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Instant;

use book::layout::Layout;
use book::site;
use fantoccini::Client;
use serde_json::Value;
use tempfile::TempDir;

use crate::driver::{DEADLINE, console};

/// The finished pages in a folder of their own.
pub struct Pages(TempDir);

impl Pages {
    pub fn build() -> Self {
        let folder = tempfile::tempdir().unwrap();
        site::build(&Layout::find().unwrap(), Some(folder.path())).unwrap();
        Self(folder)
    }

    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    /// The address of a page without any server.
    pub fn file(&self, page: &str) -> String {
        format!("file://{}", self.0.path().join(page).display())
    }

    /// The names of all pages that a reader turns to. What stands on the page for the printer stands on
    /// these.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.folder())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| {
                Path::new(name).extension().is_some_and(|end| end == "html")
                    && !["print.html", "toc.html"].contains(&name.as_str())
            })
            .collect();
        names.sort();
        names
    }
}

/// `cargo xtask book serve`, running.
pub struct Server {
    child: Child,
    /// The address that it prints, with the key.
    pub address: String,
}

impl Server {
    pub fn start() -> Self {
        Self::start_in(Layout::find().unwrap().root())
    }

    /// Of the course in this folder.
    pub fn start_in(course: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_book"))
            .args(["serve", "--port", "0", "--no-open"])
            .current_dir(course)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = child.stdout.take().unwrap();
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // The test may have heard enough.
                let _ = sender.send(line);
            }
        });
        let address = loop {
            let line = lines.recv_timeout(DEADLINE).unwrap();
            let word = line.split(' ').find(|word| word.starts_with("http://"));
            if let Some(word) = word {
                break word.to_owned();
            }
        };
        Self { child, address }
    }

    /// The address of a page, without the key: the browser keeps it once it was here.
    pub fn page(&self, name: &str) -> String {
        let base = self.address.split("/#").next().unwrap();
        format!("{}/{name}", base.trim_end_matches('/'))
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a piece of JavaScript gives in the page.
pub async fn ask(client: &Client, script: &str) -> Value {
    client
        .execute(&format!("return ({script});"), Vec::new())
        .await
        .unwrap_or_else(|error| panic!("{script}: {error}"))
}

/// Waits until a piece of JavaScript is true in the page. A look waits for the next frame that the
/// browser draws, so there is no pause of a chosen length.
pub async fn until(client: &Client, script: &str) {
    let end = Instant::now() + DEADLINE;
    loop {
        let frame = "const done = arguments[0]; requestAnimationFrame(() => done(null));";
        let _ = client.execute_async(frame, Vec::new()).await;
        // A page that loads itself anew may be gone in the middle of the question.
        let script = format!("return ({script});");
        let answer = client.execute(&script, Vec::new()).await;
        if matches!(answer, Ok(Value::Bool(true))) {
            return;
        }
        if Instant::now() > end {
            let text = ask(
                client,
                "[...document.querySelectorAll('.scene-bar, .live-terminals')].map(one => one.innerText)\
                 .filter(text => !text.startsWith('Replay') && !text.startsWith('Run\\nStep'))",
            )
            .await;
            panic!("it did not come true: {script}\n{answer:?}\n{text}");
        }
    }
}

/// Presses the button of the scene with this word on it.
pub async fn press(client: &Client, scene: &str, word: &str) {
    let button = format!(
        "[...document.querySelectorAll('[data-scene=\"{scene}\"] .scene-bar button')]\
         .find(button => button.textContent === '{word}' && !button.hidden\
         && button.ariaDisabled !== 'true')"
    );
    until(client, &format!("Boolean({button})")).await;
    // What nobody sees is not drawn.
    ask(
        client,
        &format!("{button}.closest('figure').scrollIntoView() || null"),
    )
    .await;
    ask(client, &format!("{button}.click() || null")).await;
}

/// All that the page asked another host for, and all that its console complains of.
pub async fn complaints(client: &Client) -> Vec<String> {
    let foreign = ask(
        client,
        "performance.getEntriesByType('resource').map(entry => entry.name)\
         .filter(name => !name.startsWith(location.protocol === 'file:' ? 'file:' : location.origin))\
         .filter(name => !name.startsWith('data:'))",
    )
    .await;
    let foreign = foreign.as_array().unwrap().iter().map(ToString::to_string);
    foreign.chain(console(client).await).collect()
}

/// What axe-core has to say against the page as it stands: rule, and the first elements.
pub async fn violations(client: &Client) -> Vec<String> {
    const AXE: &str = include_str!("axe.min.js");
    const RUN: &str = "const done = arguments[0];
        const words = one => one.id + ': '
            + one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ');
        axe.run({ resultTypes: ['violations'] })
            .then(result => done(result.violations.map(words)), error => done([String(error)]));";
    client.execute(AXE, Vec::new()).await.unwrap();
    let violations = client.execute_async(RUN, Vec::new()).await.unwrap();
    serde_json::from_value(violations).unwrap()
}
