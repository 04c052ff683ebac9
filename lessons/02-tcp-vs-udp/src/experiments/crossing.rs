//! Twenty numbered messages through the relay, once as datagrams and once as a stream.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, UdpSocket},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use super::joined;
use crate::{
    net::{Lab, local, local_udp},
    numbered::{Account, LEN, message, number},
    relay::Running,
    trouble::{Trouble, while_},
    weather::Weather,
};

/// Messages sent.
pub const COUNT: u32 = 20;

/// The seed of the lesson's own runs. Another seed brings another storm.
pub const SEED: u64 = 85;

/// What was observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crossing {
    /// The weather between sender and receiver.
    pub weather: Weather,
    /// What came of the datagrams.
    pub udp: Account,
    /// From the first datagram sent to the last one received.
    pub udp_time: Duration,
    /// What came of the same messages in a TCP stream.
    pub tcp: Account,
    /// From the first message sent to the last one received.
    pub tcp_time: Duration,
    /// The same for TCP through a relay without weather.
    pub tcp_clear_time: Duration,
}

/// Sends [`COUNT`] messages through `weather`, over UDP and over TCP.
///
/// # Errors
/// [`Trouble`] if a socket fails or a deadline passes. A lost datagram is no error.
pub fn run(lab: &Lab, weather: &Weather) -> Result<Crossing, Trouble> {
    let clear = Weather::default();
    let (udp, udp_time) = over_udp(lab, weather)?;
    let (_, tcp_clear_time) = over_tcp(lab, &clear)?;
    let (tcp, tcp_time) = over_tcp(lab, weather)?;
    Ok(Crossing {
        weather: *weather,
        udp,
        udp_time,
        tcp,
        tcp_time,
        tcp_clear_time,
    })
}

/// Says "that was all". It goes past the relay, straight to the receiver.
const END: &[u8] = b"end";

fn over_udp(lab: &Lab, weather: &Weather) -> Result<(Account, Duration), Trouble> {
    let receiver = lab.udp()?;
    let to = local_udp(&receiver)?;
    let relay = Running::udp(lab.udp()?, to, *weather, Arc::new(|_| {}))?;
    let sender = lab.udp()?;
    let start = Instant::now();
    thread::scope(|scope| {
        let listening = scope.spawn(|| receive_datagrams(&receiver));
        let sent = send_datagrams(&sender, relay.endpoint());
        // The relay delivers what it still holds; after that nothing can come.
        let stopped = relay.stop();
        sender.send_to(END, to).map_err(while_("sending"))?;
        let (arrived, last) = joined(listening)?;
        stopped?;
        Ok((
            Account {
                sent: sent?,
                arrived,
            },
            last - start,
        ))
    })
}

fn send_datagrams(sender: &UdpSocket, relay: SocketAddr) -> Result<u32, Trouble> {
    for n in 1..=COUNT {
        sender
            .send_to(&message(n), relay)
            .map_err(while_("sending"))?;
    }
    Ok(COUNT)
}

fn receive_datagrams(receiver: &UdpSocket) -> Result<(Vec<u32>, Instant), Trouble> {
    let mut buffer = [0; 64];
    let mut arrived = Vec::new();
    let mut last = Instant::now();
    loop {
        let length = receiver.recv(&mut buffer).map_err(while_("receiving"))?;
        if &buffer[..length] == END {
            return Ok((arrived, last));
        }
        arrived.extend(number(&buffer[..length]));
        last = Instant::now();
    }
}

fn over_tcp(lab: &Lab, weather: &Weather) -> Result<(Account, Duration), Trouble> {
    let target = lab.listener()?;
    // One message is one segment: the weather then meets the same twenty things as with UDP.
    let relay = Running::tcp(
        lab.listener()?,
        local(&target)?,
        *weather,
        LEN,
        Arc::new(|_| {}),
    )?;
    thread::scope(|scope| {
        let reading = scope.spawn(|| receive_stream(lab, &target));
        let mut sender = lab.connect(relay.endpoint())?;
        sender
            .set_nodelay(true)
            .map_err(while_("switching Nagle's algorithm off"))?;
        let start = Instant::now();
        for n in 1..=COUNT {
            sender.write_all(&message(n)).map_err(while_("writing"))?;
        }
        sender
            .shutdown(Shutdown::Write)
            .map_err(while_("ending the stream"))?;
        let (arrived, last) = joined(reading)?;
        drop(sender);
        relay.stop()?;
        Ok((
            Account {
                sent: COUNT,
                arrived,
            },
            last - start,
        ))
    })
}

fn receive_stream(lab: &Lab, target: &TcpListener) -> Result<(Vec<u32>, Instant), Trouble> {
    let mut stream = lab.accept(target)?;
    let mut octets = Vec::new();
    stream.read_to_end(&mut octets).map_err(while_("reading"))?;
    let last = Instant::now();
    Ok((octets.chunks(LEN).filter_map(number).collect(), last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weather::Fate;

    #[test]
    fn clear_weather_brings_everything_in_order() {
        let seen = run(&Lab::default(), &Weather::default()).unwrap();
        assert!(seen.udp.is_perfect(), "{seen:?}");
        assert!(seen.tcp.is_perfect(), "{seen:?}");
    }

    #[test]
    fn udp_shows_the_forecast_and_tcp_hides_it() {
        let weather = Weather {
            seed: 4,
            drop: 20,
            duplicate: 20,
            reorder: 20,
            ..Weather::default()
        };
        let seen = run(&Lab::default(), &weather).unwrap();
        // The first client of a relay sends on path 2: see `relay::udp`.
        let lost: Vec<u32> = (1..=COUNT)
            .zip(weather.forecast(2))
            .filter_map(|(n, fate)| (fate == Fate::Drop).then_some(n))
            .collect();
        assert_eq!(seen.udp.missing(), lost);
        assert!(seen.tcp.is_perfect(), "{seen:?}");
        assert!(seen.tcp_time >= weather.resend_after, "{seen:?}");
    }

    #[test]
    fn the_same_seed_brings_the_same_arrivals() {
        let weather = Weather {
            seed: 9,
            drop: 30,
            reorder: 30,
            ..Weather::default()
        };
        let once = run(&Lab::default(), &weather).unwrap();
        let again = run(&Lab::default(), &weather).unwrap();
        assert_eq!(once.udp, again.udp);
    }

    #[test]
    fn it_works_over_ipv6() {
        let lab = Lab {
            addr: std::net::Ipv6Addr::LOCALHOST.into(),
            ..Lab::default()
        };
        // A machine without IPv6 cannot run this one.
        if lab.udp().is_ok() {
            assert!(run(&lab, &Weather::default()).unwrap().tcp.is_perfect());
        }
    }
}
