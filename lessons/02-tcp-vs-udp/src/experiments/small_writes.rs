//! Are small writes fine? Two small writes and then a read meet two well-meant rules that wait for
//! each other.
//!
//! *Nagle's algorithm* (the sender): while data is under way that is not yet acknowledged, do not
//! send a small segment; collect. *Delayed acknowledgement* (the receiver): do not acknowledge at
//! once; an answer may soon carry the acknowledgement. The second small write waits for the
//! acknowledgement of the first, and the receiver waits with it for the rest of the question.

use std::{
    io::{Read, Write},
    net::{TcpStream, UdpSocket},
    thread,
    time::{Duration, Instant},
};

use super::joined;
use crate::{
    net::Lab,
    trouble::{Trouble, while_},
};

/// Rounds of every variant; the variants take turns, so that all meet the same machine.
pub const ROUNDS: usize = 9;

/// What was observed: the time of each round, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmallWrites {
    /// write, write, read; Nagle's algorithm on (as a new socket has it).
    pub two_writes: Vec<Duration>,
    /// write, read: both parts in one write; Nagle's algorithm on.
    pub one_write: Vec<Duration>,
    /// write, write, read; `TCP_NODELAY`.
    pub no_delay: Vec<Duration>,
    /// send, send, recv over UDP, which has neither rule: two datagrams, and an answer.
    pub datagrams: Vec<Duration>,
}

/// The middle one of several times.
pub fn median(times: &[Duration]) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

impl SmallWrites {
    /// How many times longer a round of two writes takes than a round of one (medians).
    pub fn ratio(&self) -> f64 {
        median(&self.two_writes).as_secs_f64() / median(&self.one_write).as_secs_f64().max(1e-9)
    }
}

/// Sends a question in two parts and waits for the answer, three ways.
///
/// # Errors
/// [`Trouble`] if a socket fails or a deadline passes.
pub fn run(lab: &Lab) -> Result<SmallWrites, Trouble> {
    let (pairs, answering): (Vec<_>, Vec<_>) = (0..3)
        .map(|_| lab.tcp_pair())
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .unzip();
    let (asking, replying) = lab.udp_pair()?;
    thread::scope(|scope| {
        let servers: Vec<_> = answering
            .into_iter()
            .map(|stream| scope.spawn(move || answer(stream)))
            .collect();
        let datagram_server = scope.spawn(move || answer_datagrams(&replying));
        let seen = take_turns(pairs, &asking);
        // An empty datagram tells the UDP server that this is the end.
        asking.send(&[]).map_err(while_("ending"))?;
        joined(datagram_server)?;
        for server in servers {
            joined(server)?;
        }
        seen
    })
}

/// Takes the three connections, so that they are closed at its end and the servers end too.
fn take_turns(mut streams: Vec<TcpStream>, datagrams: &UdpSocket) -> Result<SmallWrites, Trouble> {
    let mut seen = SmallWrites {
        two_writes: vec![],
        one_write: vec![],
        no_delay: vec![],
        datagrams: vec![],
    };
    if let [nagle, whole, no_delay] = streams.as_mut_slice() {
        no_delay
            .set_nodelay(true)
            .map_err(while_("setting TCP_NODELAY"))?;
        for _ in 0..ROUNDS {
            seen.two_writes.push(round(nagle, &[b"question", b"?\n"])?);
            seen.one_write.push(round(whole, &[b"question?\n"])?);
            seen.no_delay.push(round(no_delay, &[b"question", b"?\n"])?);
            seen.datagrams.push(datagram_round(datagrams)?);
        }
    }
    Ok(seen)
}

// ANCHOR: round
fn round(stream: &mut TcpStream, parts: &[&[u8]]) -> Result<Duration, Trouble> {
    let start = Instant::now();
    for part in parts {
        stream.write_all(part).map_err(while_("asking"))?;
    }
    stream
        .read_exact(&mut [0; 2])
        .map_err(while_("waiting for the answer"))?;
    Ok(start.elapsed())
}

fn answer(mut stream: TcpStream) -> Result<(), Trouble> {
    let mut buffer = [0; 64];
    loop {
        match stream
            .read(&mut buffer)
            .map_err(while_("reading a question"))?
        {
            0 => return Ok(()),
            // Only a whole question gets an answer, and it ends with a line feed.
            length if buffer[..length].ends_with(b"\n") => {
                stream.write_all(b"!\n").map_err(while_("answering"))?;
            }
            _ => {}
        }
    }
}
// ANCHOR_END: round

fn datagram_round(socket: &UdpSocket) -> Result<Duration, Trouble> {
    let start = Instant::now();
    for part in [b"question".as_slice(), b"?\n"] {
        socket.send(part).map_err(while_("asking"))?;
    }
    socket
        .recv(&mut [0; 64])
        .map_err(while_("waiting for the answer"))?;
    Ok(start.elapsed())
}

fn answer_datagrams(socket: &UdpSocket) -> Result<(), Trouble> {
    let mut buffer = [0; 64];
    loop {
        match socket
            .recv(&mut buffer)
            .map_err(while_("receiving a question"))?
        {
            0 => return Ok(()),
            length if buffer[..length].ends_with(b"\n") => {
                socket.send(b"!\n").map_err(while_("answering"))?;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_round_is_timed() {
        let seen = run(&Lab::default()).unwrap();
        for times in [
            &seen.two_writes,
            &seen.one_write,
            &seen.no_delay,
            &seen.datagrams,
        ] {
            assert_eq!(times.len(), ROUNDS);
            assert!(times.iter().all(|time| !time.is_zero()));
        }
        // No system owes us the delay; but where it is, it is no accident of one round.
        assert!(seen.ratio() > 0.0);
    }

    #[test]
    fn a_median_is_the_middle() {
        let ms = |n| Duration::from_millis(n);
        assert_eq!(median(&[ms(9), ms(1), ms(5)]), ms(5));
        assert_eq!(median(&[]), Duration::ZERO);
    }
}
