//! Addresses from the command line, or one a line from standard input.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, IsTerminal, Write};

use lesson_01_ip_address::bulk::{self, Watch};
use lesson_01_ip_address::caret::pointed;
use lesson_01_ip_address::refusal::{Reason, Refusal};

use super::progress::Progress;
use super::show::Show;

/// Shows every argument. `false` when one was refused.
pub fn arguments(show: &Show, addresses: &[OsString]) -> anyhow::Result<bool> {
    let mut all_read = true;
    let mut shown = 0;
    for argument in addresses {
        if argument == "-" {
            all_read &= standard_input(show)?;
            continue;
        }
        // What is not UTF-8 becomes U+FFFD, which no notation has: it is refused where it stands.
        let text = argument.to_string_lossy();
        let mut out = io::stdout().lock();
        match show.text(&text) {
            Ok(given) => {
                if shown > 0 && show.is_tall() {
                    writeln!(out)?;
                }
                shown += 1;
                show.address(&mut out, &text, &given)?;
            }
            Err(refusal) => {
                all_read = false;
                out.flush()?;
                report(None, &text, refusal);
            }
        }
    }
    Ok(all_read)
}

/// Converts standard input, one address a line. `false` when a line was refused.
pub fn standard_input(show: &Show) -> anyhow::Result<bool> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        tell("One address a line; Ctrl-D ends.\n");
    }
    let show = show.for_lines();
    let progress = Progress::new(input_size(&stdin));
    let mut reporter = Reporter { progress };
    let count = bulk::run(
        stdin.lock(),
        io::stdout().lock(),
        |line, out| show.line(line, out),
        &mut reporter,
    );
    reporter.progress.clear()?;
    let count = count?;
    if count.lines == 0 {
        tell("note: standard input is empty. Give an address, or see: ip-demo --help\n");
    }
    if count.refused > 0 {
        tell(&format!(
            "error: {} of {} lines refused\n",
            count.refused, count.lines
        ));
    }
    Ok(count.refused == 0)
}

/// How many octets standard input has, when it is a file.
fn input_size(stdin: &io::Stdin) -> Option<u64> {
    #[cfg(unix)]
    let copy = std::os::fd::AsFd::as_fd(stdin).try_clone_to_owned().ok()?;
    #[cfg(windows)]
    let copy = std::os::windows::io::AsHandle::as_handle(stdin)
        .try_clone_to_owned()
        .ok()?;
    let data = File::from(copy).metadata().ok()?;
    data.is_file().then_some(data.len())
}

/// Prints refused lines and the progress bar, both on standard error.
struct Reporter {
    progress: Progress,
}

impl Watch for Reporter {
    fn refused(&mut self, line: u64, text: &[u8], refusal: Refusal) -> io::Result<()> {
        self.progress.clear()?;
        report(Some(line), &String::from_utf8_lossy(text), refusal);
        Ok(())
    }

    fn progress(&mut self, octets: u64) -> io::Result<()> {
        self.progress.show(octets)
    }
}

/// Prints why a text is refused, and where.
fn report(line: Option<u64>, text: &str, refusal: Refusal) {
    let sentence = refusal.sentence(text);
    let mut report = match line {
        Some(line) => format!("error: line {line}: {sentence}\n"),
        None => format!("error: {sentence}\n"),
    };
    if !matches!(refusal.reason, Reason::LineTooLong { .. }) {
        report.push_str(&pointed(text, refusal));
        report.push('\n');
    }
    tell(&report);
}

/// Writes to standard error. If that fails there is nobody to tell, and the exit code says enough.
/// (`eprintln!` would panic.)
fn tell(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}
