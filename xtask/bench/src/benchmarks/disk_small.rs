//! `disk-small`: 1 KiB over HTTP, 64 connections that are kept.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use measured::figure::Unit;
use measured::report::Group;

use super::disk::{nginx, ours, python, python_nodelay};
use crate::context::Context;
use crate::machine::said;
use crate::turns::Turns;

const OURS: &str = "lesson 00";
const NGINX: &str = "nginx";
const PYTHON: &str = "Python: http.server";
const NODELAY: &str = "Python, with TCP_NODELAY";

pub(super) fn run(context: &Context) -> Result<Vec<Group>> {
    let Some(wrk) = context.peer("wrk") else {
        anyhow::bail!("wrk asks the questions here, and is missing: apt install wrk");
    };
    let seconds = context.choose("2", "5");
    let (ours, nginx, python) = (ours(context)?, nginx(context)?, python(context)?);
    let nodelay = python_nodelay(context)?;
    for ready in [
        Some(&ours),
        nginx.as_ref(),
        python.as_ref(),
        nodelay.as_ref(),
    ]
    .into_iter()
    .flatten()
    {
        fs::write(ready.folder.join("small.txt"), [b'x'; 1024])?;
    }
    let mut turns = Turns::new(
        "1 KiB over HTTP, 64 kept connections",
        Unit::RequestsASecond,
        context.choose(5, 15),
    );
    turns.ours(OURS, || ask(&wrk, seconds, &ours.url("files/small.txt")));
    if let Some(nginx) = &nginx {
        turns.peer(NGINX, || ask(&wrk, seconds, &nginx.url("small.txt")));
    }
    if let Some(python) = &python {
        turns.peer(PYTHON, || ask(&wrk, seconds, &python.url("small.txt")));
    }
    if let Some(nodelay) = &nodelay {
        turns.peer(NODELAY, || ask(&wrk, seconds, &nodelay.url("small.txt")));
    }
    turns.times_as_fast(OURS, 0.5, NGINX);
    turns.times_as_fast(OURS, 20.0, PYTHON);
    Ok(vec![turns.take()?])
}

/// Requests a second that were answered well.
fn ask(wrk: &Path, seconds: &str, url: &str) -> Result<f64> {
    let mut command = Command::new(wrk);
    let text = said(command.args(["-t", "1", "-c", "64", "-d", seconds, url]))?;
    if text.contains("Non-2xx") || text.contains("Socket errors") {
        anyhow::bail!("not every request was answered: {text}");
    }
    let rate = (text.lines()).find_map(|line| line.strip_prefix("Requests/sec:"));
    rate.and_then(|rate| rate.trim().parse().ok())
        .with_context(|| format!("wrk says {text}"))
}
