use std::path::Path;

use super::*;

/// The figure of this record, with one element a line.
fn drawn(wire: &str) -> String {
    drawn_for("wire 8080", wire)
}

/// The figure of a scene with this `wire` line.
fn drawn_for(line: &str, wire: &str) -> String {
    let text = format!("# What `read` shows.\nport 8080 9001\n{line}\na $ ls\n");
    let scene = Scene::parse("04-tcp-chat/turns", Path::new("turns.scene"), &text).unwrap();
    let transcript = Transcript::parse(&format!("== wire\n{wire}")).unwrap();
    let figure = figure(&scene, &transcript).unwrap();
    assert!(!figure.contains('\n'), "a blank line would end the figure");
    figure.replace("><", ">\n<")
}

#[test]
fn one_connection_and_both_ends_of_its_stream() {
    insta::assert_snapshot!(drawn(
        "client -> server: connects\n\
         client -> server: 1 octets \"a\"\n\
         client -> server: end of stream\n\
         server -> client: 2 octets \"ok\"\n\
         server -> client: end of stream\n"
    ));
}

#[test]
fn two_clients() {
    insta::assert_snapshot!(drawn(
        "one -> server: connects\n\
         two -> server: connects\n\
         two -> server: 3 octets \"hi\\n\"\n\
         server -> one: 9 octets \"two: hi\\n\"\n"
    ));
}

#[test]
fn a_reset() {
    insta::assert_snapshot!(drawn(
        "client -> server: connects\nclient -> server: reset\n"
    ));
}

#[test]
fn datagrams_of_which_one_is_lost_and_one_is_empty() {
    insta::assert_snapshot!(drawn_for(
        "wire 8080/udp 9001/udp",
        "sender -> relay: datagram of 3 octets \"one\"\n\
         relay -> receiver: datagram of 3 octets \"one\"\n\
         sender -> relay: datagram of 3 octets \"two\", lost there\n\
         sender -> relay: datagram of 0 octets \"\"\n\
         relay -> receiver: datagram of 0 octets \"\"\n\
         receiver -> relay: datagram of 0 octets \"\", lost there\n"
    ));
}

#[test]
fn a_port_that_nobody_has_open() {
    insta::assert_snapshot!(drawn(
        "client -> server: datagram of 2 octets \"\\xff\\u{1b}\"\nserver -> client: port unreachable\n"
    ));
}

#[test]
fn wide_texts_fit_between_the_lines() {
    let drawing = drawn(
        "client -> server: 65507 octets \"你好，世界。你好，世界。你好，世界。你好，世界。你好，世界。你好，世界。\"\n\
         pause of 100 ms or more\n\
         server -> client: 1200 octets \"<b> and a text that is far too long to stand on an arrow of t…\"\n",
    );
    insta::assert_snapshot!(drawing);
}

#[test]
fn what_has_no_room_is_in_the_list() {
    let one = |number| format!("a -> b: datagram of 2 octets \"{number:02}\"");
    let wire: Vec<String> = (0..60).map(one).collect();
    let drawing = drawn(&wire.join("\n"));
    assert_eq!(drawing.matches("<g class=\"event datagram\"").count(), MOST);
    assert!(drawing.contains("… and 12 more, in the list below"));
    assert_eq!(drawing.matches("<li>").count(), 60);
    assert!(drawing.contains("60 events between a, b."));
}
