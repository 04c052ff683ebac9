//! What a `?` step waits for: literal text with named values in it.

use anyhow::{Context, Result, bail};
use regex::Regex;

/// A `?` pattern, cut into pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    /// `{name}`: a value with an identity.
    Name(String),
    /// `{~name}`: a measurement.
    Measure(String),
}

/// A value that a pattern matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The name in the pattern.
    pub name: String,
    /// Whether it is a measurement, whose value means nothing elsewhere.
    pub measure: bool,
    /// Where it stands in the line, in octets of its UTF-8 form.
    pub range: std::ops::Range<usize>,
}

const A_NAME: &str = "`}` after `{` and a name (a-z, 0-9, -), or `{{` for a brace";

/// Whether this can stand between the braces of a value.
pub(crate) fn is_value_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
}

impl Pattern {
    /// Reads the text after the `?` of a step.
    ///
    /// # Errors
    /// When a brace has no partner or holds no name.
    pub fn parse(text: &str) -> Result<Self> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut chars = text.chars();
        while let Some(ch) = chars.next() {
            match ch {
                '{' | '}' if chars.as_str().starts_with(ch) => {
                    chars.next();
                    literal.push(ch);
                }
                '{' => {
                    let rest = chars.as_str();
                    let (inside, after) = rest
                        .split_once('}')
                        .with_context(|| format!("expected {A_NAME}"))?;
                    let (measure, name) = match inside.strip_prefix('~') {
                        Some(name) => (true, name),
                        None => (false, inside),
                    };
                    if !is_value_name(name) {
                        bail!("expected {A_NAME}");
                    }
                    chars = after.chars();
                    if !measure && parts.contains(&Part::Name(name.to_owned())) {
                        bail!("expected each name once in a pattern, found `{{{name}}}` twice");
                    }
                    if !literal.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut literal)));
                    }
                    let name = name.to_owned();
                    parts.push(if measure {
                        Part::Measure(name)
                    } else {
                        Part::Name(name)
                    });
                }
                '}' => bail!("expected `{{` before `}}`, or `}}}}` for a brace"),
                _ => literal.push(ch),
            }
        }
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        Ok(Self { parts })
    }

    /// The names of the values in it; measurements have none that could be used elsewhere.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Name(name) => Some(name.as_str()),
            Part::Text(_) | Part::Measure(_) => None,
        })
    }

    /// Whether only a finished line can be judged: a value at the end may still be growing.
    pub fn needs_whole_line(&self) -> bool {
        !matches!(self.parts.last(), Some(Part::Text(_)))
    }

    /// The pattern with known values filled in, ready to be searched for.
    ///
    /// # Errors
    /// When the regular expression is too large.
    pub fn compile(&self, known: impl Fn(&str) -> Option<String>) -> Result<Matcher> {
        let mut source = String::new();
        let mut groups = Vec::new();
        for (index, part) in self.parts.iter().enumerate() {
            let beside_measure = |at: Option<usize>| {
                at.and_then(|at| self.parts.get(at))
                    .is_some_and(|p| matches!(p, Part::Measure(_)))
            };
            match part {
                Part::Text(text) => {
                    // Numbers are often padded to a column: any number of spaces will do there.
                    let (mut body, mut lead, mut trail) = (text.as_str(), "", "");
                    if beside_measure(index.checked_sub(1)) && body.starts_with(' ') {
                        (body, lead) = (body.trim_start(), " +");
                    }
                    if beside_measure(Some(index + 1)) && body.ends_with(' ') {
                        (body, trail) = (body.trim_end(), " +");
                    }
                    source.extend([lead, &regex::escape(body), trail]);
                }
                Part::Name(name) => {
                    if let Some(value) = known(name) {
                        source.push_str(&regex::escape(&value));
                    } else {
                        source.push_str(r"(\S+?)");
                        groups.push((name.clone(), false));
                    }
                }
                Part::Measure(name) => {
                    source.push_str(r"(\S+?)");
                    groups.push((name.clone(), true));
                }
            }
        }
        if self.needs_whole_line() {
            source.push_str(r"(?:\s|$)");
        }
        let regex = Regex::new(&source).context("the pattern is too long")?;
        Ok(Matcher {
            regex,
            groups,
            whole_line: self.needs_whole_line(),
        })
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for part in &self.parts {
            match part {
                Part::Text(text) => f.write_str(text)?,
                Part::Name(name) => write!(f, "{{{name}}}")?,
                Part::Measure(name) => write!(f, "{{~{name}}}")?,
            }
        }
        Ok(())
    }
}

/// A pattern that can be searched for.
#[derive(Debug)]
pub struct Matcher {
    regex: Regex,
    groups: Vec<(String, bool)>,
    whole_line: bool,
}

impl Matcher {
    /// Looks for the pattern in `line` from octet `from` on. `finished` says that the line will not
    /// grow. Returns where the match ends, and the values in it.
    pub fn find(&self, line: &str, from: usize, finished: bool) -> Option<(usize, Vec<Found>)> {
        if self.whole_line && !finished {
            return None;
        }
        let captures = self.regex.captures_at(line, from)?;
        let found = self
            .groups
            .iter()
            .enumerate()
            .filter_map(|(index, (name, measure))| {
                let group = captures.get(index + 1)?;
                Some(Found {
                    name: name.clone(),
                    measure: *measure,
                    range: group.range(),
                })
            })
            .collect();
        Some((captures.get(0)?.end(), found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(pattern: &str, line: &str) -> Option<Vec<(String, String)>> {
        let matcher = Pattern::parse(pattern).unwrap().compile(|_| None).unwrap();
        let (_, found) = matcher.find(line, 0, true)?;
        Some(
            found
                .into_iter()
                .map(|f| (f.name, line[f.range].to_owned()))
                .collect(),
        )
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn values_are_found_and_named() {
        assert_eq!(
            find("on 127.0.0.1:{port}", "on 127.0.0.1:8123"),
            Some(vec![pair("port", "8123")])
        );
        assert_eq!(
            find("{~a} of {~b} ms", "  12 of    7 ms"),
            Some(vec![pair("a", "12"), pair("b", "7")])
        );
        assert_eq!(
            find("took {~ms} ms.", "took    0.31 ms."),
            Some(vec![pair("ms", "0.31")])
        );
        assert_eq!(
            find("{{\"a\": {~n}}}", "{\"a\": 1}"),
            Some(vec![pair("n", "1")])
        );
        assert_eq!(find("a.c", "abc"), None, "a dot is a dot");
    }

    #[test]
    fn braces_without_a_partner_and_names_said_twice_are_refused() {
        for (pattern, expected) in [
            ("{port", "expected `}` after `{`"),
            ("{{a}} {port", "expected `}` after `{`"),
            ("{two words}", "expected `}` after `{`"),
            ("{}", "expected `}` after `{`"),
            ("a}", "expected `{` before `}`"),
            ("{p} and {p}", "found `{p}` twice"),
        ] {
            let complaint = Pattern::parse(pattern).unwrap_err().to_string();
            assert!(complaint.contains(expected), "{pattern}: {complaint}");
        }
        assert!(Pattern::parse("{~ms} ms, {~ms} ms").is_ok());
    }

    #[test]
    fn a_value_at_the_end_waits_for_the_whole_line() {
        let matcher = Pattern::parse("port {p}")
            .unwrap()
            .compile(|_| None)
            .unwrap();
        assert_eq!(matcher.find("port 80", 0, false), None);
        assert!(matcher.find("port 80", 0, true).is_some());
    }

    #[test]
    fn a_known_value_is_literal() {
        let matcher = Pattern::parse("{p}!")
            .unwrap()
            .compile(|_| Some("80".to_owned()))
            .unwrap();
        assert_eq!(matcher.find("81!", 0, true), None);
        assert_eq!(matcher.find("80!", 0, true), Some((3, vec![])));
    }
}
