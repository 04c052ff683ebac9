//! Writing HTML into Markdown.
//!
//! A block of HTML in Markdown ends at the first blank line, and a terminal may well show one. So
//! everything that this crate writes stands on a single line, with its line breaks written as
//! character references.

/// Escapes text for the inside of an element or a double-quoted attribute, on one line.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for ch in text.chars() {
        match ch {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push_str("&#9;"),
            // No other control character may stand in HTML, not even as a reference.
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => escaped.push('\u{fffd}'),
            _ => escaped.push(ch),
        }
    }
    escaped
}

/// The end of a line inside `<pre>`.
pub const NEWLINE: &str = "&#10;";

/// An identifier for the `id` attribute: letters and digits, everything else a hyphen.
pub fn slug(text: &str) -> String {
    text.chars()
        .map(|ch| if ch.is_ascii_alphanumeric() { ch } else { '-' })
        .collect()
}

/// A caption: text in which `` `code` `` is set as code.
pub fn caption(text: &str) -> String {
    let mut html = String::new();
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            html.push_str("<code>");
            html.push_str(&escape(part));
            html.push_str("</code>");
        } else {
            html.push_str(&escape(part));
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_program_printed_stays_text_on_one_line() {
        let escaped = escape("<b title=\"x\">&\n\n\t\u{1b}[31m");
        assert_eq!(
            escaped,
            "&lt;b title=&quot;x&quot;&gt;&amp;&#10;&#10;&#9;\u{fffd}[31m"
        );
    }

    #[test]
    fn captions_may_hold_code() {
        assert_eq!(
            caption("What `read` <does>"),
            "What <code>read</code> &lt;does&gt;"
        );
    }
}
