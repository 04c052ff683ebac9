//! Book.
fn main() {}
