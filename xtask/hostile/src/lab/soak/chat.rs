//! The chat server of lesson 04: one conversation, as long as the soak.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use super::sample::Series;
use super::{Place, Program, Soaked, Target};
use crate::gate::Gate;
use crate::lab::honest::PATIENCE;
use crate::lab::program::DEADLINE;

/// Between two turns of the caller. The server waits 100 ms for the rest of each turn.
const TURN: Duration = Duration::from_millis(200);

/// Talks with the server until the end, and then says `bye`.
///
/// # Errors
/// The server does not start.
pub fn soak(bin: &Path, length: Duration, end: &Gate) -> Result<Soaked> {
    let place = Place::new()?;
    let program = bin.join("lesson-04-tcp-chat");
    let mut server = Program::start(&program, &["server", "--port", "0"], place.path(), None)?;
    let at = server.output.wait_for("`listening on`", |text| {
        let (whole, _) = text.rsplit_once('\n')?;
        let mut lines = whole.lines();
        lines.find_map(|line| line.strip_prefix("listening on ")?.parse().ok())
    })?;
    let pid = server.id();
    let mut caller = Target::Tcp(at).connect()?;
    caller.set_read_timeout(Some(PATIENCE))?;
    let mut soaked = Soaked {
        name: "chat",
        ..Soaked::default()
    };
    let series = thread::scope(|scope| {
        let watch = scope.spawn(|| Series::take(pid, length, end));
        let mut turn = 0_u64;
        while end.pause(TURN) {
            turn += 1;
            let answer = format!("answer {turn}.");
            let begun = Instant::now();
            let mut heard = vec![0; answer.len()];
            let talked = caller
                .write_all(format!("turn {turn}.").as_bytes())
                .and_then(|()| {
                    server.types(&answer);
                    caller.read_exact(&mut heard)
                })
                .context("the caller is not answered")
                .and_then(|()| {
                    ensure!(heard == answer.as_bytes(), "{heard:?} was heard");
                    Ok(begun.elapsed())
                });
            match talked {
                Ok(_) => soaked.answered += 1,
                Err(error) => {
                    // The two are out of step now: every other turn would fail, too.
                    soaked.fail(&error);
                    break;
                }
            }
        }
        watch.join()
    });
    soaked.series = series.unwrap_or_default();
    let bye = caller
        .write_all(b"bye")
        .context("the caller cannot say bye");
    let ended = bye.and_then(|()| server.wait(DEADLINE)).and_then(|status| {
        ensure!(status.success(), "the conversation ends with {status}");
        Ok(())
    });
    soaked.at_the_end = ended.err().map(|error| format!("{error:#}"));
    Ok(soaked)
}
