//! The least that a Rust program takes: it starts, and ends. `ip-demo` cannot take less.

fn main() {}
