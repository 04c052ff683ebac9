//! AF_UNIX: sockets whose address is a path.
fn main() {}
