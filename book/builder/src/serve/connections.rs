//! Connections: how many there may be, and how long somebody may take to ask.
//!
//! Each takes one of the files that this process may have open. Without a bound, one machine of a class
//! could take them all, and no scene could be played either.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;

/// More are of no use to any class.
const MOST: usize = 512;
/// The system may have too many open files for another connection; later perhaps not.
const BREATH: Duration = Duration::from_millis(100);

/// The other end of the connection that a request comes by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub SocketAddr);

/// What connections may take.
#[derive(Debug, Clone, Copy)]
pub struct Crowd {
    /// Connections at once. More are closed.
    pub all: usize,
    /// Of these from one other machine. (This machine's own reader may have all.)
    pub each: usize,
    /// Until the head of a request is complete, from the moment when it could begin.
    pub patience: Duration,
}

impl Default for Crowd {
    fn default() -> Self {
        let all = MOST.min(files() / 2);
        Self {
            all,
            // A browser has six for a host; several readers may share an address.
            each: all / 4,
            patience: Duration::from_secs(15),
        }
    }
}

/// How many files this process may have open.
fn files() -> usize {
    #[cfg(unix)]
    let most = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    #[cfg(not(unix))]
    let most: Option<u64> = None;
    most.and_then(|most| usize::try_from(most).ok())
        .unwrap_or(usize::MAX)
}

/// Answers whoever connects, until this is dropped.
pub(super) async fn answer(listener: TcpListener, router: Router, crowd: Crowd) -> Infallible {
    let places = Places::new(crowd);
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            tokio::time::sleep(BREATH).await;
            continue;
        };
        let Some(place) = places.take(peer.ip()) else {
            continue;
        };
        let service = TowerToHyperService::new(router.clone().layer(Extension(Peer(peer))));
        tokio::spawn(async move {
            // A run's connection is no longer counted here: it has limits of its own.
            let _place = place;
            // Whoever breaks off, or is too slow, needs no answer.
            let _ = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(crowd.patience)
                .serve_connection(TokioIo::new(stream), service)
                .with_upgrades()
                .await;
        });
    }
}

/// Who has how many connections.
struct Places {
    crowd: Crowd,
    taken: Mutex<HashMap<IpAddr, usize>>,
}

impl Places {
    fn new(crowd: Crowd) -> Arc<Self> {
        Arc::new(Self {
            crowd,
            taken: Mutex::default(),
        })
    }

    /// A place for one more connection, if there is one.
    fn take(self: &Arc<Self>, peer: IpAddr) -> Option<Place> {
        let peer = peer.to_canonical();
        let most = if peer.is_loopback() {
            self.crowd.all
        } else {
            self.crowd.each
        };
        let mut taken = self.taken();
        let all: usize = taken.values().sum();
        if all >= self.crowd.all || taken.get(&peer).is_some_and(|own| *own >= most) {
            return None;
        }
        *taken.entry(peer).or_default() += 1;
        Some(Place {
            places: Arc::clone(self),
            peer,
        })
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts a connection for as long as it is there.
struct Place {
    places: Arc<Places>,
    peer: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        if let Some(own) = taken.get_mut(&self.peer) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.peer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{SocketAddr, TcpStream};
    use std::time::Instant;

    use super::*;

    const DEADLINE: Duration = Duration::from_secs(30);

    #[test]
    fn one_machine_cannot_take_the_places_of_the_others() {
        let places = Places::new(Crowd {
            all: 5,
            each: 2,
            patience: DEADLINE,
        });
        let [greedy, mapped, other] = ["192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1"]
            .map(|ip| ip.parse::<IpAddr>().unwrap());
        let first = places.take(greedy).unwrap();
        let _second = places.take(mapped).unwrap();
        assert!(places.take(greedy).is_none() && places.take(mapped).is_none());
        let _other = places.take(other).unwrap();
        drop(first);
        let _again = places.take(greedy).unwrap();
        // This machine may have what is left, and no more.
        let own = ["127.0.0.1", "::1"].map(|ip| places.take(ip.parse().unwrap()));
        assert!(own.iter().all(Option::is_some));
        assert!(places.take("127.0.0.1".parse().unwrap()).is_none());
        drop(own);
        assert_eq!(places.taken().len(), 2, "who is gone is forgotten");
    }

    /// Answers `hello` to a request, in a thread of its own until the test's process ends.
    fn start(crowd: Crowd) -> SocketAddr {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let addr = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                let router = Router::new().fallback(|| async { "hello" });
                answer(TcpListener::from_std(listener).unwrap(), router, crowd).await
            })
        });
        addr
    }

    /// Sends the beginning of a request, and what comes back until the server closes.
    fn send(addr: SocketAddr, text: &str) -> String {
        let mut stream = TcpStream::connect(addr).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        let mut answer = Vec::new();
        // A server that has closed already resets.
        if stream.write_all(text.as_bytes()).is_ok() {
            let begun = Instant::now();
            let _ = stream.read_to_end(&mut answer);
            assert!(begun.elapsed() < DEADLINE, "the connection stays open");
        }
        String::from_utf8_lossy(&answer).into_owned()
    }

    const ASK: &str = "GET / HTTP/1.1\r\nHost: x\r\n";

    #[test]
    fn whoever_does_not_finish_a_request_is_let_go() {
        let addr = start(Crowd {
            patience: Duration::from_millis(100),
            ..Crowd::default()
        });
        for begun in ["", "G", ASK] {
            let answer = send(addr, begun);
            assert!(!answer.contains("hello"), "{answer}");
        }
        // Also after a first request.
        let answer = send(addr, &format!("{ASK}\r\nGET"));
        assert!(answer.contains("hello"), "{answer}");
    }

    #[test]
    fn more_connections_than_places_are_closed_and_the_places_come_back() {
        let addr = start(Crowd {
            all: 2,
            each: 1,
            patience: DEADLINE * 2,
        });
        let asks = format!("{ASK}Connection: close\r\n\r\n");
        let idle: Vec<TcpStream> = (0..2).map(|_| TcpStream::connect(addr).unwrap()).collect();
        assert_eq!(send(addr, &asks), "");
        drop(idle);
        let begun = Instant::now();
        while !send(addr, &asks).contains("hello") {
            assert!(begun.elapsed() < DEADLINE, "no place is free");
        }
    }
}
