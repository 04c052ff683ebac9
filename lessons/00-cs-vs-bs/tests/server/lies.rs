//! Servers that lie, and what the clients make of it.

use super::common::DEADLINE;
use lesson_00_cs_vs_bs::browser::{Answer, Browser};
use lesson_00_cs_vs_bs::line::client::{ClientError, LineClient};
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread::JoinHandle;

/// A server for one connection: waits for a request, sends `octets`, closes.
pub fn liar(octets: Vec<u8>) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let end = listener.local_addr().unwrap();
    let thread = std::thread::spawn(move || {
        let mut stream = listener.accept().unwrap().0;
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        let _ = stream.read(&mut [0; 1024]).unwrap();
        // A client that has seen enough may close before all is sent.
        let _ = stream.write_all(&octets);
    });
    (end, thread)
}

fn browse(octets: &[u8]) -> io::Result<Answer> {
    let (end, thread) = liar(octets.to_vec());
    let answer = Browser::connect(end)?.request("GET", "/", &[], None);
    thread.join().unwrap();
    answer
}

#[test]
fn a_hundred_thousand_times_go_on_costs_no_stack() {
    let mut octets = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(100_000);
    octets.extend(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    assert_eq!(browse(&octets).unwrap().body, b"hi");
}

#[test]
fn a_body_ends_where_its_head_says() {
    let body = |head: &str| {
        let answer = browse(format!("HTTP/1.1 {head}\r\n\r\nhello").as_bytes());
        answer
            .map(|answer| answer.body)
            .map_err(|error| error.kind())
    };
    assert_eq!(body("200 OK\r\nContent-Length: 4").unwrap(), b"hell");
    assert_eq!(body("200 OK").unwrap(), b"hello");
    assert_eq!(body("204 No Content").unwrap(), b"");
    for lie in [
        "200 OK\r\nContent-Length: 6",
        "200 OK\r\nContent-Length: 99999999999",
        "200 OK\r\nContent-Length: -1",
        "200 OK\r\nContent-Length: +5",
        "200 OK\r\nTransfer-Encoding: chunked",
        "OK",
    ] {
        assert_eq!(body(lie), Err(io::ErrorKind::InvalidData), "{lie}");
    }
}

#[test]
fn what_a_server_says_is_no_order_to_the_terminal() {
    for octets in [
        "ERROR x \u{1b}[2J\u{202e}evil\n",
        "OK \u{1b}[2J\u{61c}\n",
        "\u{1b}[2J\u{2028}\n",
    ] {
        let (end, thread) = liar(octets.into());
        let error = LineClient::connect(end).unwrap().list().unwrap_err();
        thread.join().unwrap();
        assert_eq!(
            error
                .to_string()
                .find(lesson_00_cs_vs_bs::terminal::is_order),
            None,
            "{error:?}"
        );
    }
    let (end, thread) = liar("OK 1\n9 a\u{61c}b\n".into());
    let error = LineClient::connect(end).unwrap().list().unwrap_err();
    thread.join().unwrap();
    assert!(matches!(error, ClientError::Nonsense(_)));
}

#[test]
fn an_answer_to_another_question_is_none() {
    type Ask = fn(&mut LineClient) -> Result<(), ClientError>;
    let put: Ask = |client| client.put("a", 3, &mut &b"abc"[..]).map(|_| ());
    let get: Ask = |client| client.get("a", &mut io::sink()).map(|_| ());
    let lies: [(Ask, &str, &str); 6] = [
        (|client| client.list().map(|_| ()), "GO\n", "GO"),
        (get, "OK removed\n", "OK removed"),
        (put, "OK GO\n", "OK GO"),
        (put, "GO\nOK removed\n", "OK removed"),
        (|client| client.remove("a"), "OK 1\n", "OK 1"),
        (|client| client.remove("a"), "GO\n", "GO"),
    ];
    for (ask, lie, told) in lies {
        let (end, thread) = liar(lie.into());
        let result = ask(&mut LineClient::connect(end).unwrap());
        thread.join().unwrap();
        assert!(
            matches!(&result, Err(ClientError::Nonsense(line)) if line == told),
            "{lie:?}: {result:?}"
        );
    }
}
