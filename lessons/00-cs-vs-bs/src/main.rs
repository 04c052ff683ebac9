//! One network disk, two architectures: an installed client (C/S) and a browser (B/S).
fn main() {}
