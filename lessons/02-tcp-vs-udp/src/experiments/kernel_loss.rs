//! Segments that the Linux kernel truly loses.
//!
//! A program may hang a filter into the receiving side of its own socket (`SO_ATTACH_FILTER`,
//! socket(7)). The kernel asks the filter about every packet *before* TCP or UDP sees it. This
//! filter throws a die and lets some packets vanish. To TCP that is loss like any other: no
//! acknowledgement comes, and the sending kernel sends the segment again.
//!
//! The die is the kernel's, so there is no seed: every run loses others. Some kernels let only root
//! attach a filter to a TCP socket (seen with Linux 6.18); then there is nothing to observe.

use std::{
    fs,
    io::{self, Read, Write},
    net::Shutdown,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use socket2::{SockFilter, SockRef};

use super::joined;
use crate::{
    net::{Lab, is_timeout, local_udp},
    trouble::{Trouble, while_},
};

/// Messages sent.
pub const COUNT: u32 = 20;

/// Percent of packets that the filter drops.
pub const DROP: u32 = 20;

/// A segment that is lost five times in a row is sent again after 6.2 s. It may take that long.
const PATIENCE: Duration = Duration::from_secs(15);

/// Octets of one message: its number.
const LEN: usize = 4;

/// What was observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KernelLoss {
    /// Datagrams of [`COUNT`] that arrived.
    pub udp_arrived: u32,
    /// Messages of [`COUNT`] that arrived over TCP, in order.
    pub tcp_arrived: u32,
    /// From the first message written to the last one read.
    pub tcp_time: Duration,
    /// Segments that the kernel sent again meanwhile. The counter is the whole machine's
    /// (`RetransSegs`, RFC 4022), so other programs can add to it. `None` if it cannot be read.
    pub segments_sent_again: Option<u64>,
}

// ANCHOR: filter
/// A filter of the classic Berkeley kind: four instructions, which the kernel
/// runs for every packet.
fn die(percent: u32) -> [SockFilter; 4] {
    const LOAD_WORD: u16 = 0x20; // BPF_LD | BPF_W | BPF_ABS
    const JUMP_IF_AT_LEAST: u16 = 0x35; // BPF_JMP | BPF_JGE | BPF_K
    const RETURN: u16 = 0x06; // BPF_RET | BPF_K
    // SKF_AD_OFF + SKF_AD_RANDOM: not in the packet at all, but a random number.
    const RANDOM: u32 = 0xffff_f000 + 56;
    let threshold = u32::MAX / 100 * percent;
    [
        SockFilter::new(LOAD_WORD, 0, 0, RANDOM),
        SockFilter::new(JUMP_IF_AT_LEAST, 1, 0, threshold), // skips the next
        SockFilter::new(RETURN, 0, 0, 0),                   // keep 0 octets: gone
        SockFilter::new(RETURN, 0, 0, u32::MAX),            // keep all octets
    ]
}
// ANCHOR_END: filter

/// Sends [`COUNT`] messages to receivers whose kernel drops [`DROP`] percent of the packets.
///
/// # Errors
/// [`Trouble`] if a socket fails, a deadline passes, or this system allows no filters.
pub fn run(lab: &Lab) -> Result<KernelLoss, Trouble> {
    let udp_arrived = over_udp(lab)?;
    let before = segments_sent_again();
    let (tcp_arrived, tcp_time) = over_tcp(lab)?;
    let segments_sent_again = before
        .zip(segments_sent_again())
        .map(|(before, after)| after - before);
    Ok(KernelLoss {
        udp_arrived,
        tcp_arrived,
        tcp_time,
        segments_sent_again,
    })
}

fn over_udp(lab: &Lab) -> Result<u32, Trouble> {
    let (sender, receiver) = (lab.udp()?, lab.udp()?);
    SockRef::from(&receiver)
        .attach_filter(&die(DROP))
        .map_err(while_("attaching a filter"))?;
    let to = local_udp(&receiver)?;
    for n in 1..=COUNT {
        sender
            .send_to(&n.to_be_bytes(), to)
            .map_err(while_("sending"))?;
    }
    // On loopback, what has not arrived when `send_to` returns will not arrive.
    receiver
        .set_nonblocking(true)
        .map_err(while_("preparing a socket"))?;
    let mut arrived = 0;
    loop {
        match receiver.recv(&mut [0; 64]) {
            Ok(_) => arrived += 1,
            Err(error) if is_timeout(&error) => return Ok(arrived),
            Err(error) => return Err(while_("receiving")(error)),
        }
    }
}

fn over_tcp(lab: &Lab) -> Result<(u32, Duration), Trouble> {
    let (mut sender, mut receiver) = lab.tcp_pair()?;
    SockRef::from(&receiver)
        .attach_filter(&die(DROP))
        .map_err(while_("attaching a filter"))?;
    receiver
        .set_read_timeout(Some(PATIENCE))
        .map_err(while_("setting a deadline"))?;
    // Waiting messages would travel together, in one segment. So the next is written when the one
    // before has been read: twenty messages, twenty throws of the die.
    let (read, next) = mpsc::channel();
    thread::scope(|scope| {
        let start = Instant::now();
        let reading = scope.spawn(move || -> io::Result<(u32, Instant)> {
            let mut octets = [0; LEN];
            for n in 1..=COUNT {
                receiver.read_exact(&mut octets)?;
                if u32::from_be_bytes(octets) != n || read.send(()).is_err() {
                    return Ok((n - 1, Instant::now()));
                }
            }
            Ok((COUNT, Instant::now()))
        });
        for n in 1..=COUNT {
            sender
                .write_all(&n.to_be_bytes())
                .map_err(while_("writing"))?;
            if next.recv().is_err() {
                break; // the reader has ended, and says below why
            }
        }
        let (arrived, last) = joined(reading).map_err(while_("reading"))?;
        sender.shutdown(Shutdown::Both).ok();
        Ok((arrived, last - start))
    })
}

/// The counter of segments sent again since the machine started.
fn segments_sent_again() -> Option<u64> {
    let snmp = fs::read_to_string("/proc/net/snmp").ok()?;
    counter(&snmp, "Tcp:", "RetransSegs")
}

/// `/proc/net/snmp` has two lines a protocol: names, and below each name its value.
fn counter(snmp: &str, protocol: &str, name: &str) -> Option<u64> {
    let mut lines = snmp.lines().filter(|line| line.starts_with(protocol));
    let (names, values) = (lines.next()?, lines.next()?);
    let column = names.split_whitespace().position(|word| word == name)?;
    values.split_whitespace().nth(column)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_loses_datagrams_and_resends_segments() {
        // Where filters are forbidden (some containers), there is nothing to see.
        match run(&Lab {
            patience: Duration::from_secs(30),
            ..Lab::default()
        }) {
            Ok(seen) => {
                assert!(seen.udp_arrived <= COUNT, "{seen:?}");
                assert_eq!(seen.tcp_arrived, COUNT, "{seen:?}");
            }
            Err(Trouble::System {
                doing: "attaching a filter",
                ..
            }) => {}
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_counter_is_read_by_its_name() {
        let snmp = "Ip: A B\nIp: 1 2\nTcp: RtoMin RetransSegs\nTcp: 200 17\n";
        assert_eq!(counter(snmp, "Tcp:", "RetransSegs"), Some(17));
        assert_eq!(counter(snmp, "Tcp:", "Missing"), None);
        assert_eq!(counter("", "Tcp:", "RetransSegs"), None);
    }
}
