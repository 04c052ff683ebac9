//! The UDP relay.

use std::{
    collections::HashMap,
    io,
    net::{SocketAddr, UdpSocket},
    thread,
    time::{Duration, Instant},
};

use super::{CLIENTS, Event, Kind, LOOK_UP, Lane, Log, Way};
use crate::{
    net::{Stop, bind_udp, is_refused, is_timeout},
    trouble::{Trouble, while_},
    weather::Weather,
};

/// What all threads of one relay share.
struct Relay<'a> {
    /// The socket that the clients send to.
    front: &'a UdpSocket,
    target: SocketAddr,
    weather: &'a Weather,
    log: &'a Log<'a>,
}

/// One client, as seen from the relay.
struct Client {
    number: u64,
    /// The socket towards the target. Every client has its own, so that the target sees several
    /// peers, and an answer finds its way back.
    back: UdpSocket,
    lane: Lane,
    last_heard: Instant,
    forgotten: Stop,
}

/// Relays datagrams between `front` and `target` until `stop` is asked; then delivers what is
/// under way and returns. A client that sends nothing for longer than `silence` is forgotten.
///
/// # Errors
/// [`Trouble::System`] if a socket fails for another reason than an unreachable peer.
pub fn run(
    front: &UdpSocket,
    target: SocketAddr,
    weather: &Weather,
    silence: Duration,
    stop: &Stop,
    log: &Log<'_>,
) -> Result<(), Trouble> {
    let relay = Relay {
        front,
        target,
        weather,
        log,
    };
    let mut clients: HashMap<SocketAddr, Client> = HashMap::new();
    // `scope` waits for the threads that bring answers back: none of them outlives the relay.
    thread::scope(|scope| {
        let mut met = 0;
        let mut buffer = vec![0; usize::from(u16::MAX)];
        let result = loop {
            let due = clients
                .values()
                .filter_map(|client| client.lane.next_due())
                .min();
            match receive(front, &mut buffer, due, stop) {
                Ok(Some((length, from))) => {
                    if !clients.contains_key(&from) {
                        met += 1;
                        forget_the_most_silent(&mut clients);
                        match meet(met, target, weather) {
                            Ok((client, answers)) => {
                                let (relay, forgotten) = (&relay, client.forgotten.clone());
                                let back =
                                    move || relay.bring_back(&answers, met, from, &forgotten);
                                // No thread left: this datagram is lost, as without a descriptor.
                                let spawned = thread::Builder::new().spawn_scoped(scope, back);
                                if spawned.is_ok() {
                                    clients.insert(from, client);
                                }
                            }
                            Err(trouble) if clients.is_empty() => break Err(trouble),
                            // No descriptor left, perhaps: this datagram is lost, and the
                            // clients that are known go on.
                            Err(_) => {}
                        }
                    }
                    if let Some(client) = clients.get_mut(&from) {
                        client.last_heard = Instant::now();
                        let octets = &buffer[..length];
                        relay.arrive(&mut client.lane, client.number, Way::There, octets);
                    }
                }
                // Silence. If the relay should end and nothing is under way, it ends.
                Ok(None) if stop.asked() && due.is_none() => break Ok(()),
                Ok(None) => {}
                Err(error) => break Err(while_("receiving at the relay")(error)),
            }
            for client in clients.values_mut() {
                relay.pass_on(client);
            }
            clients.retain(|_, client| {
                let stays = client.last_heard.elapsed() <= silence || !client.lane.is_empty();
                if !stays {
                    client.forgotten.ask();
                }
                stays
            });
        };
        for client in clients.values() {
            client.forgotten.ask();
        }
        result
    })
}

impl Relay<'_> {
    /// A datagram came in: its fate is decided.
    fn arrive(&self, lane: &mut Lane, client: u64, way: Way, octets: &[u8]) {
        let (number, fate) = lane.arrive(octets, Instant::now());
        let kind = Kind::Datagrams;
        let weather = self.weather;
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

    /// Sends what is due to the target.
    fn pass_on(&self, client: &mut Client) {
        let now = Instant::now();
        while let Some(octets) = client.lane.leave(now) {
            if client
                .back
                .send(&octets)
                .is_err_and(|error| is_refused(&error))
            {
                // The error is about an earlier datagram. This one has not been sent yet, so it
                // gets its own chance; if that fails too, it is lost, as datagrams may be.
                (self.log)(&Event::NobodyHome {
                    target: self.target,
                });
                client.back.send(&octets).ok();
            }
        }
    }

    /// Brings the target's answers back to one client, until the client is forgotten.
    fn bring_back(&self, answers: &UdpSocket, client: u64, to: SocketAddr, forgotten: &Stop) {
        let mut lane = Lane::new(Kind::Datagrams, self.weather, client * 2 + 1);
        let mut buffer = vec![0; usize::from(u16::MAX)];
        loop {
            let due = lane.next_due();
            match receive(answers, &mut buffer, due, forgotten) {
                Ok(Some((length, _))) => {
                    self.arrive(&mut lane, client, Way::Back, &buffer[..length]);
                }
                Ok(None) if forgotten.asked() && due.is_none() => return,
                Ok(None) => {}
                Err(error) if is_refused(&error) => {
                    (self.log)(&Event::NobodyHome {
                        target: self.target,
                    });
                }
                // Without this socket there are no answers; the way there goes on.
                Err(_) => return,
            }
            while let Some(octets) = lane.leave(Instant::now()) {
                self.front.send_to(&octets, to).ok();
            }
        }
    }
}

/// Opens the socket for a new client, twice: to send from, and to receive answers on.
fn meet(
    number: u64,
    target: SocketAddr,
    weather: &Weather,
) -> Result<(Client, UdpSocket), Trouble> {
    let mut any = target;
    any.set_port(0);
    any.set_ip(match target {
        SocketAddr::V4(_) => std::net::Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => std::net::Ipv6Addr::UNSPECIFIED.into(),
    });
    let back = bind_udp(any)?;
    let answers = back
        .connect(target)
        .and_then(|()| back.try_clone())
        .map_err(while_("opening a socket towards the target"))?;
    let lane = Lane::new(Kind::Datagrams, weather, number * 2);
    let client = Client {
        number,
        back,
        lane,
        last_heard: Instant::now(),
        forgotten: Stop::default(),
    };
    Ok((client, answers))
}

/// Makes room for one more client.
fn forget_the_most_silent(clients: &mut HashMap<SocketAddr, Client>) {
    if clients.len() < CLIENTS {
        return;
    }
    let silent = clients
        .iter()
        .min_by_key(|(_, client)| client.last_heard)
        .map(|(from, _)| *from);
    if let Some(client) = silent.and_then(|from| clients.remove(&from)) {
        client.forgotten.ask();
    }
}

/// Waits for a datagram until something else is due; `None` if nothing came.
fn receive(
    socket: &UdpSocket,
    buffer: &mut [u8],
    due: Option<Instant>,
    stop: &Stop,
) -> io::Result<Option<(usize, SocketAddr)>> {
    let mut wait = if stop.asked() {
        Duration::from_millis(1)
    } else {
        LOOK_UP
    };
    if let Some(due) = due {
        // A timeout of zero would mean "wait for ever".
        wait = wait.min(due - Instant::now()).max(Duration::from_micros(1));
    }
    socket.set_read_timeout(Some(wait))?;
    match socket.recv_from(buffer) {
        Ok(received) => Ok(Some(received)),
        Err(error) if is_timeout(&error) || error.kind() == io::ErrorKind::Interrupted => Ok(None),
        Err(error) => Err(error),
    }
}
