//! `{{#explorer name}}`: a figure that a reader can play with.
//!
//! The page holds a drawn state that needs no script. The scripts in `book/src/explorers/` bring it
//! to life; only a page with an explorer loads them. What they compute is also computed in Rust, and a
//! test holds the two equal (`tests/it/scripts.rs`).

use std::fmt::Write as _;

pub mod address;
pub mod model;
pub mod weather;

/// The scripts of a page, in their order. They wait for the page (`defer`), so they find the figure,
/// and they are no modules: browsers refuse those in pages opened from a file.
fn scripts(names: &[&str]) -> String {
    let mut html = String::new();
    for name in names {
        let _ = write!(html, "<script src=\"explorers/{name}.js\" defer></script>");
    }
    html
}

/// `1234567` as `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_threes() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(4_294_967_296), "4,294,967,296");
    }
}
