//! The screen of B/S: a page that the server makes and the browser shows.
//!
//! It works without JavaScript: links download, forms change. Everything it needs is in it, so it
//! loads nothing from another host.

use super::response::Response;
use crate::disk::{Entry, total};
use crate::percent;
use std::fmt::Write as _;

const STYLE: &str = include_str!("page.css");

// ANCHOR: escape
/// Turns text into HTML that shows this text, whatever it contains.
///
/// Without it, a file called `<script>…` would be a program in the browser of everybody who looks
/// at the list. `"` and `'` are for text inside an attribute.
pub fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}
// ANCHOR_END: escape

/// The page with the list of files and the forms.
pub fn listing(entries: &[Entry]) -> Response {
    let total = total(entries);
    let mut rows = String::new();
    for entry in entries {
        let (name, link) = (
            escape(entry.name.as_str()),
            percent::encode(entry.name.as_str()),
        );
        let size = octets(entry.size);
        // `<bdi>` keeps the direction of writing of a name from turning its surroundings.
        // Writing to a String cannot fail.
        let _ = write!(
            rows,
            r#"<li>
<a href="/files/{link}" download><bdi>{name}</bdi></a> <span>{size}</span>
<details name="change"><summary>Replace</summary>
<form method="post" action="/files/{link}" enctype="multipart/form-data">
<input type="file" name="file" aria-label="New content of {name}" required>
<button>Replace</button></form></details>
<details name="change"><summary>Delete</summary>
<form method="post" action="/remove/{link}"><button>Delete it for everybody</button></form></details>
</li>
"#
        );
    }
    let list = match entries.len() {
        0 => r#"<p class="empty">No file yet. Upload one above, or <code>put</code> one with the installed client.</p>"#.to_owned(),
        1 => format!("<p>1 file, {}</p>\n<ul>\n{rows}</ul>", octets(total)),
        count => format!("<p>{count} files, {} together</p>\n<ul>\n{rows}</ul>", octets(total)),
    };
    let main = format!(
        r#"<h1>Network disk</h1>
<form class="upload" method="post" action="/" enctype="multipart/form-data">
<label for="file">Upload files <small>(a file of the same name is replaced)</small></label>
<input type="file" id="file" name="file" multiple required>
<button>Upload</button>
</form>
<section aria-label="Files">
{list}
</section>
"#
    );
    Response::text(
        200,
        "text/html; charset=utf-8",
        document("Network disk", &main),
    )
    .with("Cache-Control", "no-store")
}

/// The page that tells a person why a request was refused.
pub fn refusal(status: u16, reason: &str, sentence: &str) -> String {
    let main = format!(
        "<h1>{status} {}</h1>\n<p class=\"refusal\">{}</p>\n<p><a href=\"/\">Back to the disk</a></p>\n",
        escape(reason),
        escape(sentence)
    );
    document(reason, &main)
}

/// Adds what tells the browser to run no script, to load nothing, to send forms only here, and to
/// show the page in no other site's frame (where a stranger could have it clicked).
pub fn protected(response: Response) -> Response {
    response.with(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'",
    )
}

fn document(title: &str, main: &str) -> String {
    let title = escape(title);
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
{STYLE}</style>
</head>
<body>
<main>
{main}</main>
<footer>Nothing was installed to show this: the server sent it, and your browser drew it.</footer>
</body>
</html>
"#
    )
}

/// A size for people: `1,234 octets`.
pub fn octets(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped} octet{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(not(windows))]
    use crate::name::FileName;
    use proptest::prelude::*;

    #[cfg(not(windows))]
    fn page(names: &[&str]) -> String {
        let entry = |name: &&str| Entry {
            name: FileName::new(name).unwrap(),
            size: 1,
        };
        let mut wire = Vec::new();
        let entries: Vec<_> = names.iter().map(entry).collect();
        listing(&entries).write(&mut wire, false, true).unwrap();
        String::from_utf8(wire).unwrap()
    }

    // Windows holds no such names.
    #[cfg(not(windows))]
    #[test]
    fn a_name_cannot_become_part_of_the_page() {
        let page = page(&["<script>alert(1)<script>", "\" onclick='x"]);
        assert!(!page.contains("<script"));
        assert!(!page.contains("\" onclick"));
        assert!(page.contains("&lt;script&gt;alert(1)&lt;script&gt;"));
        assert!(page.contains("/files/%3Cscript%3Ealert%281%29%3Cscript%3E"));
    }

    #[test]
    fn numbers_are_grouped() {
        for (count, text) in [
            (0, "0 octets"),
            (1, "1 octet"),
            (999, "999 octets"),
            (1000, "1,000 octets"),
            (1_073_741_824, "1,073,741,824 octets"),
        ] {
            assert_eq!(octets(count), text);
        }
    }

    proptest! {
        #[test]
        fn escaped_text_holds_no_markup_and_can_be_read_back(text in "[&<>\"'a;#39]{0,30}|\\PC*") {
            let html = escape(&text);
            prop_assert!(!html.contains(['<', '>', '"', '\'']));
            let back = html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"")
                .replace("&#39;", "'").replace("&amp;", "&");
            prop_assert_eq!(back, text);
        }
    }
}
