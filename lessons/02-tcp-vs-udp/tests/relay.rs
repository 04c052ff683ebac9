//! The relay between real sockets: both ways, several clients, nobody home, half-close.

use std::{
    io::{Read, Write},
    net::Shutdown,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use lesson_02_tcp_vs_udp::{
    net::{Lab, Stop, local, local_udp},
    relay::{Event, Log, Running, SEGMENT, run_udp},
    weather::Weather,
};

/// A log that keeps every line.
fn diary() -> (Arc<Mutex<Vec<String>>>, Arc<Log<'static>>) {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let log = {
        let lines = Arc::clone(&lines);
        Arc::new(move |event: &Event<'_>| {
            if let Ok(mut lines) = lines.lock() {
                lines.push(event.to_string());
            }
        })
    };
    (lines, log)
}

fn silent() -> Arc<Log<'static>> {
    Arc::new(|_| {})
}

#[test]
fn answers_find_their_way_back_to_each_of_two_clients() {
    let lab = Lab::default();
    let server = lab.udp().unwrap();
    let target = local_udp(&server).unwrap();
    let relay = Running::udp(lab.udp().unwrap(), target, Weather::default(), silent()).unwrap();
    let clients = [lab.udp().unwrap(), lab.udp().unwrap()];
    for (client, name) in clients.iter().zip([b"a", b"b"]) {
        client.send_to(name, relay.endpoint()).unwrap();
    }
    let mut peers = Vec::new();
    for _ in 0..2 {
        let mut name = [0; 1];
        let (_, from) = server.recv_from(&mut name).unwrap();
        server.send_to(&name.to_ascii_uppercase(), from).unwrap();
        peers.push(from);
    }
    assert_ne!(
        peers[0], peers[1],
        "the target must be able to tell the clients apart"
    );
    for (client, name) in clients.iter().zip([b"A", b"B"]) {
        let mut answer = [0; 1];
        let (_, from) = client.recv_from(&mut answer).unwrap();
        assert_eq!((&answer, from), (name, relay.endpoint()));
    }
    relay.stop().unwrap();
}

#[test]
fn a_udp_relay_tells_when_nobody_is_home_and_goes_on() {
    let lab = Lab::default();
    // Held by a socket that hears only itself: nobody else gets this port meanwhile.
    let holder = lab.udp().unwrap();
    let target = local_udp(&holder).unwrap();
    holder.connect(target).unwrap();
    let (lines, log) = diary();
    let relay = Running::udp(lab.udp().unwrap(), target, Weather::default(), log).unwrap();
    let client = lab.udp().unwrap();
    client.send_to(b"one", relay.endpoint()).unwrap();
    let start = Instant::now();
    while lines.lock().unwrap().len() < 2 {
        assert!(
            start.elapsed() < lab.patience,
            "{:?}",
            lines.lock().unwrap()
        );
        thread::yield_now();
    }
    relay.stop().unwrap();
    let lines = lines.lock().unwrap();
    assert_eq!(lines[0], "-> client 1, datagram 1 \"one\": passed");
    assert_eq!(lines[1], format!("nobody has {target} open"));
}

#[test]
fn delay_is_paid_in_both_directions() {
    let lab = Lab::default();
    let server = lab.udp().unwrap();
    let weather = Weather {
        delay: Duration::from_millis(30),
        ..Weather::default()
    };
    let target = local_udp(&server).unwrap();
    let relay = Running::udp(lab.udp().unwrap(), target, weather, silent()).unwrap();
    let client = lab.udp().unwrap();
    let start = Instant::now();
    client.send_to(b"ping", relay.endpoint()).unwrap();
    let (_, from) = server.recv_from(&mut [0; 8]).unwrap();
    server.send_to(b"pong", from).unwrap();
    client.recv_from(&mut [0; 8]).unwrap();
    assert!(start.elapsed() >= weather.delay * 2);
    relay.stop().unwrap();
}

#[test]
fn every_octet_of_a_stream_survives_a_storm_and_a_half_close() {
    let lab = Lab::default();
    let target = lab.listener().unwrap();
    let weather = Weather {
        seed: 3,
        drop: 2,
        duplicate: 20,
        reorder: 2,
        ..Weather::default()
    };
    let to = local(&target).unwrap();
    let relay = Running::tcp(lab.listener().unwrap(), to, weather, SEGMENT, silent()).unwrap();
    let question: Vec<u8> = (0..=250).cycle().take(100_000).collect();
    thread::scope(|scope| {
        let server = scope.spawn(|| {
            let mut stream = lab.accept(&target).unwrap();
            let mut heard = Vec::new();
            stream.read_to_end(&mut heard).unwrap();
            stream.write_all(b"thank you").unwrap();
            heard
        });
        let mut client = lab.connect(relay.endpoint()).unwrap();
        client.write_all(&question).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        assert_eq!(answer, "thank you");
        assert!(
            server.join().unwrap() == question,
            "the octets changed on the way"
        );
    });
    relay.stop().unwrap();
}

#[test]
fn a_tcp_relay_closes_when_nobody_is_home() {
    let lab = Lab::default();
    // The listening socket is closed again at once: nobody is there.
    let target = local(&lab.listener().unwrap()).unwrap();
    let (lines, log) = diary();
    let relay = Running::tcp(
        lab.listener().unwrap(),
        target,
        Weather::default(),
        SEGMENT,
        log,
    )
    .unwrap();
    let mut client = lab.connect(relay.endpoint()).unwrap();
    // "Connected", but only to the relay: the stream ends before it began.
    assert_eq!(client.read(&mut [0; 8]).unwrap(), 0);
    relay.stop().unwrap();
    let lines = lines.lock().unwrap();
    assert!(
        lines.contains(&format!("nobody has {target} open")),
        "{lines:?}"
    );
}

#[test]
fn a_broken_connection_ends_only_itself() {
    let lab = Lab::default();
    let target = lab.listener().unwrap();
    let to = local(&target).unwrap();
    let relay = Running::tcp(
        lab.listener().unwrap(),
        to,
        Weather::default(),
        SEGMENT,
        silent(),
    )
    .unwrap();
    for round in 0..3 {
        let mut client = lab.connect(relay.endpoint()).unwrap();
        let mut server = lab.accept(&target).unwrap();
        client.write_all(b"x").unwrap();
        server.read_exact(&mut [0; 1]).unwrap();
        if round < 2 {
            // Closing with unread octets resets the connection.
            client.write_all(b"unread").unwrap();
            drop(server);
            assert!(matches!(client.read(&mut [0; 8]), Ok(0) | Err(_)));
        } else {
            server.write_all(b"still here").unwrap();
            client.read_exact(&mut [0; 10]).unwrap();
        }
    }
    relay.stop().unwrap();
}

#[test]
fn one_client_too_many_is_refused_and_the_others_go_on() {
    let lab = Lab::default();
    let target = lab.listener().unwrap();
    let at = local(&target).unwrap();
    thread::spawn(move || {
        for stream in target.incoming().flatten() {
            thread::spawn(move || std::io::copy(&mut &stream, &mut &stream));
        }
    });
    let (lines, log) = diary();
    let relay = Running::tcp(
        lab.listener().unwrap(),
        at,
        Weather::default(),
        SEGMENT,
        log,
    )
    .unwrap();
    let ask = |mut stream: &std::net::TcpStream| {
        stream
            .write_all(b"?")
            .and_then(|()| stream.read_exact(&mut [0; 1]))
    };
    let mut inside: Vec<_> = (0..64)
        .map(|_| lab.connect(relay.endpoint()).unwrap())
        .collect();
    for client in &inside {
        ask(client).unwrap();
    }
    assert!(ask(&lab.connect(relay.endpoint()).unwrap()).is_err());
    ask(&inside[0]).unwrap();
    let refused = "a client was refused: 64 at a time are the most".to_owned();
    assert!(lines.lock().unwrap().contains(&refused));
    // Whoever leaves makes room.
    drop(inside.pop());
    let start = Instant::now();
    while ask(&lab.connect(relay.endpoint()).unwrap()).is_err() {
        assert!(start.elapsed() < lab.patience);
    }
    drop(inside);
    relay.stop().unwrap();
}

#[test]
fn a_udp_client_that_says_nothing_more_is_forgotten() {
    let lab = Lab::default();
    let server = lab.udp().unwrap();
    let (front, target) = (lab.udp().unwrap(), local_udp(&server).unwrap());
    let relay = local_udp(&front).unwrap();
    let stop = Stop::default();
    thread::scope(|scope| {
        let running = scope.spawn(|| {
            let silence = Duration::ZERO;
            run_udp(&front, target, &Weather::default(), silence, &stop, &|_| {})
        });
        let client = lab.udp().unwrap();
        let seen_from = || {
            client.send_to(b"?", relay).unwrap();
            server.recv_from(&mut [0; 8]).unwrap().1
        };
        // A client that the relay has forgotten comes back through another socket.
        let (first, start) = (seen_from(), Instant::now());
        while seen_from() == first {
            assert!(start.elapsed() < lab.patience);
        }
        stop.ask();
        running.join().unwrap().unwrap();
    });
}
