//! The file of a benchmark: machine, date, the values.

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::figure::Unit;

/// What one benchmark has measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The benchmark, as on the command line.
    pub name: String,
    /// When: year, month and day, `2026-11-25`.
    pub date: String,
    /// Where.
    pub machine: Machine,
    /// What was measured side by side.
    pub groups: Vec<Group>,
    /// Peers that this machine does not have.
    pub missing: Vec<Missing>,
    /// The part of the machine's time, from 0 to 1, that other programs took meanwhile. Nothing where
    /// the system does not say it (everywhere but Linux).
    pub others: Option<f64>,
}

/// The machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// The model of its processor.
    pub cpu: String,
    /// CPUs that the program may use.
    pub cores: usize,
    /// The operating system, with the version of its kernel.
    pub system: String,
    /// The compiler.
    pub rustc: String,
}

/// Values that were measured in turn, in one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// What was done.
    pub title: String,
    /// What the values count.
    pub unit: Unit,
    /// Who did it.
    pub rows: Vec<Row>,
    /// What is expected of ours.
    pub targets: Vec<Target>,
}

/// The values of one program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The program, and how it was used.
    pub who: String,
    /// Is it the course's own?
    pub ours: bool,
    /// A value for each round.
    pub values: Vec<f64>,
}

/// What is expected of one of ours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The row that is judged.
    pub ours: String,
    /// The row that it is judged by; the limit itself is in the unit when there is none.
    pub beside: Option<String>,
    /// What is expected.
    pub claim: Claim,
}

/// What is expected.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// At most so many times the value beside it; or at most this value.
    AtMost(f64),
    /// At least so many times as fast: of times the inverse counts, of rates the ratio.
    TimesAsFast(f64),
}

/// A peer that this machine does not have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// Its program.
    pub peer: String,
    /// How to get it.
    pub get: String,
}

impl Report {
    /// Reads a report and checks that it is whole.
    ///
    /// # Errors
    /// When it is no JSON of this form, or has no value where one belongs.
    pub fn parse(text: &str) -> Result<Self> {
        let report: Self = serde_json::from_str(text)?;
        let is_date = report.date.len() == 10
            && report.date.split('-').count() == 3
            && report.date.bytes().all(|b| b == b'-' || b.is_ascii_digit());
        if !is_date {
            bail!("`{}` is no date", report.date);
        }
        if report.groups.is_empty() {
            bail!("nothing was measured");
        }
        for group in &report.groups {
            group.check().with_context(|| group.title.clone())?;
            // A row may only be missing because a peer is: else a target would never be judged.
            let beside = group
                .targets
                .iter()
                .filter_map(|target| target.beside.as_ref());
            for name in beside.filter(|name| group.row(name).is_none()) {
                if report.missing.is_empty() {
                    bail!("a target is beside `{name}`, which has no row, and no peer is missing");
                }
            }
        }
        Ok(report)
    }

    /// The report as it is written: for eyes as well, and for `git diff`.
    ///
    /// # Errors
    /// When a value is no number.
    pub fn to_json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

impl Group {
    /// The row of this name.
    pub fn row(&self, who: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.who == who)
    }

    fn check(&self) -> Result<()> {
        for row in &self.rows {
            if row.values.is_empty() {
                bail!("`{}` has no value", row.who);
            }
            if let Some(value) =
                (row.values.iter()).find(|value| !value.is_finite() || **value <= 0.0)
            {
                bail!("`{}` has the value {value}", row.who);
            }
        }
        if !self.rows.iter().any(|row| row.ours) {
            bail!("there is no row of ours");
        }
        for target in &self.targets {
            if self.row(&target.ours).is_none() {
                bail!("a target is for `{}`, which has no row", target.ours);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn report() -> Report {
        let row = |who: &str, ours, values: &[f64]| Row {
            who: who.into(),
            ours,
            values: values.to_vec(),
        };
        let target = |beside: Option<&str>, claim| Target {
            ours: "ours".into(),
            beside: beside.map(str::to_owned),
            claim,
        };
        Report {
            name: "ip-bulk".into(),
            date: "2026-11-25".into(),
            machine: Machine {
                cpu: "A CPU".into(),
                cores: 2,
                system: "Linux 6.1".into(),
                rustc: "rustc 1.95.0".into(),
            },
            groups: vec![Group {
                title: "1,000,000 addresses to /dev/null".into(),
                unit: Unit::Seconds,
                rows: vec![
                    row("ours", true, &[0.040, 0.050, 0.041]),
                    row("a bare <loop>", false, &[0.020, 0.050, 0.040]),
                    row("Python", false, &[4.0, 3.9]),
                ],
                targets: vec![
                    target(Some("a bare <loop>"), Claim::AtMost(1.5)),
                    target(Some("Python"), Claim::TimesAsFast(90.0)),
                    target(Some("sipcalc"), Claim::TimesAsFast(60.0)),
                    target(None, Claim::AtMost(0.045)),
                ],
            }],
            missing: vec![Missing {
                peer: "sipcalc".into(),
                get: "apt install sipcalc".into(),
            }],
            others: Some(0.02),
        }
    }

    #[test]
    fn what_was_written_is_read() {
        let report = report();
        let text = report.to_json().unwrap();
        assert_eq!(Report::parse(&text).unwrap(), report);
        insta::assert_snapshot!(text);
    }

    #[test]
    fn what_is_damaged_is_not_read() {
        let whole = report().to_json().unwrap();
        for (old, new, expected) in [
            ("0.05", "-0.05", "has the value"),
            ("\"ours\": true", "\"ours\": false", "no row of ours"),
            ("\"date\": \"2026", "\"date\": \"x", "is no date"),
            ("\"who\": \"ours\"", "\"who\": \"their\"", "has no row"),
            ("\"machine\"", "\"place\"", "place"),
            ("\"at_most\"", "\"about\"", "about"),
            ("0.02\n}\n", "0.02\n", "EOF"),
        ] {
            assert!(whole.contains(old), "{old}");
            let error = Report::parse(&whole.replacen(old, new, 1)).map(|_| ());
            let error = format!("{:#}", error.expect_err(old));
            assert!(error.contains(expected), "{old}: {error}");
        }
        let mut empty = report();
        empty.groups[0].rows[0].values.clear();
        let error = Report::parse(&empty.to_json().unwrap()).unwrap_err();
        assert!(format!("{error:#}").contains("no value"), "{error:#}");
        let mut misnamed = report();
        misnamed.missing.clear();
        let error = Report::parse(&misnamed.to_json().unwrap()).unwrap_err();
        assert!(error.to_string().contains("beside `sipcalc`"), "{error:#}");
        let mut nothing = report();
        nothing.groups.clear();
        let error = Report::parse(&nothing.to_json().unwrap()).unwrap_err();
        assert!(format!("{error:#}").contains("nothing was measured"));
    }
}
