//! The story of a check, as numbered steps.

use kit::report::Step;
use std::fmt::Write as _;

use crate::text::{self, ASIDE, columns, count, harmless, octets_as_hex, octets_as_text, paint};

/// A longer story is told without its middle.
const LONGEST: usize = 18;
/// Of a long story so many parts of the beginning are told.
const BEGINNING: usize = 6;
/// Of a long story so many parts of the end are told.
const END: usize = 10;

/// So many octets stand in one row of a step.
const ROW: usize = 16;
/// So many rows of octets has a step at most.
const ROWS: usize = 2;

/// A part of the story as it is told.
enum Part<'a> {
    /// A step.
    Step(&'a Step),
    /// The steps before this, again and again.
    Again {
        steps: usize,
        times: usize,
        last: usize,
        octets: Vec<u8>,
    },
    /// So many steps that are not told.
    Left(usize),
}

/// The steps, numbered and no wider than `width`.
pub fn tell(steps: &[Step], width: usize) -> String {
    let mut parts = fold(steps);
    if parts.len() > LONGEST {
        let end = parts.split_off(parts.len() - END);
        let first = last_index(&parts[..BEGINNING]);
        parts.truncate(BEGINNING);
        let left = match end.iter().find_map(index) {
            Some(next) => next.saturating_sub(first + 1),
            None => 0,
        };
        if left > 0 {
            parts.push(Part::Left(left));
        }
        parts.extend(end);
    }
    let lines: Vec<String> = parts.iter().map(|part| line(part, width)).collect();
    lines.join("\n")
}

/// The number of the first step that a part tells.
fn index(part: &Part) -> Option<usize> {
    match part {
        Part::Step(step) => Some(step.index),
        Part::Again {
            steps, times, last, ..
        } => Some(last + 1 - steps * times),
        Part::Left(_) => None,
    }
}

/// The number of the last step that the parts tell.
fn last_index(parts: &[Part]) -> usize {
    let last = |part: &Part| match part {
        Part::Step(step) => Some(step.index),
        Part::Again { last, .. } => Some(*last),
        Part::Left(_) => None,
    };
    parts.iter().rev().find_map(last).unwrap_or(0)
}

/// Finds what is done again and again, with whatever octets: a read of one octet after the other.
fn fold(steps: &[Step]) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(step) = steps.get(at) {
        // The report keeps no more than so many steps of a check, and the last ones.
        if at > 0 && step.index > steps[at - 1].index + 1 {
            parts.push(Part::Left(step.index - steps[at - 1].index - 1));
        }
        let best = (1..=3)
            .map(|length| (length, repeated(&steps[at..], length)))
            .filter(|(_, times)| *times >= 3)
            .max_by_key(|(length, times)| (length * times, std::cmp::Reverse(*length)));
        let Some((length, times)) = best else {
            parts.push(Part::Step(step));
            at += 1;
            continue;
        };
        let block = &steps[at..at + length * times];
        parts.extend(block[..length].iter().map(Part::Step));
        let bearer = (0..length)
            .find(|number| !block[*number].octets.is_empty() && !is_datagram(&block[*number].what));
        let octets = bearer.map_or_else(Vec::new, |number| {
            block[length..]
                .chunks(length)
                .flat_map(|again| again[number].octets.clone())
                .collect()
        });
        at += length * times;
        parts.push(Part::Again {
            steps: length,
            times: times - 1,
            last: steps[at - 1].index,
            octets,
        });
    }
    parts
}

/// How often the first `length` steps stand there in a row.
fn repeated(steps: &[Step], length: usize) -> usize {
    let Some(first) = steps.get(..length) else {
        return 0;
    };
    steps
        .chunks(length)
        .take_while(|chunk| {
            chunk.len() == length
                && (first.iter().zip(*chunk)).all(|(one, other)| {
                    one.who == other.who
                        && one.what == other.what
                        && one.times == other.times
                        && (one.octets == other.octets || !is_datagram(&one.what))
                })
                && chunk
                    .windows(2)
                    .all(|pair| pair[1].index == pair[0].index + 1)
        })
        .count()
}

/// Datagrams keep their boundaries: the octets of two are never one text.
fn is_datagram(what: &str) -> bool {
    what.contains("datagram") || what.contains("`recv")
}

fn line(part: &Part, width: usize) -> String {
    const INDENT: &str = "       ";
    match part {
        Part::Step(step) => {
            let mut what = sentence(&step.who, &step.what);
            if step.times > 1 {
                // The report counts a tight loop at 2, 4, 8, …
                let about = if step.times > 2 { "at least " } else { "" };
                let _ = write!(what, " ({about}{} times)", step.times);
            }
            let number = format!("{:5}. ", step.index + 1);
            let told = text::wrap(&harmless(&what), width, &number, INDENT);
            format!("{told}{}", octets(&step.octets, step.total, width))
        }
        Part::Again {
            steps,
            times,
            last,
            octets: all,
        } => {
            let what = if *steps == 1 {
                "the same".to_owned()
            } else {
                format!("these {steps} steps")
            };
            let what = format!(
                "… {what} again, {} (to step {})",
                count(*times as u64, "time"),
                last + 1
            );
            let told = text::wrap(&what, width, INDENT, INDENT);
            format!(
                "{}{}",
                paint(ASIDE, &told),
                octets(all, all.len() as u64, width)
            )
        }
        Part::Left(left) => paint(
            ASIDE,
            &format!("{INDENT}… {} in between …", count(*left as u64, "step")),
        ),
    }
}

/// Who did what: `the client sent 5 octets`, ``your server: `read` returned 5 octets``.
fn sentence(who: &str, what: &str) -> String {
    if what.starts_with('`') {
        format!("{who}: {what}")
    } else {
        format!("{who} {what}")
    }
}

/// The octets of a step under its text, each line with a line's end before it: as text, and in
/// hexadecimal.
fn octets(octets: &[u8], total: u64, width: usize) -> String {
    const INDENT: &str = "         ";
    if octets.is_empty() {
        return String::new();
    }
    let row = ROW.min(width.saturating_sub(INDENT.len() + 2) / 3).max(1);
    let mut shown = &octets[..octets.len().min(row * ROWS)];
    // Not in the middle of a character, if its rest is only not shown.
    if shown.len() < octets.len()
        && let Err(error) = std::str::from_utf8(shown)
        && error.error_len().is_none()
        && error.valid_up_to() > 0
    {
        shown = &shown[..error.valid_up_to()];
    }
    let left = total.saturating_sub(shown.len() as u64);
    let quoted = format!("\"{}\"", octets_as_text(shown));
    let hex = octets_as_hex(shown);
    if left == 0 && INDENT.len() + columns(&quoted) + 3 + hex.len() <= width {
        return format!("\n{INDENT}{quoted}   {}", paint(ASIDE, &hex));
    }
    let mut lines = String::from("\n");
    lines += &text::wrap(&quoted, width, INDENT, INDENT);
    for row in shown.chunks(row) {
        let _ = write!(lines, "\n{INDENT}{}", paint(ASIDE, &octets_as_hex(row)));
    }
    if left > 0 {
        let more = format!("{INDENT}… and {}", count(left, "more octet"));
        let _ = write!(lines, "\n{}", paint(ASIDE, &more));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(index: usize, who: &str, what: &str, octets: &[u8]) -> Step {
        Step {
            index,
            who: who.into(),
            what: what.into(),
            octets: octets.to_vec(),
            total: octets.len() as u64,
            times: 1,
        }
    }

    fn plain(steps: &[Step], width: usize) -> String {
        anstream::adapter::strip_str(&tell(steps, width)).to_string()
    }

    #[test]
    fn steps_are_numbered_with_their_octets() {
        let steps = [
            step(0, "the client", "sent 3 octets", b"hel"),
            step(1, "your server", "`read` returned 3 octets", b"hel"),
            step(2, "the client", "sent 40 octets", &[b'a'; 40]),
        ];
        insta::assert_snapshot!(plain(&steps, 80));
        insta::assert_snapshot!(plain(&steps, 50));
    }

    #[test]
    fn what_is_done_again_and_again_is_told_once() {
        let mut steps = vec![step(0, "the client", "sent 5 octets", b"hello")];
        for (number, octet) in b"hello".iter().enumerate() {
            let read = "`read` returned 1 octet";
            steps.push(step(number * 2 + 1, "your server", read, &[*octet]));
            let write = "calls `write` with 1 octet";
            let capital = octet.to_ascii_uppercase();
            steps.push(step(number * 2 + 2, "your server", write, &[capital]));
        }
        steps.push(step(11, "the client", "closed the connection", b""));
        insta::assert_snapshot!(plain(&steps, 80));
    }

    #[test]
    fn the_middle_of_a_long_story_is_counted() {
        let mut steps: Vec<Step> = (0..120)
            .map(|number| step(number, &format!("`f({number})`"), "returned 1", b""))
            .collect();
        // The report itself has left out what lies between.
        steps.push(step(255, "`f(255)`", "returned 2", b""));
        insta::assert_snapshot!(plain(&steps, 80));
    }

    #[test]
    fn octets_of_a_peer_stay_in_their_line() {
        let steps = [step(0, "a\u{1b}[2J", "sent\r 4 octets", b"\x1b[2J")];
        let told = plain(&steps, 80);
        assert!(
            told.chars().all(|c| c == '\n' || !c.is_control()),
            "{told:?}"
        );
    }
}
