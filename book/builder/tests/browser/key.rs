//! Who has the key, and who gets it.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::channel;
use std::{iter, thread};

use serde_json::json;

use crate::CHAT;
use crate::driver::{DEADLINE, Setting, with};
use crate::live::{in_scene, says};
use crate::place::{Server, ask, press, until};

#[tokio::test]
async fn a_page_without_the_key_says_where_it_is() {
    with(Setting::default(), async |client| {
        let server = Server::start();
        client.goto(&server.page("04-tcp-chat.html")).await.unwrap();
        press(client, CHAT, "Run it live?").await;
        says(
            client,
            CHAT,
            "Open the whole address, with #key=, that your terminal shows",
        )
        .await;
        let run = in_scene(CHAT, "[data-action=run]");
        assert_eq!(ask(client, &format!("{run}.hidden")).await, json!(true));
    })
    .await;
}

/// Answers a request with nothing, and returns its head.
fn head(mut stream: TcpStream) -> String {
    let mut head = Vec::new();
    let mut octet = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut octet).is_ok() {
        head.push(octet[0]);
    }
    // Whoever has asked nothing is not there any more.
    let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    String::from_utf8(head).unwrap()
}

#[tokio::test]
async fn no_other_server_of_this_machine_is_sent_the_key() {
    with(Setting::default(), async |client| {
        let server = Server::start();
        client.goto(&server.address).await.unwrap();
        let key = server.address.split_once("#key=").unwrap().1;
        assert_eq!(ask(client, "localStorage.getItem('key')").await, json!(key));
        assert_eq!(ask(client, "location.hash").await, json!(""));

        let other = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/", other.local_addr().unwrap());
        let (sender, heads) = channel();
        // A browser may open a connection that it then does not use.
        thread::spawn(move || {
            for stream in other.incoming().map_while(Result::ok) {
                let sender = sender.clone();
                thread::spawn(move || sender.send(head(stream)));
            }
        });
        ask(client, &format!("(location.href = '{address}') && null")).await;
        let begun = |head: &String| !head.is_empty();
        let head = iter::from_fn(|| heads.recv_timeout(DEADLINE).ok()).find(begun);
        let head = head.expect("the browser asks");
        assert!(head.starts_with("GET / HTTP/1.1"), "{head}");
        assert!(
            !head.contains(&key[..16]) && !head.to_lowercase().contains("cookie"),
            "{head}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_key_of_another_start_is_none_and_the_right_one_is_taken_in_an_open_page() {
    with(Setting::default(), async |client| {
        let server = Server::start();
        let page = server.page("04-tcp-chat.html");
        let bar = in_scene(CHAT, "[data-action=run]");
        let wrong = format!("{page}#key={}", "0".repeat(40));
        client.goto(&wrong).await.unwrap();
        until(client, &format!("{bar}.hidden")).await;
        let (_, key) = server.address.split_once('#').unwrap();
        // The same page with another end: the browser loads nothing by itself.
        client.goto(&format!("{page}#{key}")).await.unwrap();
        until(client, &format!("Boolean({bar}) && !{bar}.hidden")).await;
        // A page of an earlier start does not know how the new key begins, and must not throw it away.
        client.goto(&page).await.unwrap();
        ask(client, "localStorage.removeItem('key') || null").await;
        ask(
            client,
            "(document.querySelector('meta[name=live]').dataset.key = '00000000') && null",
        )
        .await;
        client.goto(&format!("{page}#{key}")).await.unwrap();
        let is_new = "document.querySelector('meta[name=live]').dataset.key !== '00000000'";
        until(
            client,
            &format!("{is_new} && Boolean({bar}) && !{bar}.hidden"),
        )
        .await;
        // Whoever sends the reader here with another key does no harm.
        client.goto(&server.page("index.html")).await.unwrap();
        client.goto(&wrong).await.unwrap();
        until(client, &format!("Boolean({bar}) && !{bar}.hidden")).await;
    })
    .await;
}
