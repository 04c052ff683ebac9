//! `{{#measured name}}`: what `cargo xtask bench` has measured, as tables and drawings; and
//! `{{#measured name short}}`: our own values side by side, for a chapter.
//!
//! Nothing of it is written by hand: the figures come from `book/measured/name.json`, which the bench
//! writes, and with them the machine, the date, and whether a target is met.

use std::fmt::Write as _;
use std::path::Path;

use measured::figure::three;
use measured::plot;
use measured::report::{Group, Report, Row};
use measured::statistics::{median, spread};

use crate::html::{caption, escape, slug};

/// The figures of a benchmark, on one line.
///
/// # Errors
/// What is wrong with its file, and the mend.
pub fn figures(root: &Path, name: &str) -> Result<String, (String, String)> {
    let report = read(root, name)?;
    let mut html = String::new();
    for (index, group) in report.groups.iter().enumerate() {
        let _ = write!(
            html,
            "<figure class=\"measurement\" id=\"measured-{}-{}\" data-benchmark=\"{}\">{}{}\
             <div class=\"picture-frame\" tabindex=\"0\" role=\"group\" aria-label=\"Plot\">{}</div></figure>",
            slug(name),
            index + 1,
            escape(name),
            table(group),
            targets(group),
            plot::inline(group),
        );
    }
    html.push_str(&place(&report));
    Ok(html)
}

/// Our own values only. Groups whose titles end alike, behind a comma, stand in one drawing: it has
/// a row for each.
///
/// # Errors
/// As [`figures`].
pub fn short(root: &Path, name: &str) -> Result<String, (String, String)> {
    let report = read(root, name)?;
    let mut html = String::new();
    for (index, group) in side_by_side(&report.groups).iter().enumerate() {
        let _ = write!(
            html,
            "<figure class=\"measurement\" id=\"measured-{}-short-{}\" data-benchmark=\"{}\">\
             <figcaption>{}</figcaption>\
             <div class=\"picture-frame\" tabindex=\"0\" role=\"group\" aria-label=\"Plot\">{}</div></figure>",
            slug(name),
            index + 1,
            escape(name),
            caption(&group.title),
            plot::inline(group),
        );
    }
    html.push_str(&place(&report));
    Ok(html)
}

fn side_by_side(groups: &[Group]) -> Vec<Group> {
    let mut joined: Vec<Group> = Vec::new();
    for group in groups {
        let (what, title) = group
            .title
            .rsplit_once(", ")
            .unwrap_or((&group.title, &group.title));
        let ours = group.rows.iter().filter(|row| row.ours).map(|row| Row {
            who: what.to_owned(),
            ..row.clone()
        });
        let alike = |other: &&mut Group| other.title == title && other.unit == group.unit;
        match joined.iter_mut().find(alike) {
            Some(other) => other.rows.extend(ours),
            None => joined.push(Group {
                title: title.to_owned(),
                rows: ours.collect(),
                targets: Vec::new(),
                ..group.clone()
            }),
        }
    }
    joined
}

fn read(root: &Path, name: &str) -> Result<Report, (String, String)> {
    measured::read(&root.join(measured::FOLDER), name).map_err(|error| {
        (
            format!("the figures of `{name}` cannot be shown: {error:#}"),
            format!("measure them: `cargo xtask bench {name}`"),
        )
    })
}

/// A row for each program.
fn table(group: &Group) -> String {
    let first = group.rows.iter().find(|row| row.ours);
    let mut html = format!(
        "<table><caption>{}</caption><thead><tr><th scope=\"col\">program</th>\
         <th scope=\"col\">median</th><th scope=\"col\">least to greatest</th>\
         <th scope=\"col\">ratio</th></tr></thead><tbody>",
        caption(&group.title)
    );
    for row in &group.rows {
        let name = caption(&row.who);
        let name = if row.ours {
            format!("<strong>{name}</strong>")
        } else {
            name
        };
        let _ = write!(
            html,
            "<tr><th scope=\"row\">{name}</th><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(&shown(group, median(&row.values))),
            escape(&range(group, row)),
            first.map_or_else(String::new, |first| beside(group, row, first)),
        );
    }
    html.push_str("</tbody></table>");
    html
}

fn shown(group: &Group, value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| group.unit.show(value))
}

fn range(group: &Group, row: &Row) -> String {
    match spread(&row.values) {
        Some((least, most)) if row.values.len() > 1 => {
            format!("{} to {}", group.unit.show(least), group.unit.show(most))
        }
        _ => "one value".to_owned(),
    }
}

/// How many times the value of ours that of this row is.
fn beside(group: &Group, row: &Row, first: &Row) -> String {
    if row.who == first.who {
        return "1".to_owned();
    }
    group
        .ratio(&row.who, &first.who)
        .map_or_else(String::new, three)
}

/// What was expected of ours, and what became of it.
fn targets(group: &Group) -> String {
    if group.targets.is_empty() {
        return String::new();
    }
    let mut html = "<ul class=\"targets\">".to_owned();
    for target in &group.targets {
        let verdict = group.judge(target);
        let (class, said) = match verdict.met {
            Some(true) => ("met", "Met"),
            Some(false) => ("missed", "Missed"),
            None => ("open", "Not judged, because the peer was missing"),
        };
        let got = verdict
            .got
            .map(|got| format!("; measured: {}", escape(&got)))
            .unwrap_or_default();
        let _ = write!(
            html,
            "<li class=\"{class}\"><strong>{said}</strong>: {} {}{got}</li>",
            caption(&target.ours),
            caption(&verdict.expected),
        );
    }
    html.push_str("</ul>");
    html
}

/// Where and when, what else the machine did, who was missing, and how to repeat it.
fn place(report: &Report) -> String {
    let machine = &report.machine;
    let mut html = format!(
        "<p class=\"measured-place\">Measured on {}: {}, {} CPUs, {}, {}.",
        escape(&report.date),
        escape(&machine.cpu),
        machine.cores,
        escape(&machine.system),
        escape(&machine.rustc),
    );
    if let Some(others) = report.others {
        let _ = write!(
            html,
            " Other programs took {:.0} % of the machine meanwhile.",
            others * 100.0
        );
    }
    for missing in &report.missing {
        let _ = write!(
            html,
            " {} was missing ({}).",
            escape(&missing.peer),
            escape(&missing.get)
        );
    }
    let _ = write!(
        html,
        " To repeat it: <code>cargo xtask bench {}</code>.</p>",
        escape(&report.name)
    );
    html
}

#[cfg(test)]
mod tests {
    use measured::figure::Unit;

    use super::*;

    #[test]
    fn in_a_chapter_only_ours_stand_side_by_side() {
        let row = |who: &str, ours| Row {
            who: who.to_owned(),
            ours,
            values: vec![1.0],
        };
        let group = |title: &str| Group {
            title: title.to_owned(),
            unit: Unit::Seconds,
            rows: vec![row("ours", true), row("a peer", false)],
            targets: Vec::new(),
        };
        let joined = side_by_side(&[
            group("TCP, one CPU"),
            group("UDP, one CPU"),
            group("TCP, two CPUs"),
        ]);
        let shown: Vec<(&str, Vec<&str>)> = (joined.iter())
            .map(|group| {
                let rows = group.rows.iter().map(|row| row.who.as_str());
                (group.title.as_str(), rows.collect())
            })
            .collect();
        assert_eq!(
            shown,
            [("one CPU", vec!["TCP", "UDP"]), ("two CPUs", vec!["TCP"])]
        );
    }

    #[test]
    fn commands_are_set_as_code() {
        let group = Group {
            title: "`cargo build` <empty>".to_owned(),
            unit: Unit::Seconds,
            rows: vec![Row {
                who: "as `cargo test` plays".to_owned(),
                ours: true,
                values: vec![1.0],
            }],
            targets: Vec::new(),
        };
        let html = table(&group);
        assert!(
            html.contains("<caption><code>cargo build</code> &lt;empty&gt;</caption>"),
            "{html}"
        );
        assert!(
            html.contains("<strong>as <code>cargo test</code> plays</strong>"),
            "{html}"
        );
    }

    #[test]
    fn groups_that_end_alike_share_a_drawing_of_our_values() {
        let group = |title: &str, value| Group {
            title: title.to_owned(),
            unit: Unit::Seconds,
            rows: [("ours", true), ("a peer", false)]
                .map(|(who, ours)| Row {
                    who: who.to_owned(),
                    ours,
                    values: vec![value],
                })
                .into(),
            targets: Vec::new(),
        };
        let groups = [
            group("over TCP, on one CPU", 1.0),
            group("over UDP, on one CPU", 2.0),
            group("over TCP, on two CPUs", 3.0),
            group("alone", 4.0),
        ];
        let rows = |group: &Group| {
            let rows = group.rows.iter();
            let rows: Vec<_> = rows.map(|row| (row.who.clone(), row.values[0])).collect();
            (group.title.clone(), rows)
        };
        let row = |who: &str, value| (who.to_owned(), value);
        let joined: Vec<_> = side_by_side(&groups).iter().map(rows).collect();
        assert_eq!(
            joined,
            [
                (
                    "on one CPU".to_owned(),
                    vec![row("over TCP", 1.0), row("over UDP", 2.0)]
                ),
                ("on two CPUs".to_owned(), vec![row("over TCP", 3.0)]),
                ("alone".to_owned(), vec![row("alone", 4.0)]),
            ]
        );
    }
}
