//! Conversations over real sockets on loopback. One side is the library, the other the test.
//!
//! Every test has a deadline, and waits for something seen, never for time to pass.

#![expect(clippy::unwrap_used, reason = "a test may end at the first surprise")]

mod program;

use lesson_04_tcp_chat::error::ChatError;
use lesson_04_tcp_chat::incoming::PATIENCE;
use lesson_04_tcp_chat::naive;
use lesson_04_tcp_chat::screen::visible;
use lesson_04_tcp_chat::turns::{Ending, Role};
use program::{How, Program, connection, receive};
use std::io::{Cursor, Read, Write};
use std::net::Shutdown;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

#[test]
fn a_server_listens_answers_and_leaves_at_bye() {
    let (ours, mut peer) = connection();
    let server = Program::server(ours);
    peer.write_all(b"hello").unwrap();
    server.shows("hello\n>>> ");
    server.types("hi");
    assert_eq!(receive(&mut peer, 2), "hi");
    peer.write_all(b"bye").unwrap();
    assert_eq!(server.end().unwrap(), Ending::PeerSaidBye);
    assert_eq!(peer.read(&mut [0]).unwrap(), 0, "no answer to bye");
    assert_eq!(server.shown(), "hello\n>>> ", "bye is not printed");
}

#[test]
fn a_client_speaks_first_and_says_bye() {
    let (ours, mut peer) = connection();
    let client = Program::client(ours);
    client.shows(">>> ");
    client.types("hello");
    assert_eq!(receive(&mut peer, 5), "hello");
    peer.write_all(b"hi").unwrap();
    client.shows("hi\n>>> ");
    client.types("bye");
    assert_eq!(receive(&mut peer, 3), "bye");
    assert_eq!(peer.read(&mut [0]).unwrap(), 0, "nothing after bye");
    drop(peer);
    assert_eq!(client.end().unwrap(), Ending::WeSaidBye);
}

#[test]
fn a_server_may_say_bye_and_the_client_answers_it() {
    let (ours, peer) = connection();
    let server = Program::server(ours);
    let client = Program::client(peer);
    client.shows(">>> ");
    client.types("hello");
    server.shows("hello\n>>> ");
    server.types("bye");
    assert_eq!(server.end().unwrap(), Ending::WeSaidBye);
    assert_eq!(client.end().unwrap(), Ending::PeerSaidBye);
}

#[test]
fn a_long_message_is_one_turn_and_loses_no_character() {
    let (ours, mut peer) = connection();
    let server = Program::server(ours);
    let long = "a你é👋".repeat(700);
    peer.write_all(long.as_bytes()).unwrap();
    server.shows(&format!("{long}\n>>> "));
    assert_eq!(server.shown(), format!("{long}\n>>> "), "one prompt only");
}

#[test]
fn a_message_of_exactly_one_read_ends_its_turn() {
    let (ours, mut peer) = connection();
    let server = Program::server(ours);
    peer.write_all(&[b'x'; 1024]).unwrap();
    server.shows("x\n>>> ");
}

#[test]
fn a_turn_does_not_end_in_the_middle_of_a_character() {
    let (ours, mut peer) = connection();
    let server = Program::server(ours);
    peer.write_all(b"caf\xc3").unwrap();
    server.shows("caf");
    peer.write_all(b"\xa9").unwrap();
    server.shows("café\n>>> ");
    assert_eq!(server.shown(), "café\n>>> ");
}

#[test]
fn a_short_turn_does_not_wait_for_a_silence() {
    let (ours, mut peer) = connection();
    let server = Program::server(ours);
    let begin = Instant::now();
    for turn in 0..50 {
        let said = format!("turn {turn}");
        peer.write_all(said.as_bytes()).unwrap();
        server.shows(&format!("{said}\n>>> "));
        server.types("hi");
        assert_eq!(receive(&mut peer, 2), "hi");
    }
    assert!(begin.elapsed() < 50 * PATIENCE, "{:?}", begin.elapsed());
}

#[test]
fn a_bye_in_pieces_is_a_bye() {
    for pieces in [["b", "ye"], ["by", "e"]] {
        let (ours, mut peer) = connection();
        let server = Program::server(ours);
        for piece in pieces {
            peer.write_all(piece.as_bytes()).unwrap();
        }
        assert_eq!(server.end().unwrap(), Ending::PeerSaidBye);
        assert_eq!(server.shown(), "");
    }
}

#[test]
fn what_only_begins_like_bye_is_shown() {
    for said in ["b", "by", "byebye", "bye\n", "b\u{e9}"] {
        let (ours, mut peer) = connection();
        let server = Program::server(ours);
        peer.write_all(said.as_bytes()).unwrap();
        server.shows(&format!("{}\n>>> ", visible(said)));
    }
    let (ours, mut peer) = connection();
    let server = Program::server(ours);
    peer.write_all(b"by").unwrap();
    drop(peer);
    assert_eq!(server.end().unwrap(), Ending::PeerLeft);
    assert_eq!(server.shown(), "by\n");
}

#[test]
fn a_peer_that_goes_on_and_on_cannot_hold_us() {
    let (ours, mut peer) = connection();
    let server = Program::server(ours);
    peer.write_all(b"hello").unwrap();
    server.shows("hello\n>>> ");
    let (stop, stopped) = channel::<()>();
    let dripping = thread::spawn(move || {
        // An octet every now and then, until the test is over or nobody takes it.
        while stopped.recv_timeout(Duration::from_millis(400)) == Err(RecvTimeoutError::Timeout)
            && peer.write_all(b".").is_ok()
        {}
    });
    server.types("bye");
    assert_eq!(server.end().unwrap(), Ending::WeSaidBye);
    drop(stop);
    dripping.join().unwrap();
}

#[test]
fn a_peer_that_leaves_is_noticed_at_the_prompt() {
    let (ours, mut peer) = connection();
    let server = Program::server(ours);
    peer.write_all(b"hello").unwrap();
    server.shows("hello\n>>> ");
    drop(peer);
    assert_eq!(server.end().unwrap(), Ending::PeerLeft);
}

#[test]
fn a_reset_is_noticed_at_the_prompt() {
    let (ours, mut peer) = connection();
    let server = Program::server(ours);
    peer.write_all(b"hello").unwrap();
    server.shows("hello\n>>> ");
    socket2::SockRef::from(&peer)
        .set_linger(Some(Duration::ZERO))
        .unwrap();
    drop(peer);
    assert!(matches!(server.end(), Err(ChatError::PeerReset)));
}

#[test]
fn an_end_of_stream_in_the_middle_of_a_character_is_shown() {
    let (ours, mut peer) = connection();
    let server = Program::server(ours);
    peer.write_all(b"caf\xc3").unwrap();
    drop(peer);
    assert_eq!(server.end().unwrap(), Ending::PeerLeft);
    assert_eq!(server.shown(), "caf\u{fffd}\n");
}

#[test]
fn what_comes_late_is_shown_before_the_answer_goes_out() {
    let (ours, mut peer) = connection();
    let server = Program::server(ours);
    peer.write_all(b"one").unwrap();
    server.shows("one\n>>> ");
    peer.write_all(b"two").unwrap();
    peer.write_all(b"three").unwrap();
    server.types("hi");
    assert_eq!(receive(&mut peer, 2), "hi");
    assert_eq!(server.shown(), "one\n>>> twothree\n");
}

#[test]
fn two_messages_and_the_end_in_one_read() {
    let (ours, mut peer) = connection();
    let server = Program::server(ours);
    peer.write_all(b"hello").unwrap();
    server.shows("hello\n>>> ");
    peer.write_all(b"see you").unwrap();
    peer.write_all(b"bye").unwrap();
    peer.shutdown(Shutdown::Write).unwrap();
    server.types("hi");
    assert_eq!(server.end().unwrap(), Ending::PeerLeft);
    assert_eq!(
        server.shown(),
        "hello\n>>> see youbye\n(the peer has gone meanwhile: your last line was not sent)\n"
    );
}

#[test]
fn an_empty_line_is_not_sent() {
    let (ours, mut peer) = connection();
    let client = Program::client(ours);
    client.types("");
    client.shows("type something)\n>>> ");
    client.types("hello");
    assert_eq!(receive(&mut peer, 5), "hello");
}

#[test]
fn the_end_of_the_input_says_bye() {
    let (ours, mut peer) = connection();
    let mut client = Program::client(ours);
    client.keyboard = None;
    assert_eq!(receive(&mut peer, 3), "bye");
    drop(peer);
    assert_eq!(client.end().unwrap(), Ending::WeSaidBye);
}

#[test]
fn a_flood_is_counted_and_cut() {
    let (ours, mut peer) = connection();
    let server = Program::start(ours, Role::Server, How::Turns, 10);
    peer.write_all(&vec![b'x'; 300_000]).unwrap();
    drop(peer);
    assert_eq!(server.end().unwrap(), Ending::PeerLeft);
    let note = "(299990 octets more are not shown: --show-at-most is 10)\n";
    assert_eq!(server.shown(), format!("xxxxxxxxxx\n{note}"));
}

#[test]
fn the_naive_client_understands_the_cured_server() {
    let (ours, mut peer) = connection();
    let server = Program::server(ours);
    let naive = thread::spawn(move || {
        let mut screen = Vec::new();
        naive::call(&mut peer, &mut Cursor::new("hello\nbye\n"), &mut screen).unwrap();
        screen
    });
    server.shows("hello\n>>> ");
    server.types("hi");
    assert_eq!(server.end().unwrap(), Ending::PeerSaidBye);
    assert_eq!(naive.join().unwrap(), b">>> hi\n>>> ");
}

#[test]
fn the_naive_server_understands_the_cured_client() {
    let (ours, mut peer) = connection();
    let client = Program::client(ours);
    let naive = thread::spawn(move || {
        let mut screen = Vec::new();
        naive::serve(&mut peer, &mut Cursor::new("hi\n"), &mut screen).unwrap();
        screen
    });
    client.types("hello");
    client.shows("hi\n>>> ");
    client.types("bye");
    assert_eq!(client.end().unwrap(), Ending::WeSaidBye);
    assert_eq!(naive.join().unwrap(), b"hello\n>>> ");
}

#[test]
fn both_may_speak_when_they_like() {
    let (ours, theirs) = connection();
    theirs.set_read_timeout(None).unwrap();
    let server = Program::start(ours, Role::Server, How::AnyTime, 1 << 20);
    let client = Program::start(theirs, Role::Client, How::AnyTime, 1 << 20);
    server.shows(">>> ");
    server.types("I speak first");
    client.shows("I speak first\n>>> ");
    server.types("and again");
    client.shows("and again\n>>> ");
    client.types("and I answer once");
    server.shows("and I answer once\n>>> ");
    server.types("bye");
    assert_eq!(client.end().unwrap(), Ending::PeerSaidBye);
    assert_eq!(server.end().unwrap(), Ending::WeSaidBye);
}

#[test]
fn a_peer_that_leaves_ends_the_talk_at_any_time() {
    let (ours, theirs) = connection();
    let server = Program::start(ours, Role::Server, How::AnyTime, 1 << 20);
    server.shows(">>> ");
    drop(theirs);
    assert_eq!(server.end().unwrap(), Ending::PeerLeft);
}

#[test]
fn two_that_only_send_do_not_block_each_other() {
    let (ours, theirs) = connection();
    theirs.set_read_timeout(None).unwrap();
    let server = Program::start(ours, Role::Server, How::AnyTime, 10);
    let client = Program::start(theirs, Role::Client, How::AnyTime, 10);
    let line = "x".repeat(8_000_000);
    server.types(&line);
    client.types(&line);
    server.types("bye");
    assert!(server.end().is_ok());
    assert!(client.end().is_ok());
}
