//! `{{#picture id}}`: a sequence diagram of what crossed the wire.
//!
//! A line for each end, time running down, an arrow for each arrival. The drawing is SVG inside the
//! page: its colours are the page's, its text can be selected. Its words stand once more below it, as
//! a list: for those who cannot see it, and for what an arrow has no room for.

use std::fmt::Write as _;

use scenes::scene::Scene;
use scenes::transcript::{Transcript, WireEvent, WireKind};
use unicode_width::UnicodeWidthStr;

use crate::html;

mod words;

/// Columns of payload on an arrow between two ends, and where there are more ends; the rest is in its
/// tooltip and in the list.
const SHOWN: (usize, usize) = (34, 16);
/// The width of a character of the drawing's monospaced text, in its units.
const CHARACTER: usize = 8;
/// From the top to the first arrow.
const HEAD: usize = 64;
/// From one arrow to the next.
const ROW: usize = 46;
/// Left and right of the outermost lines.
const MARGIN: usize = 80;
/// The width of a page's text; a wider drawing may stick out of it.
const COLUMN: usize = 740;
/// Rows drawn before the drawing says how many more there were.
const MOST: usize = 48;

/// The figure, on one line. Nothing if the scene recorded nothing.
pub fn figure(scene: &Scene, transcript: &Transcript) -> Option<String> {
    if transcript.wire.is_empty() {
        return None;
    }
    let id = format!("picture-{}", html::slug(&scene.id));
    let (image, width) = svg(&id, &scene.caption, &transcript.wire);
    let class = if width > COLUMN {
        "picture wide"
    } else {
        "picture"
    };
    // The record puts a datagram's second wire as early as it can be: the run may have been later.
    let path = if scene.wire.wires.len() > 1 {
        " Each of the two wires stands in its own order; how soon a datagram went on is not drawn."
    } else {
        ""
    };
    Some(format!(
        "<figure class=\"{class}\" id=\"{id}\" data-scene=\"{}\"><div class=\"picture-frame\" tabindex=\"0\" role=\"group\" \
         aria-label=\"Sequence diagram\">{image}</div><details class=\"picture-words\"><summary>The same in words</summary>\
         {}</details><figcaption>What crossed the wire: {}{path}</figcaption></figure>",
        html::escape(&scene.id),
        words::list(&transcript.wire),
        html::caption(&scene.caption)
    ))
}

/// One thing below the other.
enum Row<'a> {
    Event(&'a WireEvent),
    Pause(u32),
}

/// The drawing alone, and its width.
fn svg(id: &str, caption: &str, wire: &[WireEvent]) -> (String, usize) {
    let ends = ends(wire);
    let rows = wire.iter().flat_map(|event| {
        let pause = event.pause.map(Row::Pause);
        pause.into_iter().chain([Row::Event(event)])
    });
    let mut rows: Vec<Row> = rows.collect();
    let left_out = rows.drain(rows.len().min(MOST)..);
    let left_out = left_out.filter(|row| matches!(row, Row::Event(_))).count();

    let shown = if ends.len() > 2 { SHOWN.1 } else { SHOWN.0 };
    let label = |row: &Row| match row {
        Row::Event(event) => words::label(event, shown),
        Row::Pause(milliseconds) => words::pause(*milliseconds),
    };
    let widest = rows.iter().map(|row| label(row).width()).max();
    let gap = (widest.unwrap_or(0) * CHARACTER + 40).clamp(220, 520);
    let width = 2 * MARGIN + (ends.len() - 1) * gap;
    let bottom = HEAD + (rows.len() + usize::from(left_out > 0)) * ROW;
    let lines: Vec<usize> = (0..ends.len()).map(|end| MARGIN + end * gap).collect();
    let x = |name: &str| {
        let end = ends.iter().position(|end| *end == name);
        lines[end.unwrap_or(0)]
    };

    let mut svg = opening(id, caption, &ends, wire.len(), (width, bottom + 12));
    for (end, at) in ends.iter().zip(&lines) {
        svg.push_str(&line_of_an_end(end, *at, bottom));
    }
    for (number, row) in rows.iter().enumerate() {
        let y = HEAD + number * ROW + 24;
        svg.push_str(&match row {
            Row::Event(event) => arrow(event, &label(row), (x(&event.from), x(&event.to)), y),
            Row::Pause(_) => interruption(&label(row), &lines, y - 4),
        });
    }
    if left_out > 0 {
        let _ = write!(
            svg,
            "<text class=\"label\" x=\"{}\" y=\"{}\">… and {left_out} more, in the list below</text>",
            width / 2,
            bottom - ROW + 18
        );
    }
    svg.push_str("</svg>");
    (svg, width)
}

/// The image with its name and, for those who cannot see it, where to read it.
fn opening(
    id: &str,
    caption: &str,
    ends: &[&str],
    events: usize,
    (width, height): (usize, usize),
) -> String {
    let title = format!("What crossed the wire: {}", caption.replace('`', ""));
    let plural = if events == 1 { "" } else { "s" };
    let description = format!(
        "A sequence diagram: {events} event{plural} between {}. The same stands in words below it.",
        ends.join(", ")
    );
    format!(
        "<svg class=\"sequence\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" \
         aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-desc\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\"><title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>",
        html::escape(&title),
        html::escape(&description)
    )
}

fn line_of_an_end(name: &str, at: usize, bottom: usize) -> String {
    format!(
        "<line class=\"life\" x1=\"{at}\" y1=\"40\" x2=\"{at}\" y2=\"{bottom}\"></line>\
         <rect class=\"end\" x=\"{}\" y=\"8\" width=\"{}\" height=\"32\" rx=\"4\"></rect>\
         <text class=\"end-name\" x=\"{at}\" y=\"29\">{}</text>",
        at - MARGIN + 8,
        2 * MARGIN - 16,
        html::escape(&words::shorten(name, 16))
    )
}

fn arrow(event: &WireEvent, label: &str, (from, to): (usize, usize), y: usize) -> String {
    let class = match event.what {
        WireKind::Open => "open",
        WireKind::Data { .. } => "data",
        WireKind::Eof => "eof",
        WireKind::Reset => "reset",
        WireKind::Datagram { lost: true, .. } => "lost",
        WireKind::Datagram { lost: false, .. } => "datagram",
        WireKind::Unreachable => "unreachable",
    };
    let mut svg = format!("<g class=\"event {class}\">");
    if let Some(carried) = words::carried(event) {
        let _ = write!(svg, "<title>{}</title>", html::escape(&carried));
    }
    let (left, right) = (to - 7, to + 7);
    let cross = format!(
        "<path class=\"cross\" d=\"M{left} {0}L{right} {1}M{left} {1}L{right} {0}\"></path>",
        y - 7,
        y + 7
    );
    if class == "lost" {
        // It came as far as the cross, and went no further.
        svg.push_str(&shaft(from, to, y));
        svg.push_str(&cross);
    } else {
        // The arrow's head: a triangle whose point touches the line of the receiver.
        let back = if to >= from { to - 9 } else { to + 9 };
        let _ = write!(
            svg,
            "{}<polygon class=\"point\" points=\"{to},{y} {back},{} {back},{}\"></polygon>",
            shaft(from, back, y),
            y - 5,
            y + 5
        );
    }
    match event.what {
        // A bar across the sender's line: it sends no more.
        WireKind::Eof => {
            let _ = write!(
                svg,
                "<line class=\"bar\" x1=\"{}\" y1=\"{y}\" x2=\"{}\" y2=\"{y}\"></line>",
                from - 10,
                from + 10
            );
        }
        // A cross on the receiver's line: the connection is gone.
        WireKind::Reset => svg.push_str(&cross),
        _ => {}
    }
    let _ = write!(
        svg,
        "<text class=\"label\" x=\"{}\" y=\"{}\">{}</text></g>",
        usize::midpoint(from, to),
        y - 8,
        html::escape(label)
    );
    svg
}

fn shaft(from: usize, to: usize, y: usize) -> String {
    format!("<line class=\"shaft\" x1=\"{from}\" y1=\"{y}\" x2=\"{to}\" y2=\"{y}\"></line>")
}

/// A break in every end's line, where time passed.
fn interruption(label: &str, lines: &[usize], y: usize) -> String {
    let mut svg = "<g class=\"event pause\">".to_owned();
    for x in lines {
        let (left, right) = (x - 9, x + 9);
        let _ = write!(
            svg,
            "<path class=\"gap\" d=\"M{left} {}L{right} {}V{}L{left} {}Z\"></path>\
             <path class=\"break\" d=\"M{left} {0}L{right} {1}M{left} {3}L{right} {2}\"></path>",
            y - 1,
            y - 7,
            y + 1,
            y + 7
        );
    }
    // Between two lines, also where one stands in the middle.
    let middle = usize::midpoint(lines[0], lines[1.min(lines.len() - 1)]);
    let _ = write!(
        svg,
        "<text class=\"label\" x=\"{middle}\" y=\"{}\">{}</text></g>",
        y + 4,
        html::escape(label)
    );
    svg
}

/// The ends, in the order in which they first appear.
fn ends(wire: &[WireEvent]) -> Vec<&str> {
    let mut ends: Vec<&str> = Vec::new();
    for name in wire
        .iter()
        .flat_map(|event| [event.from.as_str(), event.to.as_str()])
    {
        if !ends.contains(&name) {
            ends.push(name);
        }
    }
    ends
}

#[cfg(test)]
mod tests;
