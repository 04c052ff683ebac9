//! What a run of a fuzz target came to: read from libFuzzer, noted in a file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// What a run of one target came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// Inputs that were tried.
    pub executions: u64,
    /// Seconds that it took.
    pub seconds: u64,
    /// Edges of the control flow that were reached, as libFuzzer counts them (`cov`).
    pub reached: u64,
    /// It found an input that breaks the target.
    pub crashed: bool,
}

/// Reads libFuzzer's own figures: `stat::number_of_executed_units: 123`, and `cov: 45` in its last
/// line of progress.
pub fn read(said: &str, crashed: bool) -> Ran {
    let after = |line: &str, word: &str| -> Option<u64> {
        let (_, rest) = line.split_once(word)?;
        rest.split_whitespace().next()?.parse().ok()
    };
    let last = |word: &str| said.lines().rev().find_map(|line| after(line, word));
    // The line is `Done 123 runs in 45 second(s)`; who crashes has no time for it.
    let seconds = said.lines().rev().find_map(|line| {
        let (_, rest) = line.split_once(" runs in ")?;
        rest.split(' ').next()?.parse().ok()
    });
    Ran {
        executions: last("stat::number_of_executed_units:").unwrap_or(0),
        seconds: seconds.unwrap_or(0),
        reached: last("cov:").unwrap_or(0),
        crashed,
    }
}

/// Adds a run to what stands in the file, one target a line.
pub fn note(file: &Path, target: &str, ran: &Ran) -> Result<()> {
    let old = fs::read_to_string(file).unwrap_or_default();
    let text = noted(&old, target, ran);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}

fn noted(old: &str, target: &str, ran: &Ran) -> String {
    let number = |line: &str, key: &str| -> u64 {
        let found = line.split_once(&format!("\"{key}\": "));
        let digits = found.map(|(_, rest)| rest.chars().take_while(char::is_ascii_digit));
        digits
            .and_then(|digits| digits.collect::<String>().parse().ok())
            .unwrap_or(0)
    };
    let mut lines: BTreeMap<String, [u64; 4]> = BTreeMap::new();
    for line in old.lines() {
        if let Some(name) = line.trim().strip_prefix("{\"target\": \"")
            && let Some((name, _)) = name.split_once('"')
        {
            let figures =
                ["executions", "seconds", "reached", "crashes"].map(|key| number(line, key));
            lines.insert(name.to_owned(), figures);
        }
    }
    let [executions, seconds, reached, crashes] = lines.entry(target.to_owned()).or_default();
    *executions += ran.executions;
    *seconds += ran.seconds;
    *reached = ran.reached.max(*reached);
    *crashes += u64::from(ran.crashed);
    let lines: Vec<String> = lines
        .iter()
        .map(|(name, [executions, seconds, reached, crashes])| {
            format!(
                "{{\"target\": \"{name}\", \"executions\": {executions}, \"seconds\": {seconds}, \
                 \"reached\": {reached}, \"crashes\": {crashes}}}"
            )
        })
        .collect();
    format!("[\n  {}\n]\n", lines.join(",\n  "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_a_run_are_read() {
        let said = "#2\tINITED cov: 12 ft: 13 corp: 1/1b exec/s: 0 rss: 40Mb\n\
                    #99\tNEW    cov: 45 ft: 46 corp: 2/3b lim: 4 exec/s: 0 rss: 41Mb\n\
                    Done 1234 runs in 61 second(s)\n\
                    stat::number_of_executed_units: 1234\n";
        let ran = Ran {
            executions: 1234,
            seconds: 61,
            reached: 45,
            crashed: false,
        };
        assert_eq!(read(said, false), ran);
    }

    #[test]
    fn runs_are_added_up_by_target() {
        let ran = |executions| Ran {
            executions,
            seconds: 10,
            reached: 7,
            crashed: executions == 3,
        };
        let text = noted("", "b", &ran(1));
        let text = noted(&text, "a", &ran(2));
        let text = noted(&text, "b", &ran(3));
        assert_eq!(
            text,
            "[\n  {\"target\": \"a\", \"executions\": 2, \"seconds\": 10, \"reached\": 7, \"crashes\": 0},\n  \
             {\"target\": \"b\", \"executions\": 4, \"seconds\": 20, \"reached\": 7, \"crashes\": 1}\n]\n"
        );
    }
}
