//! The book as a browser gets it from `book serve`.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use book::serve::{self, Pages, Server};
use tokio::sync::oneshot;

use crate::fixture::Repository;

/// Asks for a path, exactly as it is written, and returns the whole answer.
fn get(server: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(server).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn pages_are_served_until_the_reader_has_had_enough() {
    let repository = Repository::faultless();
    let listener = serve::bind("127.0.0.1".parse().unwrap(), 0).unwrap();
    let address = listener.local_addr().unwrap();
    let pages = Arc::new(Pages::build(&repository.layout()).unwrap());
    let server = Server::new(listener, pages, Arc::default(), None).unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let running = std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(server.run(async move {
            let _ = stopped.await;
        }))
    });
    let server = address;

    let home = get(server, "/");
    assert!(home.starts_with("HTTP/1.1 200"), "{home}");
    assert!(
        home.contains("content-security-policy: default-src 'self';"),
        "{home}"
    );
    assert!(home.contains("Layer by Layer"));
    assert!(get(server, "/04-tcp-chat.html").contains("Taking turns"));

    let missing = get(server, "/no-such-page.html");
    assert!(missing.starts_with("HTTP/1.1 404"), "{missing}");
    assert!(missing.contains("Document not found"), "{missing}");
    // What lies beside the pages stays there.
    for path in [
        "/../book/book.toml",
        "/%2e%2e/book/book.toml",
        "//etc/passwd",
        "/..%2fbook%2fbook.toml",
    ] {
        let answer = get(server, path);
        assert!(answer.starts_with("HTTP/1.1 4"), "{path}: {answer}");
    }

    // A connection that nobody closes does not hold the end up.
    let _idle = TcpStream::connect(server).unwrap();
    stop.send(()).unwrap();
    running.join().unwrap().unwrap();
    assert!(TcpStream::connect(server).is_err());
}
