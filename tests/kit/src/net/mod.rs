//! The sockets of `std::net` with a logbook: each call is a step of the story.
//!
//! They are used like those of `std`, and have its methods: the ones that are not listed here come
//! from `std` by [`Deref`](std::ops::Deref).

mod tcp;
mod udp;

pub use tcp::{TcpListener, TcpStream};
pub use udp::UdpSocket;
