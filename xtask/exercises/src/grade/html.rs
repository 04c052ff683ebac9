//! The page: who passed what, and what the class believes. It has no script and loads nothing.

use std::fmt::Write as _;

use super::beliefs::{self, Counted};
use super::mark::{Cell, Mark};
use super::submissions::Submission;
use super::{Grades, collect};
use crate::text::count as counted;

const STYLE: &str = include_str!("page.css");

/// So many misconceptions are shown at once: nobody talks about more next time.
const MOST_COMMON: usize = 15;

/// The whole page.
pub fn text(grades: &Grades) -> String {
    let mut page = String::new();
    let _ = write!(
        page,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>Exercises: {} students</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
        grades.students.len()
    );
    head(&mut page, grades);
    believed(&mut page, grades);
    table(&mut page, grades);
    students(&mut page, grades);
    contained(&mut page, grades);
    page += "</body>\n</html>\n";
    page
}

/// Text as HTML.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe += "&amp;",
            '<' => safe += "&lt;",
            '>' => safe += "&gt;",
            '"' => safe += "&quot;",
            '\'' => safe += "&#39;",
            // No HTML may have these, and none of them shows anything.
            c if c.is_control() && c != '\n' && c != '\t' => safe.push('\u{fffd}'),
            // These would show an answer's text in another order than it has.
            c if collect::is_order(c) => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

/// A hint's paragraphs.
fn marked(text: &str) -> String {
    let paragraphs = text.split("\n\n");
    paragraphs.fold(String::new(), |html, one| {
        html + "<p>" + &code(one) + "</p>\n"
    })
}

/// Text with code between backticks and stress between stars; nothing else of Markdown.
fn code(text: &str) -> String {
    let mut html = String::new();
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            let _ = write!(html, "<code>{}</code>", escaped(part));
        } else {
            html += &stressed(part);
        }
    }
    html
}

/// Text with stress between stars. A star that has a space behind it is one.
fn stressed(text: &str) -> String {
    let (mut html, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('*') {
        html += &escaped(before);
        match after.split_once('*') {
            Some((words, more)) if !words.is_empty() && words.trim() == words => {
                let _ = write!(html, "<em>{}</em>", escaped(words));
                rest = more;
            }
            _ => {
                html.push('*');
                rest = after;
            }
        }
    }
    html + &escaped(rest)
}

fn head(page: &mut String, grades: &Grades) {
    let cells = || grades.cells.iter().flatten();
    let passed = cells().filter(|cell| cell.mark == Mark::Passed).count();
    let tried = cells().filter(|cell| cell.mark.is_tried()).count();
    let _ = write!(
        page,
        "<h1>Exercises of {} students</h1>\n<p class=\"dim\">{} exercises. {tried} answers were \
         handed in, and {passed} of them pass.</p>\n",
        grades.students.len(),
        grades.exercises.len()
    );
    if grades.cut_short {
        *page += "<p class=\"no\">The grading was ended before all was done: the answers marked \
                  <code>/</code> are not graded.</p>\n";
    }
}

fn believed(page: &mut String, grades: &Grades) {
    *page += "<h2>What the class believes</h2>\n\
              <p class=\"dim\">Misconceptions that the checks have recognised, by the number of \
              students who have them: what to talk about next time.</p>\n";
    let all = beliefs::count(grades);
    if all.is_empty() {
        *page += "<p>No known misconception was seen.</p>\n";
    }
    let (most, others) = all.split_at(all.len().min(MOST_COMMON));
    for one in most {
        belief(page, grades, one);
    }
    if !others.is_empty() {
        let _ = writeln!(
            page,
            "<details><summary>and {} more</summary>",
            others.len()
        );
        for one in others {
            belief(page, grades, one);
        }
        *page += "</details>\n";
    }
    let unknown = beliefs::not_recognised(grades);
    let count: usize = unknown.values().sum();
    if count > 0 {
        let _ = write!(
            page,
            "<p>Not recognised: {}. If several are alike, write the mistake down \
             as a new file in the exercise's folder <code>wrong</code>, and it has a name the next \
             time.</p>\n<ul>\n",
            counted(count as u64, "wrong answer")
        );
        for (column, count) in unknown {
            let name = escaped(&grades.exercises[column].name);
            let _ = writeln!(page, "<li>{name}: {count}</li>");
        }
        *page += "</ul>\n";
    }
}

fn belief(page: &mut String, grades: &Grades, one: &Counted) {
    let (count, all) = (one.students.len(), grades.students.len());
    let percent = 100 * count / all.max(1);
    let _ = writeln!(
        page,
        "<details class=\"belief\"><summary><span>{}</span>\
         <svg role=\"img\" aria-label=\"{percent} percent\">\
         <rect class=\"all\" width=\"100%\" height=\"100%\" rx=\"3\"></rect>\
         <rect class=\"bar\" width=\"{percent}%\" height=\"100%\" rx=\"3\"></rect></svg>\
         <span>{count} of {all}</span></summary>",
        code(&one.title)
    );
    for (column, count) in &one.exercises {
        let name = &grades.exercises[*column].name;
        let students = if *count == 1 { "student" } else { "students" };
        let hint = one.hints.get(name).map(|hint| marked(hint));
        let _ = write!(
            page,
            "<p><strong>{}</strong> <span class=\"dim\">{count} {students}</span></p>\n{}",
            escaped(name),
            hint.unwrap_or_default()
        );
    }
    let answers: usize = one.exercises.values().sum();
    match answers - one.certain {
        0 => {}
        like => {
            let _ = writeln!(
                page,
                "<p class=\"dim\">{like} of {answers} answers show something like it, and no other \
                 known mistake.</p>"
            );
        }
    }
    let names: Vec<String> = one
        .students
        .iter()
        .map(|row| {
            let name = escaped(&grades.students[*row].name);
            format!("<a href=\"#s{row}\"><bdi>{name}</bdi></a>")
        })
        .collect();
    let _ = writeln!(page, "<p>{}</p>\n</details>", names.join(", "));
}

fn class(mark: Mark) -> &'static str {
    match mark {
        Mark::Passed => "good",
        Mark::Failed => "bad",
        Mark::Missing | Mark::Untouched | Mark::NotGraded => "none",
        _ => "odd",
    }
}

/// The sign and the letter: whoever sees no colours sees those.
fn sign(mark: Mark) -> String {
    match mark {
        Mark::Passed => "✓ p".to_owned(),
        Mark::Missing | Mark::Untouched | Mark::NotGraded => mark.letter().to_string(),
        _ => format!("✗ {}", mark.letter()),
    }
}

fn table(page: &mut String, grades: &Grades) {
    *page += "<h2>Who passed what</h2>\n<ul class=\"legend\">\n";
    for mark in Mark::ALL {
        if grades.cells.iter().flatten().any(|cell| cell.mark == mark) {
            let _ = writeln!(
                page,
                "<li><span class=\"mark {}\">{}</span> {}</li>",
                class(mark),
                sign(mark),
                mark.words()
            );
        }
    }
    *page += "</ul>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Who passed what\">\n<table>\n<thead><tr><th scope=\"col\">student</th>";
    for (column, exercise) in grades.exercises.iter().enumerate() {
        let _ = write!(
            page,
            "<th scope=\"col\"{}><div class=\"name\" title=\"{}\">{} {}</div></th>",
            begins(grades, column),
            escaped(&exercise.task.title),
            escaped(exercise.lesson.split('-').next().unwrap_or_default()),
            escaped(&exercise.name)
        );
    }
    *page += "<th scope=\"col\" class=\"begins\"><div class=\"name\">passed</div></th></tr></thead>\n<tbody>\n";
    for (row, (student, cells)) in grades.students.iter().zip(&grades.cells).enumerate() {
        let name = escaped(&student.name);
        let _ = write!(
            page,
            "<tr><th scope=\"row\"><a href=\"#s{row}\" title=\"{name}\"><bdi>{name}</bdi></a></th>"
        );
        for (column, cell) in cells.iter().enumerate() {
            let _ = write!(
                page,
                "<td{}>{}</td>",
                begins(grades, column),
                linked(cell, row, column)
            );
        }
        let passed = cells
            .iter()
            .filter(|cell| cell.mark == Mark::Passed)
            .count();
        let _ = writeln!(page, "<td class=\"begins\">{passed}</td></tr>");
    }
    *page += "<tr><th scope=\"row\">pass</th>";
    for column in 0..grades.exercises.len() {
        let passed = grades
            .cells
            .iter()
            .filter(|cells| cells[column].mark == Mark::Passed);
        let percent = 100 * passed.count() / grades.students.len().max(1);
        let begins = begins(grades, column);
        let _ = write!(
            page,
            "<td{begins}><span class=\"rate\">{percent}%</span></td>"
        );
    }
    *page += "<td class=\"begins\"></td></tr>\n</tbody>\n</table>\n</div>\n";
}

fn begins(grades: &Grades, column: usize) -> &'static str {
    let lesson = |column: usize| &grades.exercises[column].lesson;
    if column == 0 || lesson(column) != lesson(column - 1) {
        " class=\"begins\""
    } else {
        ""
    }
}

/// A mark in the table; it leads to its reason.
fn linked(cell: &Cell, row: usize, column: usize) -> String {
    let (class, sign) = (class(cell.mark), sign(cell.mark));
    if cell.reason.is_empty() {
        let words = cell.mark.words();
        return format!("<span class=\"mark {class}\" title=\"{words}\">{sign}</span>");
    }
    let belief = cell.belief.as_ref().map(|belief| belief.title.as_str());
    let reason = format!("{}\n{}", cell.mark.words(), belief.unwrap_or_default());
    let reason: String = format!("{reason}\n{}", cell.reason)
        .chars()
        .take(400)
        .collect();
    format!(
        "<a class=\"mark {class}\" href=\"#s{row}e{column}\" title=\"{}\">{sign}</a>",
        escaped(&reason)
    )
}

fn students(page: &mut String, grades: &Grades) {
    *page += "<h2>The reasons, by student</h2>\n";
    for (row, (student, cells)) in grades.students.iter().zip(&grades.cells).enumerate() {
        one_student(page, grades, row, student, cells);
    }
    if !grades.others.is_empty() {
        let others = collect::clean(&grades.others.join(", "));
        let _ = writeln!(
            page,
            "<p class=\"dim\">Files in the folder that are no submissions: {}.</p>",
            escaped(&others)
        );
    }
}

fn one_student(
    page: &mut String,
    grades: &Grades,
    row: usize,
    student: &Submission,
    cells: &[Cell],
) {
    let passed = cells
        .iter()
        .filter(|cell| cell.mark == Mark::Passed)
        .count();
    let _ = writeln!(
        page,
        "<details><summary><bdi>{}</bdi> <span class=\"dim\">{passed} of {}, {}</span></summary>",
        escaped(&student.name),
        cells.len(),
        escaped(&collect::clean(&student.file))
    );
    for note in &student.notes {
        let _ = writeln!(page, "<p>{}</p>", escaped(note));
    }
    // Inside: a browser that is led there opens what is around it.
    let _ = writeln!(page, "<dl id=\"s{row}\">");
    for (column, cell) in cells.iter().enumerate() {
        if cell.reason.is_empty() {
            continue;
        }
        let _ = writeln!(
            page,
            "<dt id=\"s{row}e{column}\">{} <span class=\"mark {}\" style=\"display:inline\">{}</span> {}</dt>\n<dd>",
            escaped(&grades.exercises[column].name),
            class(cell.mark),
            sign(cell.mark),
            cell.mark.words()
        );
        if let Some(belief) = &cell.belief {
            let perhaps = if belief.certain { "" } else { "Perhaps: " };
            let _ = write!(page, "<p>{perhaps}{}</p>", code(&belief.title));
        }
        let _ = writeln!(page, "<pre>{}</pre></dd>", escaped(&cell.reason));
    }
    *page += "</dl>\n</details>\n";
}

fn contained(page: &mut String, grades: &Grades) {
    *page += "<h2>What is contained on this machine, and what is not</h2>\n<ul>\n";
    for (contained, words) in grades.found.words() {
        let class = if contained { "yes" } else { "no" };
        let _ = writeln!(page, "<li class=\"{class}\">{}</li>", code(&words));
    }
    *page += "</ul>\n";
    for why in &grades.found.why {
        let _ = writeln!(page, "<p class=\"dim\">Not used: {}</p>", escaped(why));
    }
}

#[cfg(test)]
mod tests {
    use super::{escaped, marked};

    #[test]
    fn text_stays_text() {
        assert_eq!(
            escaped("<script>\"&'\u{1b}\u{202e}"),
            "&lt;script&gt;&quot;&amp;&#39;\u{fffd}\u{fffd}"
        );
        assert_eq!(
            marked("read `Vec<u8>` <b>\n\n*its <own>* 2 * 3 ** `*p`"),
            "<p>read <code>Vec&lt;u8&gt;</code> &lt;b&gt;</p>\n\
             <p><em>its &lt;own&gt;</em> 2 * 3 ** <code>*p</code></p>\n"
        );
    }
}
