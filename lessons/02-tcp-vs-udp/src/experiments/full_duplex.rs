//! Can both sides talk at the same time? With both protocols, yes. And what is the end of one
//! direction?

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    thread,
    time::{Duration, Instant},
};

use super::joined;
use crate::{
    net::{Lab, is_timeout},
    trouble::{Trouble, while_},
};

/// Octets sent each way in the bulk part: 8 MiB.
pub const BULK: usize = 8 * 1024 * 1024;

/// What was observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullDuplex {
    /// Over TCP both sides wrote before either read. What each then read.
    pub tcp_crossed: [String; 2],
    /// Over UDP both sides sent before either received. What each then received.
    pub udp_crossed: [String; 2],
    /// Octets that arrived at each end while both sent [`BULK`] octets at once over TCP.
    pub bulk: [usize; 2],
    /// How long the bulk took.
    pub bulk_time: Duration,
    /// For how much of that time octets were arriving at both ends.
    pub both_arriving: Duration,
    /// The client closed its direction. What the server read then: 0 octets is the end.
    pub end_of_stream: usize,
    /// … and what the client could still read of the server's words.
    pub after_half_close: String,
    /// UDP has no end of stream: an empty datagram is a datagram. Octets received, if it came.
    pub empty_datagram: Option<usize>,
}

/// Both directions at once, and then one direction closed.
///
/// # Errors
/// [`Trouble`] if a socket fails or a deadline passes.
pub fn run(lab: &Lab) -> Result<FullDuplex, Trouble> {
    let (mut client, mut server) = lab.tcp_pair()?;
    let tcp_crossed = cross_tcp(&mut client, &mut server)?;
    let (udp_crossed, empty_datagram) = over_udp(lab)?;
    let ends = bulk(&client, &server)?;
    let (end_of_stream, after_half_close) = half_close(&mut client, &mut server)?;

    let begun = ends[0].first.max(ends[1].first);
    let over = ends[0].last.min(ends[1].last);
    let whole = ends[0].last.max(ends[1].last) - ends[0].first.min(ends[1].first);
    Ok(FullDuplex {
        tcp_crossed,
        udp_crossed,
        bulk: [ends[0].octets, ends[1].octets],
        bulk_time: whole,
        both_arriving: over.saturating_duration_since(begun),
        end_of_stream,
        after_half_close,
        empty_datagram,
    })
}

fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

fn cross_tcp(client: &mut TcpStream, server: &mut TcpStream) -> Result<[String; 2], Trouble> {
    client
        .write_all(b"from client")
        .map_err(while_("writing"))?;
    server
        .write_all(b"from server")
        .map_err(while_("writing"))?;
    let mut heard = [[0; 11]; 2];
    client
        .read_exact(&mut heard[0])
        .map_err(while_("reading"))?;
    server
        .read_exact(&mut heard[1])
        .map_err(while_("reading"))?;
    Ok(heard.map(|octets| text(&octets)))
}

fn over_udp(lab: &Lab) -> Result<([String; 2], Option<usize>), Trouble> {
    let (one, other) = lab.udp_pair()?;
    one.send(b"from one").map_err(while_("sending"))?;
    other.send(b"from the other").map_err(while_("sending"))?;
    let mut buffer = [0; 64];
    let length = one.recv(&mut buffer).map_err(while_("receiving"))?;
    let one_heard = text(&buffer[..length]);
    let length = other.recv(&mut buffer).map_err(while_("receiving"))?;
    let other_heard = text(&buffer[..length]);

    one.send(&[]).map_err(while_("sending an empty datagram"))?;
    let empty = match other.recv(&mut buffer) {
        Ok(length) => Some(length),
        Err(error) if is_timeout(&error) => None,
        Err(error) => return Err(while_("receiving")(error)),
    };
    Ok(([one_heard, other_heard], empty))
}

/// What one end saw of the bulk.
struct End {
    octets: usize,
    first: Instant,
    last: Instant,
}

// ANCHOR: bulk
/// Two threads an end: one only writes, one only reads. With one thread an end,
/// both could stand in `write` with full buffers, each waiting for the other to
/// read.
fn bulk(client: &TcpStream, server: &TcpStream) -> Result<[End; 2], Trouble> {
    thread::scope(|scope| {
        let writers = [client, server].map(|end| scope.spawn(move || pour(end)));
        let readers = [client, server].map(|end| scope.spawn(move || drain(end)));
        for writer in writers {
            joined(writer)?;
        }
        let [at_client, at_server] = readers.map(joined);
        Ok([at_client?, at_server?])
    })
}
// ANCHOR_END: bulk

fn pour(mut end: &TcpStream) -> Result<(), Trouble> {
    end.write_all(&vec![b'x'; BULK]).map_err(while_("writing"))
}

fn drain(mut end: &TcpStream) -> Result<End, Trouble> {
    let mut buffer = vec![0; 64 * 1024];
    let mut octets = end.read(&mut buffer).map_err(while_("reading"))?;
    let first = Instant::now();
    while octets < BULK {
        match end.read(&mut buffer).map_err(while_("reading"))? {
            0 => break,
            length => octets += length,
        }
    }
    Ok(End {
        octets,
        first,
        last: Instant::now(),
    })
}

// ANCHOR: half_close
fn half_close(client: &mut TcpStream, server: &mut TcpStream) -> Result<(usize, String), Trouble> {
    client
        .shutdown(Shutdown::Write)
        .map_err(while_("closing one direction"))?;
    let end = server
        .read(&mut [0; 64])
        .map_err(while_("reading the end"))?;
    // The other direction is still open.
    server
        .write_all(b"I can still talk")
        .map_err(while_("writing"))?;
    server
        .shutdown(Shutdown::Write)
        .map_err(while_("closing the other direction"))?;
    let mut heard = String::new();
    client
        .read_to_string(&mut heard)
        .map_err(while_("reading"))?;
    Ok((end, heard))
}
// ANCHOR_END: half_close

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_directions_carry_at_once_and_close_apart() {
        let seen = run(&Lab::default()).unwrap();
        assert_eq!(seen.tcp_crossed, ["from server", "from client"]);
        assert_eq!(seen.udp_crossed, ["from the other", "from one"]);
        assert_eq!(seen.bulk, [BULK, BULK]);
        assert!(seen.both_arriving <= seen.bulk_time);
        assert_eq!(seen.end_of_stream, 0);
        assert_eq!(seen.after_half_close, "I can still talk");
        assert_eq!(seen.empty_datagram, Some(0));
    }
}
