//! A drawing of values, as SVG.
//!
//! Two lines for each program: its name, and below it the way from its least to its greatest value,
//! a dot at the median, the median as text. So the names take no width, and all places from left to
//! right are percentages: the drawing is as wide as there is room, on a phone too, and its text keeps
//! its size. The drawing has no colours of its own: all is `currentColor`, so it is readable on a
//! light page and on a dark one; ours has a full dot and bold text. The text can be selected, and a
//! description says all of it to those who cannot see the drawing.

use std::fmt::Write as _;

use crate::figure::Unit;
use crate::report::{Group, Row};
use crate::statistics::{median, spread};

/// The width of a file.
const WIDTH: &str = "720";
/// From one row to the next.
const ROW: f64 = 42.0;
/// From the top of a row down to the line that its name stands on, and to its values.
const NAME: f64 = 12.0;
const VALUES: f64 = 26.0;
/// The height of a title.
const TITLE: f64 = 36.0;
/// The height of the scale below the rows.
const SCALE: f64 = 24.0;
/// Where the scale begins and ends, in percent of the width. Right of it there is room for the
/// median of a row, also where a phone is 330 units wide.
const PLACES: (f64, f64) = (2.0, 64.0);
/// From this ratio of greatest to least on, steps of ten are equally wide.
const WIDE: f64 = 20.0;

/// The drawing of one group, on one line, for the inside of a page. The page says what it is of.
pub fn inline(group: &Group) -> String {
    let mut drawing = opening("100%", height_of(group), &group.title, &describe(group));
    rows(&mut drawing, group, 0.0);
    drawing + "</svg>"
}

/// The drawing of all groups, as a file of its own.
pub fn file(groups: &[Group], name: &str) -> String {
    let height = groups.iter().map(|group| TITLE + height_of(group)).sum();
    let words: Vec<String> = groups.iter().map(describe).collect();
    let mut drawing = opening(WIDTH, height, name, &words.join(" "));
    drawing.push_str(
        "<style>:root{color-scheme:light dark;background:Canvas;color:CanvasText}</style>",
    );
    let mut top = 0.0;
    for group in groups {
        let bold = " font-weight=\"bold\"";
        text(&mut drawing, 0.0, top + 22.0, bold, &group.title);
        rows(&mut drawing, group, top + TITLE);
        top += TITLE + height_of(group);
    }
    drawing + "</svg>\n"
}

fn opening(width: &str, height: f64, title: &str, description: &str) -> String {
    format!(
        "<svg class=\"measured\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{width}\" \
         height=\"{height}\" fill=\"currentColor\" font-family=\"sans-serif\" font-size=\"13\">\
         <title>{}</title><desc>{}</desc>",
        escape(title),
        escape(description),
    )
}

/// How high a group is drawn.
fn height_of(group: &Group) -> f64 {
    let rows = f64::from(u32::try_from(group.rows.len()).unwrap_or(u32::MAX));
    rows * ROW + SCALE
}

fn rows(svg: &mut String, group: &Group, top: f64) {
    let scale = Scale::of(group);
    let bottom = top + height_of(group) - SCALE;
    for tick in scale.ticks() {
        let x = scale.place(tick);
        let _ = write!(
            svg,
            "<line x1=\"{x:.1}%\" x2=\"{x:.1}%\" y1=\"{top:.1}\" y2=\"{bottom:.1}\" \
             stroke=\"currentColor\" opacity=\"0.2\"></line>",
        );
        // The first one stands at the edge: there is no room at its left.
        let anchor = if tick > scale.ends.0 {
            "middle"
        } else {
            "start"
        };
        let how = format!(" text-anchor=\"{anchor}\" font-size=\"11\" opacity=\"0.8\"");
        text(svg, x, bottom + 14.0, &how, &tick_text(group.unit, tick));
    }
    for (row, number) in group.rows.iter().zip(0_u32..) {
        let top = top + f64::from(number) * ROW;
        let weight = if row.ours {
            " font-weight=\"bold\""
        } else {
            ""
        };
        text(svg, 0.0, top + NAME, weight, &row.who);
        if let (Some(middle), Some((least, most))) = (median(&row.values), spread(&row.values)) {
            let (from, to) = (scale.place(least), scale.place(most));
            let y = top + VALUES;
            let _ = write!(
                svg,
                "<line x1=\"{from:.1}%\" x2=\"{to:.1}%\" y1=\"{y:.1}\" y2=\"{y:.1}\" \
                 stroke=\"currentColor\" stroke-width=\"3\" opacity=\"0.5\"></line>{}",
                dot(scale.place(middle), y, row.ours),
            );
            let how = format!(" dx=\"12\"{weight}");
            text(svg, to, y + 4.0, &how, &group.unit.show(middle));
        }
    }
}

/// Words at a place: percent from the left, units from the top.
fn text(svg: &mut String, x: f64, y: f64, how: &str, words: &str) {
    let words = escape(words);
    let _ = write!(svg, "<text x=\"{x:.1}%\" y=\"{y:.1}\"{how}>{words}</text>");
}

fn dot(x: f64, y: f64, ours: bool) -> String {
    let fill = if ours { "currentColor" } else { "none" };
    format!(
        "<circle cx=\"{x:.1}%\" cy=\"{y:.1}\" r=\"5\" fill=\"{fill}\" stroke=\"currentColor\" \
         stroke-width=\"2\"></circle>"
    )
}

/// The value at a tick, without digits after the point that say nothing. Where all values of a unit
/// have the same name it stands beside them already, and is long: `15,000 requests/s`.
fn tick_text(unit: Unit, tick: f64) -> String {
    if tick == 0.0 {
        return "0".to_owned();
    }
    let shown = unit.show(tick);
    match shown.split_once(' ') {
        Some((number, _)) if unit.has_one_name() => number.to_owned(),
        Some((number, name)) if number.contains('.') => {
            let number = number.trim_end_matches('0').trim_end_matches('.');
            format!("{number} {name}")
        }
        _ => shown,
    }
}

/// Where a value stands.
struct Scale {
    /// The values at both ends.
    ends: (f64, f64),
    /// Is each step of ten equally wide?
    by_tens: bool,
    /// What values are counted in: a round number of MiB is no round number of octets.
    size: f64,
}

impl Scale {
    fn of(group: &Group) -> Self {
        let all: Vec<f64> = (group.rows.iter())
            .flat_map(|row: &Row| row.values.iter().copied())
            .collect();
        let (least, most) = spread(&all).unwrap_or((0.0, 1.0));
        let by_tens = most / least > WIDE;
        let size = group.unit.size(most);
        let ends = if by_tens {
            (
                10_f64.powf((least / size).log10().floor()) * size,
                10_f64.powf((most / size).log10().ceil()) * size,
            )
        } else {
            (0.0, most)
        };
        Self {
            ends,
            by_tens,
            size,
        }
    }

    /// In percent of the width.
    fn place(&self, value: f64) -> f64 {
        let (first, last) = self.ends;
        let part = if self.by_tens {
            (value / first).log10() / (last / first).log10()
        } else {
            value / last
        };
        PLACES.0 + part * (PLACES.1 - PLACES.0)
    }

    /// Values that get a line and a text: powers of ten, or some four round values.
    fn ticks(&self) -> Vec<f64> {
        let (first, last) = self.ends;
        if self.by_tens {
            let powers = std::iter::successors(Some(first), |power| Some(power * 10.0));
            return powers.take_while(|power| *power <= last * 1.001).collect();
        }
        let rough = last / 4.0;
        let power = 10_f64.powf((rough / self.size).log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .map(|factor| factor * power * self.size)
            .into_iter()
            .find(|step| *step >= rough)
            .unwrap_or(rough);
        let steps = std::iter::successors(Some(0.0), |tick| Some(tick + step));
        steps.take_while(|tick| *tick <= last * 1.001).collect()
    }
}

/// The group in words.
fn describe(group: &Group) -> String {
    let rows: Vec<String> = (group.rows.iter())
        .filter_map(|row| {
            let (least, most) = spread(&row.values)?;
            let unit = group.unit;
            Some(format!(
                "{}: median {}, from {} to {}.",
                row.who,
                unit.show(median(&row.values)?),
                unit.show(least),
                unit.show(most),
            ))
        })
        .collect();
    format!("{}. {}", group.title, rows.join(" "))
}

/// A drawing has no type for code: a command stands there without its marks.
fn shown(text: &str) -> String {
    text.replace('`', "")
}

fn escape(text: &str) -> String {
    shown(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::report;

    #[test]
    fn commands_stand_without_their_marks_and_take_no_room_for_them() {
        let drawn = |who: &str| {
            let mut report = report();
            report.groups[0].rows[0].who = who.to_owned();
            inline(&report.groups[0])
        };
        let with = drawn("a name longer than the others, as `cargo test`");
        assert!(
            with.contains(">a name longer than the others, as cargo test<"),
            "{with}"
        );
        assert_eq!(with, drawn("a name longer than the others, as cargo test"));
    }

    #[test]
    fn steps_of_ten_are_equally_wide_where_values_differ_much() {
        insta::assert_snapshot!(inline(&report().groups[0]).replace("><", ">\n<"));
    }

    #[test]
    fn close_values_stand_on_a_scale_from_0() {
        let mut report = report();
        report.groups[0].rows.pop();
        insta::assert_snapshot!(file(&report.groups, "ip-bulk").replace("><", ">\n<"));
    }

    #[test]
    fn memory_is_counted_in_round_numbers_of_its_own_unit() {
        let mut group = report().groups.remove(0);
        group.unit = Unit::Octets;
        for (row, mebibytes) in group.rows.iter_mut().zip([2.5, 3.4, 3.3]) {
            row.values = vec![mebibytes * 1024.0 * 1024.0];
        }
        let ticks: Vec<String> = (Scale::of(&group).ticks().iter())
            .map(|tick| tick_text(group.unit, *tick))
            .collect();
        assert_eq!(ticks, ["0", "1 MiB", "2 MiB", "3 MiB"]);
    }

    #[test]
    fn a_drawing_for_a_page_is_one_line() {
        assert!(!inline(&report().groups[0]).contains('\n'));
    }
}
