//! The steps that wait.

use anyhow::{Context, Result, bail};

use super::{Run, Stage};
use crate::pattern::{Found, Pattern};

impl Stage<'_> {
    /// Waits until the program asks for a line that nobody has typed yet.
    pub(super) fn await_prompt(&self, terminal: &str) -> Result<()> {
        let Some(prompt) = &self.scene.prompt else {
            return Ok(());
        };
        let run = self.run(terminal)?;
        let after = run.marks.typed.last().map(|((line, _), _)| *line);
        let shown = self.watch(run, |_| {
            let lines = self.lines(run);
            let asks = lines
                .last()
                .is_some_and(|line| line.text.trim_end().ends_with(prompt));
            asks && Some(lines.len() - 1) > after
        });
        self.outcome(run, shown, &format!("the prompt `{prompt}`"))
    }

    pub(super) fn see(&mut self, terminal: &str, pattern: &Pattern) -> Result<()> {
        let known = |name: &str| {
            self.values
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.clone())
        };
        let matcher = pattern.compile(known)?;
        let run = self.run(terminal)?;
        let mut hit = None;
        let shown = self.watch(run, |ended| {
            let lines = self.lines(run);
            for (index, line) in lines.iter().enumerate().skip(run.seen.0) {
                let from = if index == run.seen.0 { run.seen.1 } else { 0 };
                let finished = ended || index + 1 < lines.len();
                if from <= line.text.len()
                    && let Some((end, found)) = matcher.find(&line.text, from, finished)
                {
                    hit = Some((index, end, found, line.text.clone()));
                    return true;
                }
            }
            false
        });
        self.outcome(run, shown, &format!("`{pattern}`"))?;
        let (index, end, found, text) = hit.context("the pattern was seen")?;
        for Found {
            name,
            measure,
            range,
        } in found
        {
            if measure {
                self.run_mut(terminal)?
                    .marks
                    .measures
                    .push((index, range, name));
            } else {
                self.values.push((name, text[range].to_owned()));
            }
        }
        self.run_mut(terminal)?.seen = (index, end);
        Ok(())
    }

    /// Waits until `seen` finds what it looks for on the program's screen; it is told whether the
    /// program has ended. Gives up when nothing more will be shown, or too much was.
    fn watch(&self, run: &Run, mut seen: impl FnMut(bool) -> bool) -> Option<bool> {
        self.bell.wait(self.limit, || {
            // Asked first: what is not on the screen of an ended program will not be.
            let ended = run.program.ended().is_some();
            let found = seen(ended);
            let over = ended || run.program.screen().overflowed();
            (found || over).then_some(found)
        })
    }

    /// `shown`: seen, or ended without it, or neither in time.
    fn outcome(&self, run: &Run, shown: Option<bool>, what: &str) -> Result<()> {
        if run.program.screen().overflowed() {
            bail!("{} printed more lines than a scene can show", run.terminal);
        }
        match shown {
            Some(true) => Ok(()),
            Some(false) => {
                let code = run.program.ended().unwrap_or_default();
                bail!(
                    "{} ended (exit code {code}) without showing {what}",
                    run.terminal
                )
            }
            None => bail!(
                "{} did not show {what} within {} s",
                run.terminal,
                self.limit.as_secs()
            ),
        }
    }

    pub(super) fn await_end(&mut self, terminal: &str, expected: i32) -> Result<()> {
        let run = self.run(terminal)?;
        match self.bell.wait(self.limit, || run.program.ended()) {
            Some(code) if code == expected => {}
            Some(code) => bail!("{terminal} ended with exit code {code}, expected {expected}"),
            None => bail!("{terminal} did not end within {} s", self.limit.as_secs()),
        }
        self.outcome(run, Some(true), "")?;
        self.run_mut(terminal)?.checked = true;
        Ok(())
    }

    /// Every program whose end no step has waited for is expected to end well.
    pub(crate) fn await_all(&mut self) -> Result<()> {
        for terminal in self.scene.terminals() {
            if self.run(terminal).is_ok_and(|run| !run.checked) {
                self.await_end(terminal, 0)?;
            }
        }
        Ok(())
    }

    /// Waits until the terminal has taken what was typed.
    pub(super) fn await_typed(&self, terminal: &str) -> Result<()> {
        let program = &self.run(terminal)?.program;
        let taken = || (program.untaken() == 0).then_some(());
        if self.bell.wait(self.limit, taken).is_none() {
            bail!(
                "{terminal} did not take what was typed within {} s",
                self.limit.as_secs()
            );
        }
        program.check_typed()
    }
}
