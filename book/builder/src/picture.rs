//! `{{#picture id}}`: a sequence diagram of what crossed the wire.
//!
//! A line for each end, time running down, an arrow for each arrival. The drawing is SVG inside the
//! page: its colours are the page's, its text can be selected, and its words stand once more in a
//! description for those who cannot see it.

use std::fmt::Write as _;

use scenes::scene::Scene;
use scenes::transcript::{Transcript, WireEvent, WireKind};

use crate::html;

/// Characters of payload on an arrow between two ends, and where there are more ends; the rest is
/// in its tooltip.
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
/// Arrows drawn before the drawing says how many more there were.
const MOST: usize = 48;

/// The figure, on one line. Nothing if the scene recorded nothing.
pub fn figure(scene: &Scene, transcript: &Transcript) -> Option<String> {
    if transcript.wire.is_empty() {
        return None;
    }
    let (image, width) = svg(&scene.caption, &transcript.wire);
    let class = if width > COLUMN {
        "picture wide"
    } else {
        "picture"
    };
    Some(format!(
        "<figure class=\"{class}\" id=\"picture-{}\" data-scene=\"{}\"><div class=\"picture-frame\" tabindex=\"0\" role=\"group\" \
         aria-label=\"Sequence diagram\">{}</div><figcaption>What crossed the wire: {}</figcaption></figure>",
        html::slug(&scene.id),
        html::escape(&scene.id),
        image,
        html::caption(&scene.caption)
    ))
}

/// The drawing alone, and its width.
fn svg(caption: &str, wire: &[WireEvent]) -> (String, usize) {
    let ends = ends(wire);
    let drawn = &wire[..wire.len().min(MOST)];
    let left_out = wire.len() - drawn.len();

    let shown = if ends.len() > 2 { SHOWN.1 } else { SHOWN.0 };
    let widest = drawn
        .iter()
        .map(|event| width(&label(event, shown)))
        .max()
        .unwrap_or(0);
    let gap = (widest * CHARACTER + 56).clamp(220, 480);
    let image_width = 2 * MARGIN + (ends.len() - 1) * gap;
    let rows = drawn.len() + usize::from(left_out > 0);
    let bottom = HEAD + rows * ROW;
    let height = bottom + 12;
    let x = |name: &str| MARGIN + ends.iter().position(|end| *end == name).unwrap_or(0) * gap;

    let mut svg = format!(
        "<svg class=\"sequence\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{image_width}\" \
         height=\"{height}\" viewBox=\"0 0 {image_width} {height}\"><title>{}</title><desc>{}</desc>",
        html::escape(&format!(
            "What crossed the wire: {}",
            caption.replace('`', "")
        )),
        html::escape(&description(wire))
    );
    for end in &ends {
        let at = x(end);
        let _ = write!(
            svg,
            "<line class=\"life\" x1=\"{at}\" y1=\"40\" x2=\"{at}\" y2=\"{bottom}\"></line>\
             <rect class=\"end\" x=\"{}\" y=\"8\" width=\"{}\" height=\"32\" rx=\"4\"></rect>\
             <text class=\"end-name\" x=\"{at}\" y=\"29\">{}</text>",
            at - MARGIN + 8,
            2 * MARGIN - 16,
            html::escape(&shorten(end, 16))
        );
    }
    for (row, event) in drawn.iter().enumerate() {
        svg.push_str(&arrow(
            event,
            shown,
            x(&event.from),
            x(&event.to),
            HEAD + row * ROW + 24,
        ));
    }
    if left_out > 0 {
        let _ = write!(
            svg,
            "<text class=\"label\" x=\"{}\" y=\"{}\">… and {left_out} more</text>",
            image_width / 2,
            HEAD + drawn.len() * ROW + 18
        );
    }
    svg.push_str("</svg>");
    (svg, image_width)
}

fn arrow(event: &WireEvent, shown: usize, from: usize, to: usize, y: usize) -> String {
    let class = match event.what {
        WireKind::Open => "open",
        WireKind::Data { .. } => "data",
        WireKind::Eof => "eof",
        WireKind::Reset => "reset",
    };
    let rightward = to >= from;
    // The arrow's head: a triangle whose point touches the line of the receiver.
    let back = if rightward {
        to.saturating_sub(9)
    } else {
        to + 9
    };
    let mut svg = format!("<g class=\"event {class}\">");
    if let WireKind::Data { octets, text } = &event.what {
        let _ = write!(
            svg,
            "<title>{}</title>",
            html::escape(&format!("{}: {text}", count(*octets)))
        );
    }
    let _ = write!(
        svg,
        "<line class=\"shaft\" x1=\"{from}\" y1=\"{y}\" x2=\"{back}\" y2=\"{y}\"></line>\
         <polygon class=\"point\" points=\"{to},{y} {back},{} {back},{}\"></polygon>",
        y - 5,
        y + 5
    );
    match event.what {
        // A bar across the sender's line: it sends no more.
        WireKind::Eof => {
            let _ = write!(
                svg,
                "<line class=\"bar\" x1=\"{}\" y1=\"{y}\" x2=\"{}\" y2=\"{y}\"></line>",
                from.saturating_sub(10),
                from + 10
            );
        }
        // A cross on the receiver's line: the connection is gone.
        WireKind::Reset => {
            let (left, right) = (to.saturating_sub(7), to + 7);
            let _ = write!(
                svg,
                "<path class=\"cross\" d=\"M{left} {0}L{right} {1}M{left} {1}L{right} {0}\"></path>",
                y - 7,
                y + 7
            );
        }
        WireKind::Open | WireKind::Data { .. } => {}
    }
    let _ = write!(
        svg,
        "<text class=\"label\" x=\"{}\" y=\"{}\">{}</text></g>",
        usize::midpoint(from, to),
        y - 8,
        html::escape(&label(event, shown))
    );
    svg
}

/// What stands on an arrow.
fn label(event: &WireEvent, shown: usize) -> String {
    match &event.what {
        WireKind::Open => "connects".to_owned(),
        WireKind::Data { octets, text } => {
            format!("“{}” {}", shorten(&visible(text), shown), count(*octets))
        }
        WireKind::Eof => "end of stream".to_owned(),
        WireKind::Reset => "reset".to_owned(),
    }
}

fn count(octets: usize) -> String {
    if octets == 1 {
        "1 octet".to_owned()
    } else {
        format!("{octets} octets")
    }
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

/// The drawing in sentences.
fn description(wire: &[WireEvent]) -> String {
    let sentences: Vec<String> = wire
        .iter()
        .map(|WireEvent { from, to, what }| match what {
            WireKind::Open => format!("{from} connects to {to}."),
            WireKind::Data { octets, text } => {
                format!(
                    "{from} sends {} to {to}: {}.",
                    count(*octets),
                    visible(text)
                )
            }
            WireKind::Eof => format!("{from} ends its stream to {to}."),
            WireKind::Reset => format!("{from} resets the connection to {to}."),
        })
        .collect();
    sentences.join(" ")
}

/// Line ends and other control characters in writing.
fn visible(text: &str) -> String {
    let mut shown = String::new();
    for ch in text.chars() {
        if ch.is_control() {
            shown.extend(ch.escape_default());
        } else {
            shown.push(ch);
        }
    }
    shown
}

fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most - 1).collect();
    short.push('…');
    short
}

/// The columns that a text takes; a CJK character takes two.
fn width(text: &str) -> usize {
    text.chars()
        .map(|ch| {
            if ('\u{1100}'..'\u{fffd}').contains(&ch) && !('\u{2000}'..'\u{2e80}').contains(&ch) {
                2
            } else {
                1
            }
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_written_out() {
        assert_eq!(visible("hello\r\n\u{7}"), "hello\\r\\n\\u{7}");
        // What the player has escaped already stays as it is.
        assert_eq!(visible("hello\\n"), "hello\\n");
    }

    #[test]
    fn long_texts_are_cut_with_a_mark() {
        assert_eq!(shorten("abcdef", 6), "abcdef");
        assert_eq!(shorten("abcdefg", 6), "abcde…");
        assert_eq!(width("a你好“”"), 7);
    }
}
