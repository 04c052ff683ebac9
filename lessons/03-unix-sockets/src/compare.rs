//! Round trip and throughput, beside TCP on loopback, in one run.
//!
//! Two traps of such measurements are met here. The figures of a run depend on what else the
//! machine does, so the two transports take turns, block by block, and the median block counts.
//! And a round trip takes some 3 µs when both ends share a CPU, and far more when one CPU must
//! wake another, so both are measured, each with the ends held in place.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

mod cpus;
pub use cpus::Placement;

/// The reader takes so many octets at once, at most. What a read has copied should still be in the
/// processor's own fast memory (its L2 cache, 256 KiB to 2 MiB) when the next read copies over it: with a
/// buffer of 1 MiB the same stream over TCP carries about a seventh less.
const READ: usize = 64 * 1024;

/// No block of a measurement lasts longer.
const DEADLINE: Duration = Duration::from_secs(60);

/// What to measure.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Blocks for each transport, taken alternately.
    pub blocks: usize,
    /// Round trips of one octet in a block.
    pub rounds: u32,
    /// Octets that a block of the throughput measurement carries.
    pub octets: usize,
    /// Octets in one write.
    pub chunk: usize,
    /// The loopback address for TCP.
    pub addr: IpAddr,
}

/// The medians of both transports.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// TCP on loopback.
    pub tcp: f64,
    /// AF_UNIX stream.
    pub unix: f64,
}

/// One end of either transport.
trait End: Read + Write + Send {
    /// Another handle for the same end.
    fn handle(&self) -> io::Result<Box<dyn End>>;
    /// End both directions: every wait at either end is over.
    fn hang_up(&self);
}

impl End for TcpStream {
    fn handle(&self) -> io::Result<Box<dyn End>> {
        Ok(Box::new(self.try_clone()?))
    }
    fn hang_up(&self) {
        let _ = self.shutdown(Shutdown::Both);
    }
}

impl End for UnixStream {
    fn handle(&self) -> io::Result<Box<dyn End>> {
        Ok(Box::new(self.try_clone()?))
    }
    fn hang_up(&self) {
        let _ = self.shutdown(Shutdown::Both);
    }
}

type Ends = (Box<dyn End>, Box<dyn End>);

fn tcp(addr: IpAddr) -> io::Result<Ends> {
    let listener = TcpListener::bind((addr, 0))?;
    let one = TcpStream::connect(listener.local_addr()?)?;
    let (two, _) = listener.accept()?;
    // Nagle's algorithm stays on. It joins the small writes of a stream into full segments: a segment
    // for each write of 1 KiB would make the stream several times slower. A round trip loses nothing
    // by it, because never are two small segments on their way in one direction (lesson 02,
    // small-writes).
    Ok((Box::new(one), Box::new(two)))
}

fn unix() -> io::Result<Ends> {
    let (one, two) = UnixStream::pair()?;
    Ok((Box::new(one), Box::new(two)))
}

// ANCHOR: roundtrip
/// Send a message of `size` octets and wait until it comes back, `rounds` times.
/// Gives seconds a round.
///
/// # Errors
/// Those of the connection, its end among them.
pub fn round_trips(mut near: impl Read + Write, rounds: u32, size: usize) -> io::Result<f64> {
    let mut message = vec![b'x'; size];
    let start = Instant::now();
    for _ in 0..rounds {
        near.write_all(&message)?;
        near.read_exact(&mut message)?;
    }
    Ok(start.elapsed().as_secs_f64() / f64::from(rounds))
}

/// The other end of [`round_trips`].
///
/// # Errors
/// As [`round_trips`].
pub fn send_back(mut far: impl Read + Write, rounds: u32, size: usize) -> io::Result<()> {
    let mut message = vec![0; size];
    for _ in 0..rounds {
        far.read_exact(&mut message)?;
        far.write_all(&message)?;
    }
    Ok(())
}
// ANCHOR_END: roundtrip

/// Read until `octets` have come, however they were cut. Gives octets a second.
fn take(mut near: impl Read, octets: usize, chunk: usize) -> io::Result<f64> {
    let mut buffer = vec![0; chunk.min(READ)];
    let mut left = octets;
    let start = Instant::now();
    while left > 0 {
        match near.read(&mut buffer)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            length => left = left.saturating_sub(length),
        }
    }
    // Fewer than 2^53 octets: the figure is exact.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a measurement of fewer than 2^53 octets"
    )]
    Ok(octets as f64 / start.elapsed().as_secs_f64())
}

/// The other end of [`take`].
fn pour(mut far: impl Write, octets: usize, chunk: usize) -> io::Result<()> {
    let buffer = vec![b'x'; chunk];
    let mut left = octets;
    while left > 0 {
        let length = left.min(chunk);
        far.write_all(&buffer[..length])?;
        left -= length;
    }
    Ok(())
}

/// Seconds a round trip, TCP and AF_UNIX alternating.
///
/// # Errors
/// The sockets' errors, or a block took more than 60 seconds.
pub fn latency(plan: &Plan, placement: Placement) -> io::Result<Pair> {
    alternate(plan, |ends| {
        both(
            ends,
            placement,
            |near| round_trips(near, plan.rounds, 1),
            |far| send_back(far, plan.rounds, 1),
        )
    })
}

/// Octets a second, TCP and AF_UNIX alternating.
///
/// # Errors
/// As [`latency`].
pub fn throughput(plan: &Plan, placement: Placement) -> io::Result<Pair> {
    alternate(plan, |ends| {
        both(
            ends,
            placement,
            |near| take(near, plan.octets, plan.chunk),
            |far| pour(far, plan.octets, plan.chunk),
        )
    })
}

/// Run both ends, each in a thread on its CPU, until `near` has its figure.
///
/// The deadline is kept here: a timeout on the sockets themselves would arm a timer for every
/// wait, and cost some percent of a round trip.
fn both(
    (near_end, far_end): Ends,
    placement: Placement,
    near: impl FnOnce(Box<dyn End>) -> io::Result<f64> + Send,
    far: impl FnOnce(Box<dyn End>) -> io::Result<()> + Send,
) -> io::Result<f64> {
    let handle = near_end.handle()?;
    let (done, finished) = mpsc::channel();
    thread::scope(|scope| {
        let far = scope.spawn(move || {
            placement.hold_far();
            far(far_end)
        });
        scope.spawn(move || {
            placement.hold_near();
            // Fails only if nobody waits any more.
            let _ = done.send(near(near_end));
        });
        let result = finished
            .recv_timeout(DEADLINE)
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
        if result.is_err() {
            handle.hang_up();
        }
        match far.join() {
            Ok(Ok(())) => result,
            Ok(Err(error)) => result.and(Err(error)),
            Err(_) => Err(io::Error::other("a thread of the measurement ended early")),
        }
    })
}

fn alternate(plan: &Plan, mut block: impl FnMut(Ends) -> io::Result<f64>) -> io::Result<Pair> {
    let (mut by_tcp, mut by_unix) = (Vec::new(), Vec::new());
    for _ in 0..plan.blocks.max(1) {
        by_tcp.push(block(tcp(plan.addr)?)?);
        by_unix.push(block(unix()?)?);
    }
    Ok(Pair {
        tcp: median(by_tcp),
        unix: median(by_unix),
    })
}

/// The middle value (the upper one of two). Of nothing, NaN.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Plan = Plan {
        blocks: 2,
        rounds: 20,
        octets: 1_000_001,
        chunk: 4096,
        addr: IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
    };

    #[test]
    fn both_measurements_give_figures() {
        for placement in Placement::all() {
            let latency = latency(&SHORT, placement).unwrap();
            assert!(latency.tcp > 0.0 && latency.unix > 0.0, "{latency:?}");
            let throughput = throughput(&SHORT, placement).unwrap();
            assert!(
                throughput.tcp > 0.0 && throughput.unix > 0.0,
                "{throughput:?}"
            );
        }
    }

    #[test]
    fn an_end_that_fails_ends_the_other() {
        let error = both(
            unix().unwrap(),
            Placement::Free,
            |mut near| near.read_exact(&mut [0]).map(|()| 0.0),
            |_| Err(io::ErrorKind::Other.into()),
        );
        assert!(error.is_err());
        let error = both(
            tcp(SHORT.addr).unwrap(),
            Placement::Free,
            |_| Err(io::ErrorKind::Other.into()),
            |mut far| far.read_exact(&mut [0]),
        );
        assert!(error.is_err());
    }

    #[test]
    fn the_median_is_the_middle() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!(median(Vec::new()).is_nan());
    }
}
