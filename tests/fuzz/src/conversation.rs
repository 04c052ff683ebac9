//! Conversations with the net disk of lesson 00, in memory and over loopback.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use lesson_00_cs_vs_bs::disk::{Disk, total};
use lesson_00_cs_vs_bs::pace::Paced;
use tempfile::TempDir;

/// A net disk whose folder has a neighbour that nobody may touch.
pub struct Desk {
    above: &'static TempDir,
    disk: Disk,
    capacity: u64,
}

const SECRET: &str = "nobody may read or change this";

static ABOVE: LazyLock<TempDir> = LazyLock::new(|| {
    let above = TempDir::new().expect("a folder for temporary files");
    fs::create_dir(above.path().join("disk")).expect("a folder");
    fs::write(above.path().join("secret.txt"), SECRET).expect("a file");
    above
});

impl Desk {
    /// An empty disk for `capacity` octets.
    ///
    /// # Panics
    /// When the system gives no folder.
    pub fn empty(capacity: u64) -> Self {
        let folder = ABOVE.path().join("disk");
        for entry in fs::read_dir(&folder).expect("a folder").flatten() {
            fs::remove_file(entry.path()).expect("files only");
        }
        let disk = Disk::open(&folder, Some(capacity)).expect("a folder");
        Self {
            above: &ABOVE,
            disk,
            capacity,
        }
    }

    /// The disk.
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// After a conversation: no more than fits, no unfinished upload, nothing outside.
    ///
    /// # Panics
    /// When it is not so.
    pub fn check(&self) {
        let entries = self.disk.list().expect("a folder");
        assert!(total(&entries) <= self.capacity, "{entries:?}");
        let files = fs::read_dir(self.disk.folder()).expect("a folder").count();
        assert_eq!(files, entries.len(), "an unfinished upload stays");
        let beside = fs::read_dir(self.above.path()).expect("a folder").count();
        assert_eq!(beside, 2, "something was made outside of the disk");
        let secret = fs::read_to_string(self.above.path().join("secret.txt")).expect("a file");
        assert_eq!(secret, SECRET);
    }
}

// Every call asks at the same port: the system would soon have no other.
static LISTENER: LazyLock<TcpListener> =
    LazyLock::new(|| TcpListener::bind("127.0.0.1:0").expect("loopback"));

/// Lets a client ask at this address, where a server says `said` to whoever comes first, and nothing more.
///
/// # Panics
/// When loopback does not work, or the client does not come.
pub fn ask<T>(said: &[u8], client: impl FnOnce(SocketAddr) -> T) -> T {
    let at = LISTENER.local_addr().expect("bound");
    thread::scope(|scope| {
        let server = scope.spawn(|| {
            let (mut stream, _) = LISTENER.accept().expect("loopback");
            // A client that has seen enough may close before all is sent.
            let _ = stream.write_all(said);
            let _ = stream.shutdown(Shutdown::Write);
            stream
        });
        let asked = client(at);
        // Thousands of connections a second: none may wait in TIME_WAIT.
        let stream = socket2::Socket::from(server.join().expect("a server"));
        let _ = stream.set_linger(Some(Duration::ZERO));
        asked
    })
}

/// Sends `said`, ends the sending direction, lets `server` talk, and returns what it said.
///
/// # Panics
/// When loopback does not work.
pub fn talk(said: &[u8], server: impl FnOnce(Paced)) -> Vec<u8> {
    let at = LISTENER.local_addr().expect("bound");
    let mut client = TcpStream::connect(at).expect("loopback");
    let (accepted, _) = LISTENER.accept().expect("loopback");
    // All of it fits into the socket's buffer, so one thread can play both ends.
    client
        .write_all(&said[..said.len().min(32 * 1024)])
        .expect("room in the buffer");
    client.shutdown(Shutdown::Write).expect("connected");
    server(Paced::new(accepted, Duration::from_secs(5)).expect("a socket"));
    let mut answer = Vec::new();
    // A reset in the place of an end would lose what the server said last.
    client
        .read_to_end(&mut answer)
        .expect("the server closes in order");
    // Thousands of connections a second: none may wait in TIME_WAIT.
    let client = socket2::Socket::from(client);
    client
        .set_linger(Some(Duration::ZERO))
        .expect("a socket option");
    answer
}
