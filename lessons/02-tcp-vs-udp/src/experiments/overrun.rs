//! Are datagrams only lost on bad lines? No: a receiver that is slower than its sender loses them
//! even on loopback, where no line is.

use std::{
    fs, hint,
    io::{Read, Write},
    net::UdpSocket,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use super::joined;
use crate::{
    net::{Lab, is_timeout, local_udp},
    trouble::{Trouble, while_},
};

/// Datagrams sent.
pub const COUNT: usize = 1000;

/// Octets of each.
pub const SIZE: usize = 8 * 1024;

/// How long the receiver is busy with each.
pub const WORK: Duration = Duration::from_micros(50);

/// With flow control: so many datagrams, then the sender waits until the receiver asks for more.
pub const BATCH: usize = 8;

/// What was observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overrun {
    /// Datagrams for which `send` reported success, as fast as the sender could.
    pub sent: usize,
    /// Datagrams that the receiver got of them.
    pub arrived: usize,
    /// How long the sender took.
    pub send_time: Duration,
    /// Datagrams that the kernel says it dropped at this socket (Linux: `/proc/net/udp`).
    pub dropped_by_kernel: Option<u64>,
    /// Datagrams that arrived when the sender waited for the receiver after every [`BATCH`].
    pub paced_arrived: usize,
    /// How long the waiting sender took.
    pub paced_time: Duration,
    /// Octets that a TCP reader, as slow as the UDP receiver, got of [`COUNT`] × [`SIZE`].
    pub tcp_arrived: usize,
    /// How long the TCP sender took: it was made to wait.
    pub tcp_time: Duration,
}

/// A fast sender and a slow receiver, three ways.
///
/// # Errors
/// [`Trouble`] if a socket fails or a deadline passes.
pub fn run(lab: &Lab) -> Result<Overrun, Trouble> {
    let (sent, arrived, send_time, dropped_by_kernel) = full_speed(lab)?;
    let (paced_arrived, paced_time) = paced(lab)?;
    let (tcp_arrived, tcp_time) = over_tcp(lab)?;
    Ok(Overrun {
        sent,
        arrived,
        send_time,
        dropped_by_kernel,
        paced_arrived,
        paced_time,
        tcp_arrived,
        tcp_time,
    })
}

/// Does something with what was received. A program would parse it, or write it to a disk.
fn work() {
    let start = Instant::now();
    while start.elapsed() < WORK {
        hint::spin_loop();
    }
}

fn full_speed(lab: &Lab) -> Result<(usize, usize, Duration, Option<u64>), Trouble> {
    let (sender, receiver) = lab.udp_pair()?;
    let port = local_udp(&receiver)?.port();
    receiver
        .set_read_timeout(Some(Duration::from_millis(200)))
        .map_err(while_("setting a deadline"))?;
    let all_sent = AtomicBool::new(false);
    thread::scope(|scope| {
        let slow = scope.spawn(|| receive_slowly(&receiver, &all_sent));
        let start = Instant::now();
        let sent = (0..COUNT)
            .filter(|_| sender.send(&[b'x'; SIZE]).is_ok())
            .count();
        let send_time = start.elapsed();
        all_sent.store(true, Ordering::Release);
        let arrived = joined(slow)?;
        Ok((sent, arrived, send_time, dropped_at(lab, port)))
    })
}

// ANCHOR: slow
fn receive_slowly(receiver: &UdpSocket, all_sent: &AtomicBool) -> Result<usize, Trouble> {
    let mut buffer = [0; SIZE];
    let mut arrived = 0;
    loop {
        match receiver.recv(&mut buffer) {
            Ok(_) => {
                arrived += 1;
                work(); // meanwhile datagrams queue up, until the queue is full
            }
            Err(error) if is_timeout(&error) => {
                // Silence may also mean that the sender had no processor for a while.
                if all_sent.load(Ordering::Acquire) {
                    return Ok(arrived);
                }
            }
            Err(error) => return Err(while_("receiving")(error)),
        }
    }
}
// ANCHOR_END: slow

// ANCHOR: paced
/// Flow control by hand: the receiver asks for every batch.
fn paced(lab: &Lab) -> Result<(usize, Duration), Trouble> {
    let (sender, receiver) = lab.udp_pair()?;
    thread::scope(|scope| {
        let slow = scope.spawn(move || {
            let mut buffer = [0; SIZE];
            for arrived in 1..=COUNT {
                receiver.recv(&mut buffer).map_err(while_("receiving"))?;
                work();
                if arrived % BATCH == 0 {
                    receiver.send(b"go on").map_err(while_("asking for more"))?;
                }
            }
            Ok(COUNT)
        });
        let start = Instant::now();
        for _ in 0..COUNT / BATCH {
            for _ in 0..BATCH {
                sender.send(&[b'x'; SIZE]).map_err(while_("sending"))?;
            }
            sender
                .recv(&mut [0; 16])
                .map_err(while_("waiting for \"go on\""))?;
        }
        Ok((joined(slow)?, start.elapsed()))
    })
}
// ANCHOR_END: paced

fn over_tcp(lab: &Lab) -> Result<(usize, Duration), Trouble> {
    let (mut sender, mut receiver) = lab.tcp_pair()?;
    thread::scope(|scope| {
        let slow = scope.spawn(move || {
            let mut buffer = [0; SIZE];
            let mut octets = 0;
            loop {
                match receiver.read(&mut buffer).map_err(while_("reading"))? {
                    0 => return Ok(octets),
                    length => octets += length,
                }
                work();
            }
        });
        let start = Instant::now();
        for _ in 0..COUNT {
            sender.write_all(&[b'x'; SIZE]).map_err(while_("writing"))?;
        }
        let time = start.elapsed();
        drop(sender);
        Ok((joined(slow)?, time))
    })
}

/// The drop counter of the socket on `port`: the last column of its line.
fn dropped_at(lab: &Lab, port: u16) -> Option<u64> {
    let table = if lab.addr.is_ipv4() {
        "/proc/net/udp"
    } else {
        "/proc/net/udp6"
    };
    drops(&fs::read_to_string(table).ok()?, port)
}

fn drops(table: &str, port: u16) -> Option<u64> {
    let ending = format!(":{port:04X}");
    let line = table.lines().skip(1).find(|line| {
        line.split_whitespace()
            .nth(1)
            .is_some_and(|local| local.ends_with(&ending))
    })?;
    line.split_whitespace().last()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_where_the_sender_waits() {
        let seen = run(&Lab::default()).unwrap();
        assert!(seen.arrived <= seen.sent, "{seen:?}");
        assert_eq!(seen.paced_arrived, COUNT);
        assert_eq!(seen.tcp_arrived, COUNT * SIZE);
        if let Some(dropped) = seen.dropped_by_kernel {
            let lost = u64::try_from(seen.sent - seen.arrived).unwrap();
            assert_eq!(dropped, lost, "{seen:?}");
        }
    }

    #[test]
    fn the_drop_counter_is_the_last_column() {
        let table = "  sl  local_address rem drops\n\
                     1: 0100007F:1F90 00000000:0000 07 0:0 0:0 0 0 0 1 2 0 0\n\
                     2: 0100007F:A1B2 00000000:0000 07 0:0 0:0 0 0 0 1 2 0 431\n";
        assert_eq!(drops(table, 0xA1B2), Some(431));
        assert_eq!(drops(table, 8080), Some(0));
        assert_eq!(drops(table, 1), None);
    }
}
