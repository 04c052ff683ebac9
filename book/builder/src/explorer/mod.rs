//! `{{#explorer name}}`: a figure that a reader can play with.
//!
//! The page holds a drawn state that needs no script. The scripts in `book/src/explorers/` bring it
//! to life; only a page with an explorer loads them. What they compute is also computed in Rust, and a
//! test holds the two equal (`tests/browser/scripts.rs`).

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
