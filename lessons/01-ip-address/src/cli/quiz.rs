//! Asks, reads an answer, explains.

use std::io::{self, BufRead, Read, Write};

use lesson_01_ip_address::quiz::{Level, Question};

use super::args::{self, Args};

/// The longest answer that is read, in octets; the rest of the line is thrown away.
const LONGEST_ANSWER: u64 = 1024;

pub fn run(args: &Args) -> io::Result<()> {
    let level = match args.level {
        args::Level::Easy => Level::Easy,
        args::Level::Medium => Level::Medium,
        args::Level::Hard => Level::Hard,
    };
    let seed = args.seed.unwrap_or_else(|| fastrand::u64(..1_000_000));
    let mut random = fastrand::Rng::with_seed(seed);
    let mut answers = io::stdin().lock();
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{} questions, seed {seed}. Ctrl-D ends.",
        args.questions
    )?;
    let mut right = 0;
    let mut asked = 0;
    while asked < args.questions {
        let question = Question::draw(level, &mut random);
        write!(out, "\n{}. {}\n>>> ", asked + 1, question.ask())?;
        out.flush()?;
        let Some(answer) = read_answer(&mut answers)? else {
            writeln!(out)?;
            break;
        };
        asked += 1;
        if question.is_right(&answer) {
            right += 1;
            writeln!(out, "Right.")?;
        } else {
            writeln!(out, "No: {}.", question.answer())?;
            if let Some(hint) = question.hint(&answer) {
                writeln!(out, "{hint}")?;
            }
            question.explain(&mut out)?;
        }
    }
    writeln!(
        out,
        "\n{right} of {asked} right. The same questions again: --seed {seed}"
    )
}

/// One line without its end. `None` at the end of the input.
fn read_answer(input: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    if input
        .by_ref()
        .take(LONGEST_ANSWER)
        .read_until(b'\n', &mut line)?
        == 0
    {
        return Ok(None);
    }
    if !line.ends_with(b"\n") && line.len() as u64 == LONGEST_ANSWER {
        input.skip_until(b'\n')?;
    }
    Ok(Some(String::from_utf8_lossy(&line).trim().to_owned()))
}
