//! The TCP relay: one connection from the client, one to the target, and the weather between.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use super::{CLIENTS, Event, Kind, LOOK_UP, Lane, Log, Way};
use crate::{
    net::{Stop, accept_until, is_timeout},
    trouble::{Trouble, while_},
    weather::Weather,
};

/// A lane holds so many octets; then the relay stops reading, and TCP's flow control tells the
/// sender to wait. So a fast sender and a slow receiver do not fill the memory.
const LOAD: usize = 256 * 1024;

/// How long the relay tries to reach the target.
const REACH: Duration = Duration::from_secs(5);

/// Relays connections between `listener` and `target` until `stop` is asked; then waits for what
/// is under way and returns.
///
/// # Errors
/// [`Trouble::System`] if the listening socket is broken. A broken connection ends only itself.
pub fn run(
    listener: &TcpListener,
    target: SocketAddr,
    weather: &Weather,
    segment: usize,
    stop: &Stop,
    log: &Log<'_>,
) -> Result<(), Trouble> {
    // This loop owns one of these; every connection holds another.
    let places = Arc::new(());
    thread::scope(|scope| {
        let mut client = 0;
        while let Some(from) = accept_until(listener, || stop.asked())? {
            if Arc::strong_count(&places) > CLIENTS {
                // A relay speaks no protocol of its own, so it cannot say why: it closes.
                log(&Event::Full);
                continue;
            }
            client += 1;
            log(&Event::Joined { client });
            let place = Arc::clone(&places);
            // When no thread can be had, the closure is dropped and the connection closes with it.
            let _ = thread::Builder::new().spawn_scoped(scope, move || {
                let crossing = Crossing {
                    client,
                    weather,
                    segment,
                    stop,
                    log,
                };
                match TcpStream::connect_timeout(&target, REACH) {
                    Ok(to) => crossing.both_ways(&from, &to),
                    // Dropping `from` closes it: the client reads the end of the stream. It has
                    // been "connected" all the same, to the relay.
                    Err(_) => log(&Event::NobodyHome { target }),
                }
                log(&Event::Left { client });
                // Only now: until here the connection has its threads and descriptors.
                drop(place);
            });
        }
        Ok(())
    })
}

/// One connection through the relay.
struct Crossing<'a> {
    client: u64,
    weather: &'a Weather,
    segment: usize,
    stop: &'a Stop,
    log: &'a Log<'a>,
}

impl Crossing<'_> {
    fn both_ways(&self, from: &TcpStream, to: &TcpStream) {
        // The weather decides how long octets wait, not Nagle's algorithm.
        from.set_nodelay(true)
            .and_then(|()| to.set_nodelay(true))
            .ok();
        thread::scope(|scope| {
            let there = || self.one_way(from, to, Way::There);
            if thread::Builder::new().spawn_scoped(scope, there).is_ok() {
                self.one_way(to, from, Way::Back);
            }
        });
    }

    /// Relays until the end of the stream, and passes that on too (half-close). If one end breaks,
    /// both connections are closed.
    fn one_way(&self, from: &TcpStream, to: &TcpStream, way: Way) {
        let result = self.pump(from, to, way);
        let how = if result.is_ok() {
            Shutdown::Write
        } else {
            Shutdown::Both
        };
        to.shutdown(how).ok();
        if result.is_err() {
            from.shutdown(Shutdown::Both).ok();
        }
    }

    // ANCHOR: pump
    fn pump(&self, mut from: &TcpStream, mut to: &TcpStream, way: Way) -> Result<(), Trouble> {
        let mut lane = Lane::new(
            Kind::Stream,
            self.weather,
            self.client * 2 + u64::from(way == Way::Back),
        );
        let mut buffer = vec![0; self.segment];
        let mut more = true;
        while more || !lane.is_empty() {
            while let Some(octets) = lane.leave(Instant::now()) {
                to.write_all(&octets).map_err(while_("passing octets on"))?;
            }
            let wait = wait(&lane, self.stop);
            if !more || lane.load() > LOAD {
                thread::sleep(wait);
                continue;
            }
            from.set_read_timeout(Some(wait))
                .map_err(while_("setting a deadline"))?;
            match from.read(&mut buffer) {
                Ok(0) => more = false,
                Ok(length) => self.arrive(&mut lane, way, &buffer[..length]),
                Err(error) if is_timeout(&error) => more = !self.stop.asked(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(while_("reading at the relay")(error)),
            }
        }
        Ok(())
    }
    // ANCHOR_END: pump

    fn arrive(&self, lane: &mut Lane, way: Way, octets: &[u8]) {
        let (number, fate) = lane.arrive(octets, Instant::now());
        let (kind, client, weather) = (Kind::Stream, self.client, self.weather);
        (self.log)(&Event::Crossed {
            kind,
            client,
            way,
            number,
            octets,
            fate,
            weather,
        });
    }
}

/// How long there is nothing to do: until the next octets are due.
fn wait(lane: &Lane, stop: &Stop) -> Duration {
    let idle = if stop.asked() {
        Duration::from_millis(1)
    } else {
        LOOK_UP
    };
    let due = lane.next_due().map_or(idle, |due| due - Instant::now());
    due.min(idle).max(Duration::from_micros(1))
}
