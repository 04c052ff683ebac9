//! A report, for a terminal.

use std::fmt::Write as _;

use measured::figure::three;
use measured::report::{Group, Report};
use measured::statistics::{median, spread};

/// The report: tables, targets, and what was missing.
pub fn report(report: &Report, took: f64) -> String {
    let mut text = format!("{}\n", report.name);
    for group in &report.groups {
        text.push_str(&table(group));
    }
    for missing in &report.missing {
        let _ = writeln!(
            text,
            "  missing: {} (to get it: {})",
            missing.peer, missing.get
        );
    }
    if let Some(others) = report.others {
        let _ = writeln!(
            text,
            "  {took:.0} s; other programs took {:.0} % of the machine meanwhile",
            others * 100.0
        );
    }
    text
}

fn table(group: &Group) -> String {
    let width = group.rows.iter().map(|row| row.who.chars().count()).max();
    let width = width.unwrap_or(0);
    let first = group.rows.iter().find(|row| row.ours);
    let mut text = format!("  {}\n", group.title);
    for row in &group.rows {
        let unit = group.unit;
        let show = |value: Option<f64>| value.map(|value| unit.show(value)).unwrap_or_default();
        let (least, most) = spread(&row.values).unzip();
        let ratio = first
            .filter(|first| first.who != row.who)
            .and_then(|first| group.ratio(&row.who, &first.who))
            .map(|ratio| {
                format!(
                    "{} × {}",
                    three(ratio),
                    first.map_or("", |first| &first.who)
                )
            });
        let line = format!(
            "    {:width$}  {:>12}  {:27}  {}",
            row.who,
            show(median(&row.values)),
            format!("({} … {})", show(least), show(most)),
            ratio.unwrap_or_default(),
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
    for target in &group.targets {
        let verdict = group.judge(target);
        let said = match verdict.met {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "not judged",
        };
        let got = verdict
            .got
            .map(|got| format!(": {got}"))
            .unwrap_or_default();
        let _ = writeln!(
            text,
            "    {said}: {} {}{got}",
            target.ours, verdict.expected
        );
    }
    text
}
