//! A value with its unit, in three digits.

use std::fmt::Display;

use serde::{Deserialize, Serialize};

/// What a value counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Time, in seconds.
    Seconds,
    /// Memory, in octets.
    Octets,
    /// Throughput, in octets a second.
    OctetsASecond,
    /// Turns of a conversation, a second.
    TurnsASecond,
    /// Requests answered, a second.
    RequestsASecond,
}

/// One step of a unit: from this value on, it is divided by this, and bears this name.
type Step = (f64, &'static str);

const SECONDS: [Step; 4] = [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")];
const OCTETS: [Step; 4] = [
    (1024.0 * 1024.0 * 1024.0, "GiB"),
    (1024.0 * 1024.0, "MiB"),
    (1024.0, "KiB"),
    (1.0, "octets"),
];
const OCTETS_A_SECOND: [Step; 3] = [(1e9, "GB/s"), (1e6, "MB/s"), (1e3, "kB/s")];
const TURNS_A_SECOND: [Step; 1] = [(1.0, "turns/s")];
const REQUESTS_A_SECOND: [Step; 1] = [(1.0, "requests/s")];

impl Unit {
    /// Is less of it better?
    pub fn less_is_better(self) -> bool {
        matches!(self, Self::Seconds | Self::Octets)
    }

    /// Are all its values counted in the same?
    pub(crate) fn has_one_name(self) -> bool {
        self.steps().len() == 1
    }

    fn steps(self) -> &'static [Step] {
        match self {
            Self::Seconds => &SECONDS,
            Self::Octets => &OCTETS,
            Self::OctetsASecond => &OCTETS_A_SECOND,
            Self::TurnsASecond => &TURNS_A_SECOND,
            Self::RequestsASecond => &REQUESTS_A_SECOND,
        }
    }

    /// The step that a value is shown in.
    fn step(self, value: f64) -> Option<Step> {
        let steps = self.steps();
        steps
            .iter()
            // A little more than the step itself, so that 999.9 ms becomes 1.00 s.
            .find(|(size, _)| value >= size * 0.9995)
            .or(steps.last())
            .copied()
    }

    /// What one of the numbers is worth in which a value is shown: 1,048,576 for 35 MiB.
    pub(crate) fn size(self, value: f64) -> f64 {
        self.step(value).map_or(1.0, |(size, _)| size)
    }

    /// The value with its unit: `35.1 ms`.
    pub fn show(self, value: f64) -> String {
        let (size, name) = self.step(value).unwrap_or((1.0, ""));
        format!("{} {name}", three(value / size))
    }
}

/// A factor: `1.04`, `27.3`, `1,250`.
pub fn three(value: f64) -> String {
    match value {
        ..0.9995 => format!("{value:.3}"),
        ..9.995 => format!("{value:.2}"),
        ..99.95 => format!("{value:.1}"),
        _ => with_commas(format!("{value:.0}")),
    }
}

/// A whole number with a comma before each group of three digits: `1250` becomes `1,250`.
pub fn with_commas(number: impl Display) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_three_digits_and_the_unit_that_fits() {
        for (unit, value, expected) in [
            (Unit::Seconds, 0.0351, "35.1 ms"),
            (Unit::Seconds, 0.99999, "1.00 s"),
            (Unit::Seconds, 12.34, "12.3 s"),
            (Unit::Seconds, 3.82e-6, "3.82 µs"),
            (Unit::Seconds, 17e-9, "17.0 ns"),
            (Unit::Seconds, 17e-11, "0.170 ns"),
            (Unit::Octets, 2.5 * 1024.0 * 1024.0, "2.50 MiB"),
            (Unit::Octets, 5.0, "5.00 octets"),
            (Unit::OctetsASecond, 4.41e9, "4.41 GB/s"),
            (Unit::OctetsASecond, 12.0, "0.012 kB/s"),
            (Unit::TurnsASecond, 55.3, "55.3 turns/s"),
            (Unit::RequestsASecond, 48_123.0, "48,123 requests/s"),
        ] {
            assert_eq!(unit.show(value), expected);
        }
    }

    #[test]
    fn digits_stand_in_groups_of_three() {
        let numbers = [0, 7, 999, 1000, 12_345, 1_234_567, 4_294_967_296_u64];
        let written = numbers.map(with_commas);
        let expected = [
            "0",
            "7",
            "999",
            "1,000",
            "12,345",
            "1,234,567",
            "4,294,967,296",
        ];
        assert_eq!(written, expected);
    }

    #[test]
    fn a_factor_has_three_digits() {
        for (value, expected) in [
            (0.0625, "0.062"),
            (1.0, "1.00"),
            (9.999, "10.0"),
            (99.99, "100"),
            (1_234_567.0, "1,234,567"),
        ] {
            assert_eq!(three(value), expected);
        }
    }
}
