//! Median, spread and ratio.
//!
//! The median, and not the mean: on a machine that does other things too, single values are far too
//! long, and none is far too short. One such value moves the mean, and leaves the median where it is.

/// The middle value; of an even number, the mean of the two in the middle. Of nothing, nothing.
pub fn median(values: &[f64]) -> Option<f64> {
    let sorted = sorted(values);
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    Some(f64::midpoint(sorted[middle - 1], upper))
}

/// The least and the greatest value.
pub fn spread(values: &[f64]) -> Option<(f64, f64)> {
    let sorted = sorted(values);
    Some((*sorted.first()?, *sorted.last()?))
}

/// How many times the values of `beside` those of `ours` are.
///
/// Both were measured in turn, so value by value they belong to the same moment of the machine: the
/// ratio is taken in each round, and the median of these ratios counts. (If one has fewer rounds,
/// the others are left out.)
pub fn ratio(ours: &[f64], beside: &[f64]) -> Option<f64> {
    let rounds: Vec<f64> = ours
        .iter()
        .zip(beside)
        .map(|(ours, beside)| ours / beside)
        .collect();
    median(&rounds)
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Takes the least and the greatest away until one or two are left.
    fn by_taking_away(values: &[f64]) -> f64 {
        let mut left = values.to_vec();
        while left.len() > 2 {
            for wanted in [f64::min, f64::max] {
                let end = left.iter().copied().reduce(wanted).unwrap();
                let place = left
                    .iter()
                    .position(|value| value.to_bits() == end.to_bits());
                left.remove(place.unwrap());
            }
        }
        left.iter().sum::<f64>() / f64::from(u32::try_from(left.len()).unwrap())
    }

    fn close(one: f64, other: f64) -> bool {
        (one - other).abs() <= 1e-9 * one.abs().max(other.abs())
    }

    proptest! {
        #[test]
        fn the_median_is_what_is_left_when_the_ends_are_taken_away(
            values in proptest::collection::vec(1e-9..1e12_f64, 1..40)
        ) {
            prop_assert!(close(median(&values).unwrap(), by_taking_away(&values)));
        }

        #[test]
        fn all_values_are_in_the_spread(values in proptest::collection::vec(1e-9..1e12_f64, 1..40)) {
            let (least, most) = spread(&values).unwrap();
            prop_assert!(values.iter().all(|value| (least..=most).contains(value)));
            prop_assert!(values.contains(&least) && values.contains(&most));
        }

        #[test]
        fn a_ratio_is_found_again(
            beside in proptest::collection::vec(1e-6..1e6_f64, 1..40),
            factor in 1e-3..1e3_f64,
            noise in 1.0..100.0_f64,
        ) {
            // The machine is slower in one round: both values of that round are longer.
            let mut beside = beside;
            beside[0] *= noise;
            let ours: Vec<f64> = beside.iter().map(|value| value * factor).collect();
            prop_assert!(close(ratio(&ours, &beside).unwrap(), factor));
        }
    }

    #[test]
    fn nothing_comes_of_nothing() {
        assert_eq!(median(&[]), None);
        assert_eq!(spread(&[]), None);
        assert_eq!(ratio(&[1.0], &[]), None);
    }
}
