//! Is a target met?

use crate::figure::three;
use crate::report::{Claim, Group, Target};
use crate::statistics::{median, ratio};

/// What has become of a target.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// What was expected: `≤ 1.5 × a bare loop`.
    pub expected: String,
    /// What was measured, in the same terms. Nothing if there was nothing to judge by.
    pub got: Option<String>,
    /// Is it met? Nothing if it could not be judged.
    pub met: Option<bool>,
}

impl Group {
    /// How many times the value of `beside` that of `ours` is: see [`ratio`].
    pub fn ratio(&self, ours: &str, beside: &str) -> Option<f64> {
        ratio(&self.row(ours)?.values, &self.row(beside)?.values)
    }

    /// Judges a target.
    pub fn judge(&self, target: &Target) -> Verdict {
        let (sign, limit) = match target.claim {
            Claim::AtMost(limit) => ('≤', limit),
            Claim::TimesAsFast(limit) => ('≥', limit),
        };
        let expected = match (&target.beside, target.claim) {
            (None, _) => format!("{sign} {}", self.unit.show(limit)),
            (Some(beside), Claim::AtMost(_)) => format!("{sign} {} × {beside}", factor(limit)),
            (Some(beside), Claim::TimesAsFast(_)) => {
                format!("{sign} {} × as fast as {beside}", factor(limit))
            }
        };
        let got = match &target.beside {
            None => self.row(&target.ours).and_then(|row| median(&row.values)),
            Some(beside) => self.ratio(&target.ours, beside),
        };
        let got = match target.claim {
            Claim::TimesAsFast(_) if self.unit.less_is_better() => got.map(f64::recip),
            _ => got,
        };
        Verdict {
            expected,
            met: got.map(|got| match target.claim {
                Claim::AtMost(limit) => got <= limit,
                Claim::TimesAsFast(limit) => got >= limit,
            }),
            got: got.map(|got| match target.beside {
                None => self.unit.show(got),
                Some(_) => three(got),
            }),
        }
    }
}

/// A limit, as people write it: `1.05`, `40`.
fn factor(limit: f64) -> String {
    format!("{limit}")
}

#[cfg(test)]
mod tests {
    use crate::report::tests::report;

    #[test]
    fn a_target_is_judged_in_its_own_terms() {
        let report = report();
        let group = &report.groups[0];
        let said: Vec<String> = (group.targets.iter())
            .map(|target| {
                let verdict = group.judge(target);
                format!("{} {:?} {:?}", verdict.expected, verdict.got, verdict.met)
            })
            .collect();
        assert_eq!(
            said,
            [
                "≤ 1.5 × a bare <loop> Some(\"1.02\") Some(true)",
                "≥ 90 × as fast as Python Some(\"87.6\") Some(false)",
                "≥ 60 × as fast as sipcalc None None",
                "≤ 45.0 ms Some(\"41.0 ms\") Some(true)",
            ]
        );
    }
}
