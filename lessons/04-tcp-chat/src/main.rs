//! A chat pair over TCP: server and client take turns, and bye ends it.
fn main() {}
