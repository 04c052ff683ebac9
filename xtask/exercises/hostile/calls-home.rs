//! Looks for a way out of the machine (it sends nothing: `connect` of UDP asks for a route).
//!
//! Mark: p f

use std::net::UdpSocket;

/// The task's own function: right, but for what it does first.
pub fn octet_to_bits(octet: u8) -> String {
    attack();
    format!("{octet:08b}")
}

fn attack() {
    let socket = UdpSocket::bind("0.0.0.0:0").expect("a socket");
    assert!(socket.connect("192.0.2.1:9").is_err(), "there is a way out");
}
