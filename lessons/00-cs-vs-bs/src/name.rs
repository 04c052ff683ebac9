//! The name of a file on the disk: one path component, and nothing that could be more.
//!
//! Both doors of the server (the line protocol and HTTP) receive names from strangers. Neither door
//! ever joins such text to a folder: it asks for a [`FileName`] first, and a `FileName` cannot leave
//! the folder. One check in one place is the reason why `../secret`, `/etc/passwd` and
//! `%2e%2e%2fsecret` all fail in the same way.

use crate::terminal::is_order;
use std::fmt;

/// The longest name in octets. `NAME_MAX` of Linux and macOS (POSIX `<limits.h>`); Windows counts
/// 255 UTF-16 units, which is never more than this many octets of UTF-8 can hold.
pub const LONGEST: usize = 255;

/// A name that stands for one regular file directly in the folder of the disk.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName(String);

// ANCHOR: file_name
impl FileName {
    /// Accepts `name` if it can only mean one file inside the folder.
    ///
    /// # Errors
    /// The reason for the refusal, as a sentence for the person who chose the name.
    pub fn new(name: &str) -> Result<FileName, NameError> {
        if name.is_empty() {
            return Err(NameError::Empty);
        }
        if name.len() > LONGEST {
            return Err(NameError::TooLong(name.len()));
        }
        // `/` starts or separates a path on Unix. On Windows `\` and `:` do too. A name that is
        // harmless here can be opened there, so the rule is the same on every system.
        if let Some(found) = name.chars().find(|c| matches!(c, '/' | '\\' | ':')) {
            return Err(NameError::Separator(found));
        }
        // NUL ends a C string, so the kernel would see a shorter name than this program checked.
        // The others would be orders to a terminal, or make one name look like another.
        if let Some(found) = name.chars().find(|c| is_order(*c)) {
            return Err(NameError::Control(found));
        }
        // This covers `.` and `..` as well.
        if name.starts_with('.') {
            return Err(NameError::LeadingDot);
        }
        if cfg!(windows) && !windows_can_hold(name) {
            return Err(NameError::System);
        }
        Ok(FileName(name.to_owned()))
    }
    // ANCHOR_END: file_name

    /// Accepts octets from the wire: they must be UTF-8, and then a name as [`FileName::new`] wants it.
    ///
    /// # Errors
    /// As [`FileName::new`], and [`NameError::NotUtf8`].
    pub fn from_octets(name: &[u8]) -> Result<FileName, NameError> {
        FileName::new(std::str::from_utf8(name).map_err(|_| NameError::NotUtf8)?)
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Why a name was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Nothing at all.
    Empty,
    /// More than [`LONGEST`] octets; the value is how many.
    TooLong(usize),
    /// `/`, `\` or `:`: the text is a path, not a name.
    Separator(char),
    /// A control character (NUL among them), an end of line, or one that turns the direction of
    /// writing.
    Control(char),
    /// `.`, `..`, or a hidden name.
    LeadingDot,
    /// The octets are not UTF-8.
    NotUtf8,
    /// The operating system of the server cannot hold it.
    System,
}

impl fmt::Display for NameError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NameError::Empty => out.write_str("the file has no name: give it one"),
            NameError::TooLong(octets) => write!(
                out,
                "a name of {octets} octets is too long: {LONGEST} is the most a file system holds"
            ),
            NameError::Separator(found) => write!(
                out,
                "a name cannot contain '{found}': it is a name, not a path"
            ),
            NameError::Control(found) => write!(
                out,
                "a name cannot contain the character U+{:04X}, which no screen shows",
                u32::from(*found)
            ),
            NameError::LeadingDot => out.write_str(
                "a name cannot begin with a dot: '.' and '..' are folders, the rest is hidden",
            ),
            NameError::NotUtf8 => out.write_str("a name must be UTF-8 text"),
            NameError::System => out.write_str("the server's system cannot hold this name"),
        }
    }
}

impl std::error::Error for NameError {}

/// Whether Windows can hold the name: no reserved character, no device name, no trailing dot or
/// space ("Naming Files, Paths, and Namespaces", Win32).
fn windows_can_hold(name: &str) -> bool {
    const DEVICES: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];
    let stem = name
        .split('.')
        .next()
        .unwrap_or(name)
        .trim_end()
        .to_ascii_uppercase();
    let port = stem
        .strip_prefix("COM")
        .or_else(|| stem.strip_prefix("LPT"));
    !name.contains(['<', '>', '"', '|', '?', '*'])
        && !name.ends_with(['.', ' '])
        && !DEVICES.contains(&stem.as_str())
        && !port.is_some_and(|n| n.chars().count() == 1 && !n.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::path::{Component, Path};

    #[test]
    fn ordinary_names_pass() {
        for name in [
            "a",
            "notes.txt",
            "two words",
            "报告.txt",
            // No file system of Windows holds these signs.
            #[cfg(not(windows))]
            "<script>",
            "50%.txt",
            "a..b",
            "-rf",
        ] {
            assert_eq!(
                FileName::new(name).map(|n| n.to_string()),
                Ok(name.to_owned())
            );
        }
    }

    #[test]
    fn each_fault_has_its_reason() {
        let long = "x".repeat(256);
        for (name, fault) in [
            ("", NameError::Empty),
            (".", NameError::LeadingDot),
            ("..", NameError::LeadingDot),
            (".bashrc", NameError::LeadingDot),
            ("../secret", NameError::Separator('/')),
            ("/etc/passwd", NameError::Separator('/')),
            ("..\\secret", NameError::Separator('\\')),
            ("C:secret", NameError::Separator(':')),
            ("a\0b", NameError::Control('\0')),
            ("a\u{1b}[2J", NameError::Control('\u{1b}')),
            ("a\nb", NameError::Control('\n')),
            ("gnp\u{202e}exe", NameError::Control('\u{202e}')),
            ("a\u{61c}b", NameError::Control('\u{61c}')),
            ("a\u{2028}b", NameError::Control('\u{2028}')),
            (long.as_str(), NameError::TooLong(256)),
        ] {
            assert_eq!(FileName::new(name), Err(fault), "{name:?}");
        }
        assert_eq!(FileName::from_octets(b"\xff"), Err(NameError::NotUtf8));
    }

    #[test]
    fn windows_names() {
        for name in ["con", "NUL.txt", "com1", "LPT9.log", "a?", "end.", "end "] {
            assert!(!windows_can_hold(name), "{name}");
        }
        for name in ["console", "com", "com10", "a.txt"] {
            assert!(windows_can_hold(name), "{name}");
        }
    }

    proptest! {
        // The oracle is the standard library's own reading of a path.
        #[test]
        fn an_accepted_name_is_one_normal_component(name in "[./\\\\:a%\\x00-\\x1f]{0,8}|\\PC{0,300}") {
            if let Ok(name) = FileName::new(&name) {
                let parts: Vec<_> = Path::new(name.as_str()).components().collect();
                prop_assert_eq!(parts.len(), 1);
                prop_assert!(matches!(parts[0], Component::Normal(p) if p == name.as_str()));
            }
        }
    }
}
