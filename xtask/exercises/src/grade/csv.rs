//! The table for a spreadsheet (RFC 4180), in UTF-8 with a mark at its beginning.

use super::Grades;
use super::mark::Mark;

/// The whole file.
pub fn text(grades: &Grades) -> String {
    let mut head = vec!["student".to_owned(), "file".to_owned()];
    head.extend(grades.exercises.iter().map(|one| one.name.clone()));
    head.extend(["passed", "misconceptions", "notes"].map(str::to_owned));
    // Without this mark, Excel takes UTF-8 for something else: `BjÃ¶rn`.
    let mut lines = vec!["\u{feff}".to_owned() + &line(&head)];
    for (student, cells) in grades.students.iter().zip(&grades.cells) {
        let mut fields = vec![student.name.clone(), student.file.clone()];
        fields.extend(cells.iter().map(|cell| cell.mark.words().to_owned()));
        let passed = cells.iter().filter(|cell| cell.mark == Mark::Passed);
        fields.push(passed.count().to_string());
        let mut beliefs: Vec<&str> = cells
            .iter()
            .filter_map(|cell| Some(cell.belief.as_ref()?.title.as_str()))
            .collect();
        beliefs.sort_unstable();
        beliefs.dedup();
        fields.push(beliefs.join(" "));
        fields.push(student.notes.join(" "));
        lines.push(line(&fields));
    }
    lines.concat()
}

fn line(fields: &[String]) -> String {
    let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
    fields.join(",") + "\r\n"
}

/// A field as a spreadsheet takes it: never for a formula, which a name could smuggle in.
fn quoted(field: &str) -> String {
    let formula = field
        .trim_start()
        .starts_with(['=', '+', '-', '@', '\t', '\r']);
    let field = if formula {
        format!("'{field}")
    } else {
        field.to_owned()
    };
    if field.contains([',', '"', '\r', '\n']) || field.trim() != field {
        return format!("\"{}\"", field.replace('"', "\"\""));
    }
    field
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn no_name_becomes_a_formula() {
        for (name, field) in [
            ("Anna", "Anna"),
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2", "'-2"),
            ("+4", "'+4"),
            (" =1", "' =1"),
            (
                "=HYPERLINK(\"x\",\"y\")",
                "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"",
            ),
            ("Meier, Anna", "\"Meier, Anna\""),
            ("two\nlines", "\"two\nlines\""),
        ] {
            assert_eq!(quoted(name), field);
        }
    }
}
