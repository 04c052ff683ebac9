//! `http`: one request, one answer. What curl does, for machines and scenes without curl.

use super::{connect, say};
use anyhow::{Context as _, Result, anyhow};
use clap::Args;
use lesson_00_cs_vs_bs::browser::{Answer, Browser};
use lesson_00_cs_vs_bs::http::page::octets;
use lesson_00_cs_vs_bs::terminal::{plain, visible};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Options of `http`.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    cargo run -q -p lesson-00-cs-vs-bs -- http GET / --head\n  \
    cargo run -q -p lesson-00-cs-vs-bs -- http PUT /files/a.txt --data hello\n  \
    cargo run -q -p lesson-00-cs-vs-bs -- http DELETE /files/a.txt --header 'Origin: http://evil.example'")]
pub struct Http {
    /// The method: GET, HEAD, PUT, POST, DELETE, OPTIONS, or anything else
    method: String,
    /// The target, sent exactly as written: / or /files/<name>
    target: String,
    /// Address or name of the server
    #[arg(long, default_value = "127.0.0.1")]
    addr: String,
    /// Port of the server's HTTP
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// One more header field, as 'Name: value'
    #[arg(long, short = 'H', value_name = "FIELD", value_parser = parse_field)]
    header: Vec<(String, String)>,
    /// Text to send as the body
    #[arg(long, value_name = "TEXT", conflicts_with = "form")]
    data: Option<String>,
    /// A file to send in a form, as a browser does
    #[arg(long, value_name = "FILE")]
    form: Option<PathBuf>,
    /// Show the header fields of the answer too
    #[arg(long)]
    head: bool,
}

/// Header fields go to the wire as typed, so a line end inside would be a second field.
fn parse_field(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once(':')
        .ok_or("a header field is written 'Name: value'")?;
    if text.contains(['\r', '\n']) || name.trim().is_empty() {
        return Err("a header field is one line with a name".to_owned());
    }
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

impl Http {
    /// Sends the request and prints the answer. The exit code is 0 whatever the status: the
    /// exchange worked.
    pub fn run(self) -> Result<ExitCode> {
        let mut browser = connect(&self.addr, self.port, Browser::connect)?;
        let mut fields: Vec<_> = self
            .header
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let mut body = self.data.map(String::into_bytes);
        let (media_type, form);
        if let Some(path) = &self.form {
            (media_type, form) = read_form(path)?;
            fields.push(("Content-Type", &media_type));
            body = Some(form);
        }
        let answer = browser
            .request(&self.method, &self.target, &fields, body.as_deref())
            .map_err(|error| anyhow!("the exchange failed: {}", plain(&error)))?;
        // The answer is here; how the connection ends cannot change it.
        let _ = browser.close();
        show(&answer, self.head)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn read_form(path: &Path) -> Result<(String, Vec<u8>)> {
    let content = std::fs::read(path)
        .map_err(|error| anyhow!("cannot read '{}': {}", path.display(), plain(&error)))?;
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.with_context(|| format!("'{}' has no name in UTF-8", path.display()))?;
    Ok(Browser::form(name, &content))
}

fn show(answer: &Answer, head: bool) -> Result<()> {
    let lines = if head { usize::MAX } else { 1 };
    for line in answer.head.trim_end().lines().take(lines) {
        say(&visible(line))?;
    }
    if head && !answer.body.is_empty() {
        say("")?;
    }
    match std::str::from_utf8(&answer.body) {
        Ok(text) => text.lines().try_for_each(|line| say(&visible(line)))?,
        Err(_) => say(&format!("({}, not text)", octets(answer.body.len() as u64)))?,
    }
    Ok(())
}
