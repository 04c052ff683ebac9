//! `{{#listing path:anchor caption}}`: code that compiles, cut out of its file.

use std::fs;
use std::path::{Component, Path};

use crate::html;

/// Cuts out what stands between `// ANCHOR: name` and `// ANCHOR_END: name`, without the lines of
/// other anchors and without the indentation that all lines share.
///
/// # Errors
/// What is wrong with the anchor, as a sentence.
pub fn cut(source: &str, anchor: &str) -> Result<String, String> {
    let mut lines = Vec::new();
    let mut inside = false;
    let mut seen = false;
    for line in source.lines() {
        match mark(line) {
            Some((true, name)) if name == anchor => {
                if seen {
                    return Err(format!("the anchor `{anchor}` begins twice"));
                }
                (inside, seen) = (true, true);
            }
            Some((false, name)) if name == anchor => {
                if !inside {
                    return Err(format!("the anchor `{anchor}` ends before it begins"));
                }
                inside = false;
            }
            None if inside => lines.push(line),
            // The mark of another anchor, or a line outside.
            _ => {}
        }
    }
    if !seen {
        return Err(format!("there is no anchor `{anchor}`"));
    }
    if inside {
        return Err(format!("the anchor `{anchor}` has no end"));
    }
    while lines.first().is_some_and(|line| line.trim().is_empty()) {
        lines.remove(0);
    }
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    if lines.is_empty() {
        return Err(format!(
            "nothing stands between the marks of the anchor `{anchor}`"
        ));
    }
    let indent = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or(0);
    Ok(lines
        .iter()
        .map(|line| line.get(indent..).unwrap_or(""))
        .collect::<Vec<_>>()
        .join("\n"))
}

/// Is the line an anchor's mark? Its begin (`true`) or end, and its name. `#` comments (TOML,
/// shell) count like `//`.
fn mark(line: &str) -> Option<(bool, &str)> {
    let comment = line.trim_start();
    let text = comment
        .strip_prefix("//")
        .or_else(|| comment.strip_prefix('#'))?
        .trim();
    if let Some(name) = text.strip_prefix("ANCHOR:") {
        return Some((true, name.trim()));
    }
    text.strip_prefix("ANCHOR_END:")
        .map(|name| (false, name.trim()))
}

/// Reads the file of a listing and makes its figure, each line preceded by `indent` so that a
/// listing may stand in a list.
///
/// # Errors
/// What is wrong, and the mend.
pub fn figure(
    root: &Path,
    path: &str,
    anchor: &str,
    caption: &str,
    indent: &str,
) -> Result<String, (String, String)> {
    let relative = Path::new(path);
    if !relative
        .components()
        .all(|part| matches!(part, Component::Normal(_)))
    {
        return Err((
            format!("`{path}` leaves the repository"),
            "write the path from the repository's root, such as `lessons/04-tcp-chat/src/lib.rs`"
                .to_owned(),
        ));
    }
    let source = fs::read_to_string(root.join(relative)).map_err(|error| {
        (
            format!("{path} cannot be read: {error}"),
            "write the path from the repository's root, such as `lessons/04-tcp-chat/src/lib.rs`"
                .to_owned(),
        )
    })?;
    let code = cut(&source, anchor).map_err(|what| {
        (
            format!("{path}: {what}"),
            format!(
                "put `// ANCHOR: {anchor}` and `// ANCHOR_END: {anchor}` around the lines in {path}"
            ),
        )
    })?;
    let language = match relative.extension().and_then(|ending| ending.to_str()) {
        Some("rs") => "rust",
        Some("toml") => "toml",
        Some("sh") => "bash",
        _ => "text",
    };
    let fence = "`".repeat(longest_run(&code, '`').max(2) + 1);
    let mut lines = vec![
        format!(
            "<figure class=\"listing\"><figcaption><span class=\"listing-path\">{}</span> <span class=\"listing-caption\">{}</span></figcaption>",
            html::escape(path),
            html::caption(caption)
        ),
        String::new(),
        format!("{fence}{language}"),
    ];
    lines.extend(code.lines().map(|line| visible(line, language)));
    lines.extend([fence, String::new(), "</figure>".to_owned()]);
    Ok(lines
        .iter()
        .map(|line| {
            if line.is_empty() {
                String::new()
            } else {
                format!("{indent}{line}")
            }
        })
        .collect::<Vec<_>>()
        .join("\n"))
}

/// mdBook hides a line of Rust that begins with `# `, and shows one that begins with `##`. No line
/// of a listing is hidden, so a line inside a string that begins so gets a second sign.
fn visible(line: &str, language: &str) -> String {
    let bare = line.trim_start();
    let hidden = bare == "#" || bare.starts_with("# ") || bare.starts_with("##");
    if language == "rust" && hidden {
        let indent = &line[..line.len() - bare.len()];
        format!("{indent}#{bare}")
    } else {
        line.to_owned()
    }
}

fn longest_run(text: &str, sign: char) -> usize {
    text.split(|ch| ch != sign).map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "use std::io;\n\
        // ANCHOR: whole\n\
        \x20   // ANCHOR: inner\n\
        \x20   fn one() -> u8 {\n\
        \n\
        \x20       1 < 2 && true\n\
        \x20   }\n\
        \x20   // ANCHOR_END: inner\n\
        \x20   fn two() {}\n\
        // ANCHOR_END: whole\n\
        // ANCHOR: open\n";

    #[test]
    fn the_lines_are_cut_out_and_moved_to_the_left() {
        assert_eq!(
            cut(SOURCE, "inner").unwrap(),
            "fn one() -> u8 {\n\n    1 < 2 && true\n}"
        );
        assert_eq!(
            cut(SOURCE, "whole").unwrap(),
            "fn one() -> u8 {\n\n    1 < 2 && true\n}\nfn two() {}"
        );
    }

    #[test]
    fn a_wrong_anchor_is_named() {
        assert!(
            cut(SOURCE, "other")
                .unwrap_err()
                .contains("no anchor `other`")
        );
        assert!(cut(SOURCE, "open").unwrap_err().contains("no end"));
        assert!(
            cut("// ANCHOR_END: a", "a")
                .unwrap_err()
                .contains("before it begins")
        );
        assert!(
            cut("// ANCHOR: a\n// ANCHOR_END: a", "a")
                .unwrap_err()
                .contains("nothing")
        );
        let twice = "// ANCHOR: a\nx\n// ANCHOR_END: a\n// ANCHOR: a\ny\n// ANCHOR_END: a";
        assert!(cut(twice, "a").unwrap_err().contains("twice"));
    }

    #[test]
    fn no_line_is_hidden_by_mdbook() {
        assert_eq!(visible("  # heading", "rust"), "  ## heading");
        assert_eq!(visible("## x", "rust"), "### x");
        assert_eq!(visible("#[derive(Debug)]", "rust"), "#[derive(Debug)]");
        assert_eq!(visible("# comment", "toml"), "# comment");
    }

    #[test]
    fn a_path_may_not_leave_the_repository() {
        let (what, _) = figure(Path::new("."), "../secret.rs", "a", "b", "").unwrap_err();
        assert!(what.contains("leaves the repository"), "{what}");
    }
}
