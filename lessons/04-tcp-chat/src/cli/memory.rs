//! How much memory the program has held.

use lesson_04_tcp_chat::error::ChatError;
use lesson_04_tcp_chat::screen::Screen;
use std::io::Write;

/// Says it in steps of 16 MiB, which do not differ from run to run.
pub fn report(screen: &Screen<impl Write>) -> Result<(), ChatError> {
    match peak_kibibytes() {
        Some(peak) => {
            let bound = (peak / (16 * 1024) + 1) * 16;
            screen.note(&format!(
                "this program has never held more than {bound} MiB of memory"
            ))
        }
        None => screen.note("this system does not tell how much memory a program has held"),
    }
}

/// The high-water mark of the resident set, `VmHWM` in `/proc/self/status` (proc(5)), in KiB.
fn peak_kibibytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}
