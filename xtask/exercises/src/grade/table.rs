//! The table for a terminal of 80 columns.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::mark::{Cell, Mark};
use super::{Grades, beliefs};

/// So wide is a terminal.
const WIDTH: usize = 80;

/// So wide may a name be.
const NAME: usize = 24;

/// So many misconceptions are shown.
const MOST_COMMON: usize = 20;

/// The table, the legend, what the class believes, and what is not contained.
pub fn text(grades: &Grades, colour: bool) -> String {
    let mut text = String::from("\n");
    let name = grades.students.iter().map(|student| student.name.width());
    let name = name.max().unwrap_or_default().clamp(7, NAME);
    for columns in blocks(grades, WIDTH - name - 2 - " passed".len()) {
        table(&mut text, grades, &columns, name, colour);
    }
    legend(&mut text, grades);
    notes(&mut text, grades);
    chart(&mut text, grades);
    contained(&mut text, grades);
    if grades.cut_short {
        text += "\nThe grading was ended before all was done.\n";
    }
    text
}

/// The columns, in as many tables as the width needs. Between two lessons there is a gap.
fn blocks(grades: &Grades, room: usize) -> Vec<Vec<usize>> {
    let mut blocks: Vec<Vec<usize>> = vec![Vec::new()];
    let mut used = 0;
    for column in 0..grades.exercises.len() {
        let wide = 1 + gap(grades, column, false);
        if used + wide > room {
            blocks.push(Vec::new());
            used = 0;
        }
        used += wide;
        if let Some(block) = blocks.last_mut() {
            block.push(column);
        }
    }
    blocks
}

/// The number of the lesson of an exercise.
fn lesson<'a>(grades: &'a Grades, column: usize) -> &'a str {
    let lesson = &grades.exercises[column].lesson;
    lesson.split('-').next().unwrap_or_default()
}

fn begins_lesson(grades: &Grades, column: usize) -> bool {
    let of = |column: usize| &grades.exercises[column].lesson;
    column == 0 || of(column) != of(column - 1)
}

/// So many spaces stand before a column: the lesson's number above needs two places.
fn gap(grades: &Grades, column: usize, first: bool) -> usize {
    let alone = |column: usize| {
        begins_lesson(grades, column)
            && (column + 1 == grades.exercises.len() || begins_lesson(grades, column + 1))
    };
    match (first, begins_lesson(grades, column)) {
        (true, _) => 1,
        (false, true) if column > 0 && alone(column - 1) => 2,
        (false, begins) => usize::from(begins),
    }
}

fn table(text: &mut String, grades: &Grades, columns: &[usize], name: usize, colour: bool) {
    // The lesson's number above, the exercise's number within its lesson below.
    let (mut lessons, mut numbers) = (String::new(), String::new());
    for column in columns {
        let gap = gap(grades, *column, *column == columns[0]);
        if gap > 0 {
            numbers += &" ".repeat(gap);
            lessons += &" ".repeat(numbers.len() - lessons.len());
            lessons += lesson(grades, *column);
        }
        let _ = write!(numbers, "{}", number(grades, *column) % 10);
    }
    let _ = writeln!(text, "{:name$} {}", "lesson", lessons.trim_end());
    let _ = writeln!(text, "{:name$} {numbers} passed", "exercise");
    for (student, cells) in grades.students.iter().zip(&grades.cells) {
        let _ = write!(text, "{} ", fitted(&student.name, name));
        for column in columns {
            *text += &" ".repeat(gap(grades, *column, *column == columns[0]));
            *text += &mark(&cells[*column], colour);
        }
        let _ = writeln!(text, " {:6}", passed(cells));
    }
    text.push('\n');
}

/// An exercise's number within its lesson, from 1.
fn number(grades: &Grades, column: usize) -> usize {
    let mut first = column;
    while !begins_lesson(grades, first) {
        first -= 1;
    }
    column - first + 1
}

fn passed(cells: &[Cell]) -> usize {
    let passed = cells.iter().filter(|cell| cell.mark == Mark::Passed);
    passed.count()
}

fn mark(cell: &Cell, colour: bool) -> String {
    let letter = cell.mark.letter();
    let code = match cell.mark {
        _ if !colour => return letter.to_string(),
        Mark::Passed => "32",
        Mark::Failed => "31",
        Mark::Missing | Mark::Untouched | Mark::NotGraded => "2",
        _ => "33",
    };
    format!("\u{1b}[{code}m{letter}\u{1b}[0m")
}

/// A name of exactly this width.
fn fitted(name: &str, width: usize) -> String {
    let mut fitted = String::new();
    let mut used = 0;
    for c in name.chars() {
        let wide = c.width().unwrap_or_default();
        if used + wide > width {
            while used >= width {
                used -= fitted.pop().and_then(char::width).unwrap_or(1);
            }
            fitted.push('…');
            used += 1;
            break;
        }
        fitted.push(c);
        used += wide;
    }
    fitted + &" ".repeat(width.saturating_sub(used))
}

fn legend(text: &mut String, grades: &Grades) {
    let used: BTreeSet<Mark> = grades
        .cells
        .iter()
        .flatten()
        .map(|cell| cell.mark)
        .collect();
    let words: Vec<String> = Mark::ALL
        .iter()
        .filter(|mark| used.contains(mark))
        .map(|mark| format!("{} {}", mark.letter(), mark.words()))
        .collect();
    wrapped(text, "", &words, ", ");
    text.push('\n');
    let mut first = String::new();
    let mut names = Vec::new();
    for (column, exercise) in grades.exercises.iter().enumerate() {
        if begins_lesson(grades, column) {
            wrapped(text, &first, &names, ", ");
            names.clear();
            first = format!("{}  ", lesson(grades, column));
        }
        names.push(format!("{} {}", number(grades, column), exercise.name));
    }
    wrapped(text, &first, &names, ", ");
}

/// Words in lines of the terminal's width.
fn wrapped(text: &mut String, first: &str, words: &[String], between: &str) {
    let indent = first.width();
    let mut line = first.to_owned();
    for (index, word) in words.iter().enumerate() {
        let end = if index + 1 < words.len() { between } else { "" };
        if line.width() + word.width() + end.trim_end().len() > WIDTH && line.width() > indent {
            let _ = writeln!(text, "{}", line.trim_end());
            line = " ".repeat(indent);
        }
        line += word;
        line += end;
    }
    if !line.trim().is_empty() {
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

fn sentence(text: &mut String, indent: &str, words: &str) {
    let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    wrapped(text, indent, &words, " ");
}

fn notes(text: &mut String, grades: &Grades) {
    let odd = grades.students.iter().filter(|one| !one.notes.is_empty());
    for (index, student) in odd.enumerate() {
        if index == 0 {
            text.push('\n');
        }
        sentence(
            text,
            "  ",
            &format!("{}: {}", student.name, student.notes.join(" ")),
        );
    }
    if !grades.others.is_empty() {
        text.push('\n');
        let words = format!("Not looked at: {}.", grades.others.join(", "));
        sentence(text, "", &super::collect::clean(&words));
    }
}

fn chart(text: &mut String, grades: &Grades) {
    let all = beliefs::count(grades);
    let most = all.first().map_or(1, |one| one.students.len());
    *text += "\nWhat the class believes (students)\n";
    if all.is_empty() {
        *text += "  no known misconception was seen\n";
    }
    for one in all.iter().take(MOST_COMMON) {
        let count = one.students.len();
        let _ = writeln!(
            text,
            "  {count:3} {:24} {}",
            "█".repeat((count * 24).div_ceil(most)),
            fitted(&one.title, WIDTH - 31).trim_end()
        );
    }
    if all.len() > MOST_COMMON {
        let _ = writeln!(
            text,
            "  and {} more, which the page of `--html FILE` shows",
            all.len() - MOST_COMMON
        );
    }
    let unknown = beliefs::not_recognised(grades);
    let count: usize = unknown.values().sum();
    if count > 0 {
        let names: Vec<String> = unknown
            .iter()
            .map(|(column, count)| format!("{} {count}", grades.exercises[*column].name))
            .collect();
        let words = format!(
            "not recognised: {} ({})",
            crate::text::count(count as u64, "wrong answer"),
            names.join(", ")
        );
        sentence(text, "  ", &words);
    }
}

fn contained(text: &mut String, grades: &Grades) {
    *text += "\nOn this machine\n";
    for (contained, words) in grades.found.words() {
        let mark = if contained { "  yes  " } else { "  NOT  " };
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        wrapped(text, mark, &words, " ");
    }
    for why in &grades.found.why {
        sentence(text, "  not used: ", why);
    }
}

#[cfg(test)]
mod tests {
    use super::{fitted, wrapped};

    #[test]
    fn a_name_has_its_width() {
        assert_eq!(fitted("Anna", 6), "Anna  ");
        assert_eq!(fitted("Annabelle", 6), "Annab…");
        assert_eq!(fitted("李小龙先生", 6), "李小… ");
    }

    #[test]
    fn lines_are_not_too_long() {
        let words: Vec<String> = (0..60).map(|n| format!("word{n}")).collect();
        let mut text = String::new();
        wrapped(&mut text, "  ", &words, ", ");
        assert!(
            text.lines()
                .all(|line| line.len() <= 80 && line.starts_with("  w"))
        );
    }
}
