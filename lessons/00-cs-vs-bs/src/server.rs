//! One server, two doors: it accepts installed clients and browsers, a thread for each connection.

use crate::disk::Disk;
use crate::pace::Paced;
use crate::{http, line};
use std::collections::HashMap;
use std::io::{self, ErrorKind, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// Which protocol a connection speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The line protocol of the installed client: C/S.
    Line,
    /// HTTP, for any browser: B/S.
    Http,
}

/// Is told every request and what became of it. Called from several threads.
pub type Log<'a> = &'a (dyn Fn(Door, &str, &str) + Sync);

/// What a server allows.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections at a time, at each door.
    pub connections: usize,
    /// How long a client may keep a thread waiting.
    pub patience: Duration,
    /// Host names, beside IP addresses and `localhost`, under which browsers may call the server.
    pub hosts: Vec<String>,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            connections: 64,
            patience: Duration::from_secs(10),
            hosts: Vec::new(),
        }
    }
}

impl Limits {
    /// So many connections at each door fit into a process that may have `descriptors` files open.
    ///
    /// Sockets and files share that limit (`ulimit -n`). Who is let in must find a descriptor for the
    /// file that it asks for: better to refuse a newcomer than to fail somebody in the middle.
    pub fn connections_for(descriptors: u64) -> usize {
        let fit = descriptors.saturating_sub(RESERVED) / (2 * DESCRIPTORS);
        usize::try_from(fit).unwrap_or(usize::MAX).max(1)
    }

    /// The other way round: a process with so many connections at each door needs so many.
    pub fn descriptors_for(connections: usize) -> u64 {
        (connections as u64)
            .saturating_mul(2 * DESCRIPTORS)
            .saturating_add(RESERVED)
    }
}

/// For standard input and output, the listening sockets, the connection that is being refused.
const RESERVED: u64 = 16;

/// What one connection needs: its socket, the copy that [`Stop`] keeps, the file.
const DESCRIPTORS: u64 = 3;

// ANCHOR: serve
/// Serves `disk` at both doors until `stop` is told to. When it returns, every connection is
/// closed, every thread has ended, and unfinished uploads are gone.
///
/// # Errors
/// When a listening socket cannot be used.
pub fn serve(
    doors: &[(Door, TcpListener); 2],
    disk: &Disk,
    limits: &Limits,
    stop: &Stop,
    log: Log<'_>,
) -> io::Result<()> {
    for (_, listener) in doors {
        stop.open.lock_up().endpoints.push(listener.local_addr()?);
    }
    if stop.requested() {
        return Ok(());
    }
    // A scope ends when all its threads have ended, so none can outlive the disk.
    thread::scope(|scope| {
        for (door, listener) in doors {
            scope.spawn(move || accept(scope, *door, listener, disk, limits, stop, log));
        }
    });
    Ok(())
}
// ANCHOR_END: serve

/// Accepts connections at one door.
fn accept<'scope>(
    scope: &'scope thread::Scope<'scope, '_>,
    door: Door,
    listener: &TcpListener,
    disk: &'scope Disk,
    limits: &'scope Limits,
    stop: &'scope Stop,
    log: Log<'scope>,
) {
    let slots = Arc::new(());
    loop {
        let accepted = listener.accept();
        if stop.requested() {
            return;
        }
        let Ok((mut stream, _)) = accepted else {
            // Most likely the process has no file descriptor left (EMFILE): the connection stays
            // in the backlog and `accept` would fail again at once, at full speed. Wait a moment
            // for a connection to end.
            thread::sleep(Duration::from_millis(50));
            continue;
        };
        // The accept loop owns one of these; every connection holds another.
        if Arc::strong_count(&slots) > limits.connections {
            log(door, "connection", "refused: too many at once");
            let _ = stream.set_write_timeout(Some(Duration::from_millis(100)));
            let _ = stream.write_all(busy(door).as_bytes());
            continue;
        }
        let slot = Arc::clone(&slots);
        let Some(guard) = stop.register(&stream) else {
            continue;
        };
        // When no thread can be had, the closure is dropped and the connection closes with it.
        let _ = thread::Builder::new().spawn_scoped(scope, move || {
            // The slot is free before the last handle of the socket closes: a client that sees the
            // end of the stream can count on the free slot.
            let _held = (slot, guard);
            // An error here means that the client has gone: there is nobody to tell.
            if let Ok(paced) = Paced::new(stream, limits.patience) {
                let _ = match door {
                    Door::Line => line::server::converse(paced, disk, log),
                    Door::Http => http::converse(paced, disk, &limits.hosts, log),
                };
            }
        });
    }
}

fn busy(door: Door) -> &'static str {
    match door {
        Door::Line => "ERROR busy too many clients at once: try again in a moment\n",
        Door::Http => {
            "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 0\r\n\
             Connection: close\r\n\r\n"
        }
    }
}

/// The way to stop a server from another thread. Clones stop the same server.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    requested: Arc<AtomicBool>,
    open: Arc<Mutex<Open>>,
}

#[derive(Debug, Default)]
struct Open {
    endpoints: Vec<SocketAddr>,
    connections: HashMap<u64, TcpStream>,
    next: u64,
}

impl Stop {
    /// Whether somebody asked the server to stop.
    pub fn requested(&self) -> bool {
        self.requested.load(Ordering::SeqCst)
    }

    /// Asks the server to stop: no new connection, and an end to every one there is.
    pub fn request(&self) {
        self.requested.store(true, Ordering::SeqCst);
        let open = self.open.lock_up();
        for stream in open.connections.values() {
            // The thread that waits in `read` on this connection gets an end of stream.
            let _ = stream.shutdown(Shutdown::Both);
        }
        let endpoints = open.endpoints.clone();
        drop(open);
        endpoints.into_iter().for_each(wake);
    }

    /// Remembers a connection, so that [`Stop::request`] can end it. `None`: the server stops, or
    /// no file descriptor is left.
    fn register(&self, stream: &TcpStream) -> Option<Registered> {
        let stream = stream.try_clone().ok()?;
        let mut open = self.open.lock_up();
        // Asked under the lock: a connection is either seen by `request` or refused here.
        if self.requested() {
            return None;
        }
        let id = open.next;
        open.next += 1;
        open.connections.insert(id, stream);
        Some(Registered {
            stop: self.clone(),
            id,
        })
    }
}

/// Wakes a thread that waits in `accept`: only a connection can.
fn wake(endpoint: SocketAddr) {
    for _ in 0..100 {
        match TcpStream::connect_timeout(&reachable(endpoint), Duration::from_secs(1)) {
            Ok(_) => return,
            // Nobody waits there any more, or so many connections do that nobody needs waking.
            Err(e) if matches!(e.kind(), ErrorKind::ConnectionRefused | ErrorKind::TimedOut) => {
                return;
            }
            // No file descriptor may be left. The connections that end now give theirs back.
            Err(_) => thread::sleep(Duration::from_millis(10)),
        }
    }
}

/// A remembered connection; dropping it forgets the connection.
struct Registered {
    stop: Stop,
    id: u64,
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.stop.open.lock_up().connections.remove(&self.id);
    }
}

/// Where a server is reached from this machine, also when it listens on every interface: 0.0.0.0
/// and `::` are addresses to bind, not destinations (RFC 1122 §3.2.1.3).
pub fn reachable(mut endpoint: SocketAddr) -> SocketAddr {
    match endpoint.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => endpoint.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => endpoint.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    endpoint
}

/// Locks a mutex whose data stay right even when a thread has panicked with it.
trait LockUp<T> {
    fn lock_up(&self) -> MutexGuard<'_, T>;
}

impl<T> LockUp<T> for Mutex<T> {
    fn lock_up(&self) -> MutexGuard<'_, T> {
        self.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
