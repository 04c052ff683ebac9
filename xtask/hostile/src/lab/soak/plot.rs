//! The memory of every server over time, as an SVG picture.
//!
//! A page shows the file as an image, so the page's style does not reach into it. It has both of the
//! theme's pairs of colours and takes the one for the colour scheme of the element that shows it: the
//! browser passes that on (`prefers-color-scheme`). All shapes and texts are `currentColor`.

use std::fmt::Write as _;

use super::Soaked;
use super::sample::Sample;

const WIDTH: u64 = 860;
/// The room for one server, from top to top.
const ROW: u64 = 84;
const TOP: u64 = 66;
/// Where the curves begin and end.
const LEFT: u64 = 190;
const RIGHT: u64 = 690;
/// The height of a curve.
const HEIGHT: u64 = 56;

/// Text, curves and paper, light and dark: those of the frame around a picture in book/theme/colours.css.
const STYLE: &str = ":root{color-scheme:light dark;background:#f6f8fa;color:#1f2328}\
    .curve{color:#0b5394}\
    @media (prefers-color-scheme:dark){:root{background:#12151c;color:#d5dae1}.curve{color:#8cc8ff}}";

/// The picture. Every server has a scale of its own that begins at 0.
pub fn svg(caption: &str, all: &[Soaked]) -> String {
    let height = TOP + ROW * all.len() as u64 + 30;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-labelledby=\"t d\" font-family=\"system-ui, -apple-system, sans-serif\" \
         fill=\"currentColor\">\n\
         <style>{STYLE}</style>\n\
         <title id=\"t\">The memory of the servers under load</title>\n\
         <desc id=\"d\">{}</desc>\n",
        all.iter().map(words).collect::<Vec<_>>().join(" ")
    );
    text(
        &mut svg,
        24,
        32,
        17,
        "Memory over time, honest and hostile clients at once",
    );
    text(&mut svg, 24, 52, 13, caption);
    let last = all
        .iter()
        .filter_map(|one| one.series.samples().last())
        .map(|sample| sample.second)
        .max();
    for (index, one) in all.iter().enumerate() {
        row(
            &mut svg,
            TOP + ROW * index as u64,
            one,
            last.unwrap_or(0).max(1),
        );
    }
    svg.push_str("</svg>\n");
    svg
}

fn row(svg: &mut String, top: u64, one: &Soaked, last: u64) {
    let samples = one.series.samples();
    let memory = |sample: &Sample| sample.pss_kib;
    let most = samples.iter().map(memory).max().unwrap_or(1).max(1);
    let bottom = top + HEIGHT + 8;
    text(svg, 24, top + 28, 15, one.name);
    let answered = format!("{} answered, {} failed", one.answered, one.failed);
    text(svg, 24, top + 46, 12, &answered);
    let attacks = format!("{} attacks", one.attacks);
    text(svg, 24, top + 62, 12, &attacks);
    // Writing to a String cannot fail.
    let _ = writeln!(
        svg,
        "<rect x=\"{LEFT}\" y=\"{}\" width=\"{}\" height=\"{HEIGHT}\" fill=\"none\" stroke=\"currentColor\" opacity=\"0.3\"/>",
        bottom - HEIGHT,
        RIGHT - LEFT
    );
    let points: Vec<String> = samples
        .iter()
        .map(|sample| {
            let x = LEFT + (RIGHT - LEFT) * sample.second.min(last) / last;
            // The highest point stays a little below the frame.
            let y = bottom - memory(sample) * (HEIGHT - 6) / most;
            format!("{x},{y}")
        })
        .collect();
    let _ = writeln!(
        svg,
        "<polyline class=\"curve\" points=\"{}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.5\"/>",
        points.join(" ")
    );
    let highest = format!("most {most} KiB");
    text(svg, RIGHT + 12, top + 28, 12, &highest);
    if let Some(growth) = one.series.growth() {
        let second = format!("2nd quarter {} KiB", growth.second_quarter_kib);
        let last = format!("last quarter {} KiB", growth.last_quarter_kib);
        text(svg, RIGHT + 12, top + 46, 12, &second);
        text(svg, RIGHT + 12, top + 62, 12, &last);
    }
}

/// The row for who cannot see it.
fn words(one: &Soaked) -> String {
    let growth = one.series.growth().unwrap_or_default();
    format!(
        "{}: {} KiB in the second quarter of the time, {} in the last.",
        one.name, growth.second_quarter_kib, growth.last_quarter_kib
    )
}

fn text(svg: &mut String, x: u64, y: u64, size: u64, text: &str) {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
    let _ = writeln!(
        svg,
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\">{escaped}</text>"
    );
}

#[cfg(test)]
mod tests {
    use super::super::sample::Series;
    use super::*;
    use crate::gate::Gate;
    use std::time::Duration;

    #[test]
    fn every_server_has_a_curve_inside_of_its_frame() {
        let length = Duration::from_millis(100);
        let series = Series::take(std::process::id(), length, &Gate::new(length, u64::MAX));
        let one = |name| Soaked {
            name,
            series: series.clone(),
            ..Soaked::default()
        };
        let svg = svg("a < b", &[one("x"), one("y")]);
        assert_eq!(svg.matches("<polyline").count(), 2);
        assert!(svg.contains("a &lt; b"));
        // Colours stand in the style alone, where each has its other for the dark.
        assert!(svg.matches('#').count() == STYLE.matches('#').count());
        for points in svg.split("points=\"").skip(1) {
            let (points, _) = points.split_once('"').unwrap();
            for point in points.split_whitespace() {
                let (x, y) = point.split_once(',').unwrap();
                let (x, y): (u64, u64) = (x.parse().unwrap(), y.parse().unwrap());
                assert!((LEFT..=RIGHT).contains(&x) && (TOP..TOP + 2 * ROW).contains(&y));
            }
        }
    }
}
