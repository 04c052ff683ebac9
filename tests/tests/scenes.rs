//! Scenes.
fn main() {}
