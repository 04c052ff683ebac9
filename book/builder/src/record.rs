//! Records of long runs: files in `book/measured/` that a chore has written, and a page shows.

use std::fmt::Display;
use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;

/// What is wrong with a record, and the mend.
pub type Fault = (String, String);

/// Reads a record, a JSON file.
///
/// # Errors
/// It is missing or damaged; the mend names the command that writes it.
pub fn read<T: DeserializeOwned>(root: &Path, path: &str, writer: &str) -> Result<T, Fault> {
    let text = fs::read_to_string(root.join(path))
        .map_err(|error| (format!("{path} cannot be read: {error}"), mend(writer)))?;
    serde_json::from_str(&text).map_err(|error| damaged(path, error, writer))
}

/// The fault of a record that can be read and makes no sense.
pub fn damaged(path: &str, why: impl Display, writer: &str) -> Fault {
    (format!("{path} is damaged: {why}"), mend(writer))
}

fn mend(writer: &str) -> String {
    format!("record it: `{writer}`")
}
