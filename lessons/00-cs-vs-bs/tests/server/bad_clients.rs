//! Clients that do not behave, and what the server keeps in spite of them.

use super::common::{DEADLINE, Server, connect, files, read_all, statuses};
use lesson_00_cs_vs_bs::line::client::ClientError;
use lesson_00_cs_vs_bs::server::{Door, Limits};
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::time::{Duration, Instant};

#[test]
fn an_upload_that_is_cut_off_changes_nothing() {
    let server = Server::plain();
    std::fs::write(server.path("a"), "the old content").unwrap();
    assert_eq!(server.raw(Door::Line, b"PUT 1000 a\n0123456789"), "GO\n");
    let answer = server.raw(
        Door::Http,
        b"PUT /files/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n0123456789",
    );
    assert_eq!(statuses(&answer), [400]);
    let answer = server.raw(
        Door::Http,
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 72\r\n\
          Content-Type: multipart/form-data; boundary=b\r\n\r\n\
          --b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n0123456",
    );
    assert_eq!(statuses(&answer), [400], "{answer}");
    let folder = server.end();
    assert_eq!(
        std::fs::read_to_string(folder.path().join("a")).unwrap(),
        "the old content"
    );
    assert_eq!(files(folder.path()), ["a"]);
}

#[test]
fn octets_after_the_announced_length_are_no_part_of_the_file() {
    let server = Server::plain();
    std::fs::write(server.path("a"), "old").unwrap();
    for surplus in [
        "surplus\nREMOVE a\n",
        "\nREMOVE a\n",
        "ENDEND\n",
        &"x".repeat(600),
    ] {
        let answer = server.raw(Door::Line, format!("PUT 5 a\n12345{surplus}").as_bytes());
        let lines: Vec<_> = answer.lines().collect();
        assert_eq!((lines.len(), lines[0]), (2, "GO"));
        assert!(
            lines[1].starts_with("ERROR protocol more octets"),
            "{answer}"
        );
        assert_eq!(std::fs::read(server.path("a")).unwrap(), b"old");
    }
    let answer = server.raw(
        Door::Http,
        b"PUT /files/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabcsurplus\r\n\r\n",
    );
    assert_eq!(statuses(&answer), [204, 400]);
    assert_eq!(std::fs::read(server.path("a")).unwrap(), b"abc");
}

#[test]
fn the_content_of_a_refused_file_gives_no_orders() {
    let server = Server::start(Some(100), Limits::default());
    std::fs::write(server.path("a"), "x").unwrap();
    for put in ["PUT 9 ../b", "PUT 999 b"] {
        // A client that does not wait for GO.
        let answer = server.raw(Door::Line, format!("{put}\nREMOVE a\nEND\n").as_bytes());
        assert_eq!(answer.lines().count(), 1, "{answer}");
        assert!(answer.starts_with("ERROR "), "{answer}");
    }
    assert_eq!(files(server.folder.path()), ["a"]);
}

#[test]
fn a_form_sent_to_the_line_port_is_not_obeyed() {
    let server = Server::plain();
    std::fs::write(server.path("a"), "x").unwrap();
    for first in [
        "POST / HTTP/1.1",
        "GET / HTTP/1.1",
        "PUT / HTTP/1.0",
        "Host: a",
        "",
    ] {
        let answer = server.raw(Door::Line, format!("{first}\r\n\r\nREMOVE a\n").as_bytes());
        assert!(answer.starts_with("HTTP/1.1 400") || answer.starts_with("ERROR protocol"));
        assert!(!answer.contains("OK"), "{answer}");
    }
    assert_eq!(files(server.folder.path()), ["a"]);
}

#[test]
fn a_second_request_hidden_in_a_body_is_not_obeyed() {
    let server = Server::plain();
    std::fs::write(server.path("a"), "x").unwrap();
    let answer = server.raw(
        Door::Http,
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\
          \r\n0\r\n\r\nDELETE /files/a HTTP/1.1\r\nHost: localhost\r\n\r\n",
    );
    assert_eq!(statuses(&answer), [400]);
    assert_eq!(files(server.folder.path()), ["a"]);
}

#[test]
fn a_change_under_a_condition_is_not_made() {
    let server = Server::plain();
    std::fs::write(server.path("a"), "x").unwrap();
    let mut browser = server.browser();
    for (field, value) in [("If-None-Match", "*"), ("If-Match", "\"v1\"")] {
        for (method, body) in [("PUT", Some(&b"new"[..])), ("DELETE", None)] {
            let answer = browser.request(method, "/files/a", &[(field, value)], body);
            assert_eq!(answer.unwrap().status, 412, "{method} {field}");
        }
        let answer = browser.request("GET", "/files/a", &[(field, value)], None);
        assert_eq!(answer.unwrap().body, b"x");
    }
}

#[test]
fn a_part_of_a_file_does_not_replace_the_whole() {
    let server = Server::plain();
    std::fs::write(server.path("a"), "whole").unwrap();
    let fields = [("Content-Range", "bytes 0-0/5")];
    let answer = server
        .browser()
        .request("PUT", "/files/a", &fields, Some(b"x"));
    assert_eq!(answer.unwrap().status, 400);
    assert_eq!(std::fs::read(server.path("a")).unwrap(), b"whole");
}

#[test]
fn a_form_has_a_bounded_number_of_files() {
    let server = Server::plain();
    let send = |files: usize| {
        let part = |file: usize| {
            format!(
                "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{file}\"\r\n\
                 \r\n\r\n"
            )
        };
        let form = (0..files).map(part).collect::<String>() + "--b--\r\n";
        let fields = [("Content-Type", "multipart/form-data; boundary=b")];
        let answer = server
            .browser()
            .request("POST", "/", &fields, Some(form.as_bytes()));
        answer.unwrap().status
    };
    assert_eq!(send(33), 400);
    assert!(files(server.folder.path()).is_empty());
    assert_eq!(send(32), 303);
    assert_eq!(files(server.folder.path()).len(), 32);
}

#[test]
fn a_form_is_stored_whole_or_not_at_all() {
    let server = Server::start(Some(20), Limits::default());
    std::fs::write(server.path("a"), "old").unwrap();
    let part = |name: &str| {
        format!(
            "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{name}\"\r\n\r\n\
             123456789012345\r\n"
        )
    };
    for (second, status) in [("b", 507), ("a", 400), ("../b", 400)] {
        let form = part("a") + &part(second) + "--b--\r\n";
        let fields = [("Content-Type", "multipart/form-data; boundary=b")];
        let answer = server
            .browser()
            .request("POST", "/", &fields, Some(form.as_bytes()));
        assert_eq!(answer.unwrap().status, status, "{second}");
    }
    assert_eq!(std::fs::read(server.path("a")).unwrap(), b"old");
    assert_eq!(files(server.folder.path()), ["a"]);
}

#[test]
fn a_folder_that_has_gone_is_told_without_its_path() {
    let server = Server::plain();
    std::fs::remove_dir(server.folder.path()).unwrap();
    let put = b"PUT /files/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx";
    let http = server.raw(Door::Http, put);
    assert_eq!(statuses(&http), [500]);
    for answer in [
        http,
        server.raw(Door::Line, b"PUT 1 a\n"),
        server.raw(Door::Line, b"LIST\n"),
    ] {
        assert!(
            answer.contains(if cfg!(windows) {
                "the server's disk failed: "
            } else {
                "the server's disk failed: No such file"
            }),
            "{answer}"
        );
        assert!(
            !answer.contains("os error") && !answer.contains("unfinished"),
            "{answer}"
        );
    }
    // The server lives.
    std::fs::create_dir(server.folder.path()).unwrap();
    server.client().put("a", 1, &mut &b"x"[..]).unwrap();
}

#[test]
fn another_site_cannot_change_anything() {
    let server = Server::plain();
    std::fs::write(server.path("a"), "x").unwrap();
    let mut browser = server.browser();
    for (field, value, status) in [
        ("Origin", "http://evil.example", 403),
        ("Origin", "null", 403),
        ("Sec-Fetch-Site", "cross-site", 403),
        ("Host", "evil.example", 421),
    ] {
        for (method, target) in [("POST", "/remove/a"), ("DELETE", "/files/a")] {
            let answer = browser
                .request(method, target, &[(field, value)], None)
                .unwrap();
            assert_eq!(answer.status, status, "{field}: {value}");
        }
    }
    assert_eq!(files(server.folder.path()), ["a"]);
}

#[test]
fn a_full_disk_is_told_to_a_client_that_is_still_sending() {
    let server = Server::start(Some(1_000_000), Limits::default());
    std::fs::write(server.path("a"), "old").unwrap();
    // Chunked: the server cannot know the length before.
    let mut stream = connect(server.http);
    let head = "PUT /files/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let mut writer = stream.try_clone().unwrap();
    let sender = std::thread::spawn(move || {
        let chunk = [b"10000\r\n".to_vec(), vec![b'x'; 0x10000], b"\r\n".to_vec()].concat();
        for _ in 0..64 {
            if writer.write_all(&chunk).is_err() {
                return;
            }
        }
        let _ = writer.shutdown(Shutdown::Write);
    });
    assert_eq!(statuses(&read_all(&mut stream)), [507]);
    sender.join().unwrap();
    // And through the line protocol, before the first octet.
    let refused = server.client().put("a", 2_000_000, &mut io::repeat(b'x'));
    assert!(matches!(refused, Err(ClientError::Refused(why)) if why.contains("full")));
    let folder = server.end();
    assert_eq!(
        std::fs::read_to_string(folder.path().join("a")).unwrap(),
        "old"
    );
    assert_eq!(files(folder.path()), ["a"]);
}

#[test]
fn silent_clients_do_not_stop_the_others() {
    let limits = Limits {
        connections: 8,
        ..Limits::default()
    };
    let server = Server::start(None, limits);
    let _silent: Vec<_> = (0..7)
        .flat_map(|_| [connect(server.line), connect(server.http)])
        .collect();
    server.client().put("a", 1, &mut &b"x"[..]).unwrap();
    assert!(server.browser().look().unwrap().contains("1 file"));
}

#[test]
fn too_many_clients_are_told_so() {
    let limits = Limits {
        connections: 2,
        ..Limits::default()
    };
    let server = Server::start(None, limits);
    let (mut one, mut two) = (server.client(), server.client());
    assert!(one.list().unwrap().is_empty() && two.list().unwrap().is_empty());
    let mut refused = connect(server.line);
    assert!(read_all(&mut refused).starts_with("ERROR busy"));
    let mut browsers = [server.browser(), server.browser()];
    for browser in &mut browsers {
        browser.look().unwrap();
    }
    assert_eq!(statuses(&read_all(&mut connect(server.http))), [503]);
    assert!(one.list().unwrap().is_empty());
}

#[test]
fn who_is_let_in_finds_a_descriptor_for_a_file() {
    for (descriptors, connections) in [(0, 1), (64, 8), (256, 40), (1024, 168)] {
        assert_eq!(Limits::connections_for(descriptors), connections);
    }
    for connections in [1, 8, 64, 1000] {
        let descriptors = Limits::descriptors_for(connections);
        assert_eq!(Limits::connections_for(descriptors), connections);
        assert!(Limits::connections_for(descriptors - 1) <= connections);
    }
}

#[test]
fn patience_ends() {
    let limits = Limits {
        patience: Duration::from_millis(200),
        ..Limits::default()
    };
    let server = Server::start(None, limits);
    std::fs::write(server.path("a"), "old").unwrap();
    // Quiet between two requests is no fault: closed without a word.
    assert_eq!(read_all(&mut connect(server.http)), "");
    assert!(read_all(&mut connect(server.line)).starts_with("ERROR slow"));
    for (door, octets, expected) in [
        (server.http, "GET / HTTP/1.1\r\nHost: loc", "HTTP/1.1 408"),
        (
            server.http,
            "PUT /files/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n12",
            "HTTP/1.1 408",
        ),
        (server.line, "PUT 9 a\n12", "GO\nERROR slow"),
    ] {
        let mut stream = connect(door);
        stream.write_all(octets.as_bytes()).unwrap();
        let answer = read_all(&mut stream);
        assert!(answer.starts_with(expected), "{answer}");
    }
    // One octet now and then is no escape: the whole head has one deadline.
    let mut drip = connect(server.http);
    drip.set_read_timeout(Some(Duration::from_millis(20)))
        .unwrap();
    let began = Instant::now();
    while began.elapsed() < DEADLINE {
        if drip.write_all(b"G").is_err()
            || !matches!(drip.read(&mut [0; 512]), Err(e) if e.kind() != io::ErrorKind::ConnectionReset)
        {
            break;
        }
    }
    assert!(began.elapsed() < DEADLINE);
    let folder = server.end();
    assert_eq!(
        std::fs::read_to_string(folder.path().join("a")).unwrap(),
        "old"
    );
    assert_eq!(files(folder.path()), ["a"]);
}
