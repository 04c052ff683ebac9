//! What happens when the receiver stops reading? TCP makes the sender wait. UDP throws away.

use std::{
    io::{Read, Write},
    net::UdpSocket,
    time::Duration,
};

use socket2::SockRef;

use crate::{
    net::{Lab, is_timeout, local_udp},
    trouble::{Trouble, while_},
};

/// Octets of one datagram.
pub const DATAGRAM: usize = 1024;

/// Datagrams sent to the receiver that does not read.
pub const DATAGRAMS: usize = 2000;

/// A writer that gets nothing rid of for so long counts as stopped.
const STUCK: Duration = Duration::from_millis(250);

/// No writer gets this far: the buffers of today's systems are smaller.
const ENOUGH: usize = 256 * 1024 * 1024;

/// What was observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backpressure {
    /// Octets that `write` took before it blocked, though nobody read one of them.
    pub tcp_fitted: usize,
    /// Octets that the reader found when it began to read.
    pub tcp_read: usize,
    /// Size of the sending socket's buffer at the start, as the system states it (`SO_SNDBUF`).
    pub tcp_send_buffer: usize,
    /// Size of the receiving socket's buffer at the start (`SO_RCVBUF`).
    pub tcp_recv_buffer: usize,
    /// Datagrams for which `send` reported success.
    pub udp_sent: usize,
    /// Datagrams that `send` refused because this system's own queue was full (not on Linux).
    pub udp_refused: usize,
    /// Datagrams that were there when the receiver began to read.
    pub udp_arrived: usize,
    /// Size of the receiving socket's buffer (`SO_RCVBUF`). Linux counts its own bookkeeping in.
    pub udp_recv_buffer: usize,
}

/// Sends to readers that do not read.
///
/// # Errors
/// [`Trouble`] if a socket fails.
pub fn run(lab: &Lab) -> Result<Backpressure, Trouble> {
    let mut seen = over_tcp(lab)?;
    over_udp(lab, &mut seen)?;
    Ok(seen)
}

// ANCHOR: tcp
fn over_tcp(lab: &Lab) -> Result<Backpressure, Trouble> {
    let (mut sender, mut receiver) = lab.tcp_pair()?;
    let tcp_send_buffer = SockRef::from(&sender)
        .send_buffer_size()
        .map_err(while_("asking for a buffer's size"))?;
    let tcp_recv_buffer = SockRef::from(&receiver)
        .recv_buffer_size()
        .map_err(while_("asking for a buffer's size"))?;

    sender
        .set_write_timeout(Some(STUCK))
        .map_err(while_("setting a deadline"))?;
    let piece = [b'x'; 16 * 1024];
    let mut tcp_fitted = 0;
    while tcp_fitted < ENOUGH {
        match sender.write(&piece) {
            Ok(octets) => tcp_fitted += octets,
            Err(error) if is_timeout(&error) => break, // both buffers are full: `write` waits
            Err(error) => return Err(while_("writing")(error)),
        }
    }
    drop(sender); // what was written still arrives

    let mut tcp_read = 0;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match receiver.read(&mut buffer).map_err(while_("reading"))? {
            0 => break,
            octets => tcp_read += octets,
        }
    }
    // ANCHOR_END: tcp
    Ok(Backpressure {
        tcp_fitted,
        tcp_read,
        tcp_send_buffer,
        tcp_recv_buffer,
        udp_sent: 0,
        udp_refused: 0,
        udp_arrived: 0,
        udp_recv_buffer: 0,
    })
}

fn over_udp(lab: &Lab, seen: &mut Backpressure) -> Result<(), Trouble> {
    let (sender, receiver) = (lab.udp()?, lab.udp()?);
    seen.udp_recv_buffer = SockRef::from(&receiver)
        .recv_buffer_size()
        .map_err(while_("asking for a buffer's size"))?;
    let to = local_udp(&receiver)?;
    for _ in 0..DATAGRAMS {
        match sender.send_to(&[b'x'; DATAGRAM], to) {
            Ok(_) => seen.udp_sent += 1,
            // macOS and BSD may say "no buffer space". The datagram is lost, and the sender
            // knows. It is not told to wait.
            Err(_) => seen.udp_refused += 1,
        }
    }
    seen.udp_arrived = count_waiting(&receiver)?;
    Ok(())
}

/// How many datagrams are in the receive buffer.
fn count_waiting(receiver: &UdpSocket) -> Result<usize, Trouble> {
    receiver
        .set_nonblocking(true)
        .map_err(while_("preparing a socket"))?;
    let mut arrived = 0;
    loop {
        match receiver.recv(&mut [0; DATAGRAM]) {
            Ok(_) => arrived += 1,
            Err(error) if is_timeout(&error) => return Ok(arrived),
            Err(error) => return Err(while_("receiving")(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tcp_stops_the_writer_and_loses_nothing() {
        let seen = run(&Lab::default()).unwrap();
        assert!(
            seen.tcp_fitted < ENOUGH,
            "the writer never had to wait: {seen:?}"
        );
        assert_eq!(seen.tcp_read, seen.tcp_fitted);
    }

    #[test]
    fn udp_keeps_what_fits_and_drops_the_rest() {
        let seen = run(&Lab::default()).unwrap();
        assert_eq!(seen.udp_sent + seen.udp_refused, DATAGRAMS);
        assert!(
            seen.udp_arrived > 0 && seen.udp_arrived <= seen.udp_sent,
            "{seen:?}"
        );
        assert!(
            seen.udp_arrived * DATAGRAM <= seen.udp_recv_buffer.max(DATAGRAM),
            "{seen:?}"
        );
    }
}
