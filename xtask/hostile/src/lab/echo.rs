//! What stands behind a relay: programs that send back what they receive.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// Sends back what it receives, until it is dropped.
pub struct Echo {
    /// Where it is.
    pub at: SocketAddr,
    stop: Arc<AtomicBool>,
    tcp: bool,
}

impl Echo {
    /// Over TCP: a thread for each connection, until the end of its stream.
    ///
    /// # Errors
    /// No port is free.
    pub fn tcp() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let at = listener.local_addr()?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::Acquire) {
                    return;
                }
                // Without a thread the connection closes, as that of any server.
                let _ = thread::Builder::new().spawn(move || send_back(stream));
            }
        });
        Ok(Self {
            at,
            stop,
            tcp: true,
        })
    }

    /// Over UDP.
    ///
    /// # Errors
    /// No port is free.
    pub fn udp() -> io::Result<Self> {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        socket.set_read_timeout(Some(Duration::from_millis(100)))?;
        let at = socket.local_addr()?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        thread::spawn(move || {
            let mut octets = vec![0; usize::from(u16::MAX)];
            while !stopped.load(Ordering::Acquire) {
                if let Ok((length, from)) = socket.recv_from(&mut octets) {
                    // Who has gone gets no answer.
                    let _ = socket.send_to(&octets[..length], from);
                }
            }
        });
        Ok(Self {
            at,
            stop,
            tcp: false,
        })
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if self.tcp {
            // Wakes the thread that waits in `accept`.
            let _ = TcpStream::connect(self.at);
        }
    }
}

fn send_back(mut stream: TcpStream) {
    let mut octets = vec![0; 16 * 1024];
    let _ = stream.set_nodelay(true);
    while let Ok(length @ 1..) = stream.read(&mut octets) {
        if stream.write_all(&octets[..length]).is_err() {
            return;
        }
    }
}
