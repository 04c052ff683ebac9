//! The words of a drawing: what stands on its arrows, and all of it as a list.

use std::fmt::Write as _;

use scenes::transcript::{WireEvent, WireKind};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::html::escape;

/// What stands on an arrow, with so many columns of payload at most.
pub fn label(event: &WireEvent, shown: usize) -> String {
    match &event.what {
        WireKind::Open => "connects".to_owned(),
        WireKind::Data { octets, text } => payload(text, *octets, shown),
        WireKind::Eof => "end of stream".to_owned(),
        WireKind::Reset => "reset".to_owned(),
        WireKind::Datagram { octets, text, lost } => {
            let what = match octets {
                0 => "empty datagram".to_owned(),
                _ => payload(text, *octets, shown),
            };
            format!("{what}{}", if *lost { ", lost" } else { "" })
        }
        WireKind::Unreachable => "port unreachable (ICMP)".to_owned(),
    }
}

fn payload(text: &str, octets: usize, shown: usize) -> String {
    format!("“{}” {}", shorten(&visible(text), shown), count(octets))
}

/// What stands at a break in the lines.
pub fn pause(milliseconds: u32) -> String {
    format!("{milliseconds} ms or more pass")
}

/// What an arrow carried in full, if it carried something: its tooltip.
pub fn carried(event: &WireEvent) -> Option<String> {
    match &event.what {
        WireKind::Data { octets, text } | WireKind::Datagram { octets, text, .. }
            if *octets > 0 =>
        {
            Some(format!("{}: {}", count(*octets), visible(text)))
        }
        _ => None,
    }
}

/// All of it, one event a line, for those who do not see the drawing and for what it cuts short.
pub fn list(wire: &[WireEvent]) -> String {
    let mut html = "<ol>".to_owned();
    for event in wire {
        html.push_str("<li>");
        if let Some(milliseconds) = event.pause {
            let _ = write!(html, "After {milliseconds} ms or more: ");
        }
        html.push_str(&sentence(event));
        html.push_str("</li>");
    }
    html.push_str("</ol>");
    html
}

fn sentence(event: &WireEvent) -> String {
    let (from, to) = (escape(&event.from), escape(&event.to));
    match &event.what {
        WireKind::Open => format!("{from} connects to {to}."),
        WireKind::Data { octets, text } => {
            format!("{from} sends {} to {to}: {}.", count(*octets), code(text))
        }
        WireKind::Eof => format!("{from} ends its stream to {to}."),
        WireKind::Reset => format!("{from} resets the connection to {to}."),
        WireKind::Datagram { octets, text, lost } => {
            let mut html = match octets {
                0 => format!("{from} sends an empty datagram to {to}."),
                _ => format!(
                    "{from} sends a datagram of {} to {to}: {}.",
                    count(*octets),
                    code(text)
                ),
            };
            if *lost {
                let _ = write!(html, " It is lost there: {to} does not send it on.");
            }
            html
        }
        WireKind::Unreachable => {
            format!("The machine of {to} is told that the port of {from} is unreachable.")
        }
    }
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(&visible(text)))
}

fn count(octets: usize) -> String {
    if octets == 1 {
        "1 octet".to_owned()
    } else {
        format!("{octets} octets")
    }
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

/// As much of the text as fits into so many columns; a Chinese character takes two.
pub fn shorten(text: &str, most: usize) -> String {
    if text.width() <= most {
        return text.to_owned();
    }
    let mut columns = 1;
    let fits = |ch: &char| {
        columns += ch.width().unwrap_or(0);
        columns <= most
    };
    text.chars().take_while(fits).chain(['…']).collect()
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
        assert_eq!(shorten("你好你好", 7), "你好你…");
        assert_eq!(shorten("你好你好", 6), "你好…");
    }
}
