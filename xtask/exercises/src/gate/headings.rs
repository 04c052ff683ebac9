//! The headings of the book's chapters, as links name them.

use std::fs;
use std::path::Path;

/// What is wrong with a link such as `04-tcp-chat.md#how-it-works`, if anything: what, and the mend.
pub fn fault(root: &Path, link: &str) -> Option<(String, String)> {
    let Some((file, anchor)) = link.split_once('#') else {
        return Some((
            format!("`read: {link}` names no heading"),
            "name one, such as `04-tcp-chat.md#how-it-works`".to_owned(),
        ));
    };
    let chapters = root.join("book/src");
    let Ok(text) = fs::read_to_string(chapters.join(file)) else {
        return Some((
            format!("`read: {link}` names no chapter of book/src"),
            "name a chapter's file and one of its headings".to_owned(),
        ));
    };
    let anchors = anchors(&text);
    if anchors.iter().any(|known| known == anchor) {
        return None;
    }
    Some((
        format!("`read: {link}` names no heading of book/src/{file}"),
        format!("take one of these: {}", anchors.join(", ")),
    ))
}

/// The anchors of a chapter's headings, made as mdBook makes them.
fn anchors(text: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    let mut fence = None;
    for line in text.lines().map(str::trim_start) {
        let marks = ["```", "~~~"].into_iter().find(|m| line.starts_with(m));
        match (fence, marks) {
            (None, Some(_)) => fence = marks,
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) => {
                let title = line.trim_start_matches('#');
                let level = line.len() - title.len();
                if (1..=6).contains(&level) && title.starts_with(' ') {
                    let plain = anchor(title);
                    let mut unique = plain.clone();
                    for number in 1.. {
                        if !anchors.contains(&unique) {
                            break;
                        }
                        unique = format!("{plain}-{number}");
                    }
                    anchors.push(unique);
                }
            }
            _ => {}
        }
    }
    anchors
}

fn anchor(title: &str) -> String {
    let title = title.trim().trim_end_matches('#').trim_end().to_lowercase();
    title
        .chars()
        .filter_map(|c| match c {
            _ if c.is_alphanumeric() || c == '_' || c == '-' => Some(c),
            _ if c.is_whitespace() => Some('-'),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_those_of_mdbook() {
        let text = "# Title\n## How it works\n```text\n## no heading\n```\n#no heading\n\
                    ### `read` returns 0: why?\n## How it works\n## Q & A\n";
        assert_eq!(
            anchors(text),
            [
                "title",
                "how-it-works",
                "read-returns-0-why",
                "how-it-works-1",
                "q--a"
            ]
        );
    }

    #[test]
    fn a_link_that_leads_nowhere_is_named() {
        let root = crate::root();
        assert_eq!(fault(&root, "04-tcp-chat.md#how-it-works"), None);
        for (link, said) in [
            ("04-tcp-chat.md", "names no heading"),
            ("99-none.md#how-it-works", "names no chapter"),
            ("04-tcp-chat.md#nowhere", "names no heading of"),
        ] {
            let (what, _) = fault(&root, link).unwrap();
            assert!(what.contains(said), "{what}");
        }
    }
}
