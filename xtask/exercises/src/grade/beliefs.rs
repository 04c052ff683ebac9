//! What the class believes: the same misconception, counted over all exercises.

use std::collections::{BTreeMap, BTreeSet};

use super::Grades;
use super::mark::Mark;

/// A misconception and who has it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// What they believe.
    pub title: String,
    /// Why it is not so, by exercise: an exercise has its own words for it.
    pub hints: BTreeMap<String, String>,
    /// The students' rows.
    pub students: BTreeSet<usize>,
    /// The exercises' columns, with the number of students each.
    pub exercises: BTreeMap<usize, usize>,
    /// How many answers show it exactly; the others show something like it.
    pub certain: usize,
}

/// The misconceptions of the class, the most common first.
pub fn count(grades: &Grades) -> Vec<Counted> {
    let mut by_name: BTreeMap<&str, Counted> = BTreeMap::new();
    for (row, cells) in grades.cells.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let Some(belief) = &cell.belief else {
                continue;
            };
            let counted = by_name.entry(&belief.name).or_default();
            counted.title.clone_from(&belief.title);
            let exercise = grades.exercises[column].name.clone();
            counted.hints.insert(exercise, belief.hint.clone());
            counted.students.insert(row);
            *counted.exercises.entry(column).or_default() += 1;
            counted.certain += usize::from(belief.certain);
        }
    }
    let mut all: Vec<Counted> = by_name.into_values().collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.students.len()));
    all
}

/// The wrong answers that show no known mistake, by exercise: a new file in `wrong/` could name them.
pub fn not_recognised(grades: &Grades) -> BTreeMap<usize, usize> {
    let mut all = BTreeMap::new();
    for cells in &grades.cells {
        for (column, cell) in cells.iter().enumerate() {
            let wrong = matches!(cell.mark, Mark::Failed | Mark::Broken);
            if wrong && cell.belief.is_none() {
                *all.entry(column).or_default() += 1;
            }
        }
    }
    all
}
