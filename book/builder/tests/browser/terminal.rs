//! What a program sends to its terminal: it stays there, types nothing, and does not hold the page up.

use fantoccini::Client;
use serde_json::{Value, json};

use crate::driver::{Setting, with};
use crate::place::Pages;

/// Writes a text to a terminal as live.js does, in pieces that part characters, and returns the terminal's
/// lines, its size, and what it would type into the program.
const WRITE: &str = "
    const [text, done] = arguments;
    const { once } = window.layers;
    Promise.all([once('live/xterm.js'), once('live/screen.js')]).then(() => {
        const { tame, reader } = window.liveScreen;
        const screen = new window.Terminal({ cols: 80, rows: 10, screenReaderMode: true });
        const frame = document.body.appendChild(document.createElement('div'));
        const read = reader();
        const octets = new TextEncoder().encode(text);
        let typed = '';
        tame(screen);
        screen.open(frame);
        screen.onData(answer => { typed += answer; });
        for (let at = 0; at < octets.length; at += 1000) {
            screen.write(read(octets.subarray(at, at + 1000)));
        }
        const drawn = () => {
            const lines = [];
            const { active } = screen.buffer;
            for (let at = 0; at < active.length; at += 1) {
                lines.push(active.getLine(at).translateToString(true));
            }
            done({ lines: lines.filter(Boolean), typed, size: [screen.cols, screen.rows] });
            screen.dispose();
            frame.remove();
        };
        // A frame is asked for, and then drawn.
        const soon = () => requestAnimationFrame(() => requestAnimationFrame(drawn));
        screen.write('\\r\\nend', soon);
    });";

async fn write(client: &Client, text: &str) -> Value {
    let written = client.execute_async(WRITE, vec![json!(text)]).await;
    written.unwrap_or_else(|error| panic!("{}: {error}", text.escape_debug()))
}

#[tokio::test]
async fn nothing_that_a_program_sends_holds_the_page_up_or_types() {
    with(Setting::default(), async |client| {
        let pages = Pages::build();
        client.goto(&pages.file("04-tcp-chat.html")).await.unwrap();
        let mut sent: Vec<String> = ["S", "T", "L", "M", "I", "Z", "b"]
            .map(|end| format!("x\x1b[2147483647{end}"))
            .into();
        sent.extend(
            [
                // Questions, and an order to tell of each change of the focus.
                "\x1b[c",
                "\x1b[>c",
                "\x1b[5n",
                "\x1b[6n",
                "\x1b[?6n",
                "\x1b[4$p",
                "\x1b[?1$p",
                "\x1bP$qm\x1b\\",
                "\x1b]10;?\x07",
                "\x1b]4;1;?\x07",
                "\x1b[18t",
                "\x1b[21t",
                "\x05",
                // The clipboard, the title, another size.
                "\x1b]52;c;aGk=\x07",
                "\x1b]52;c;?\x07",
                "\x1b]0;title\x07",
                "\x1b[8;50;200t",
                "\x1b[?40h\x1b[?3h",
            ]
            .map(str::to_owned),
        );
        sent.push(format!("e{}", "\u{301}".repeat(100_000)));
        sent.push(format!("e{}", "\u{1160}".repeat(100_000)));
        sent.push(format!("\x1b]4;{}\x07", "1;?;".repeat(300_000)));
        sent.push(format!("\x1b]104;{}\x07", "1;".repeat(300_000)));
        for text in sent {
            let got = write(client, &text).await;
            let short: String = text.chars().take(20).collect();
            assert_eq!(
                got["lines"].as_array().unwrap().last(),
                Some(&json!("end")),
                "{short:?}"
            );
            assert_eq!(got["typed"], "", "{short:?}");
            assert_eq!(got["size"], json!([80, 10]), "{short:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_programs_print_is_shown_as_it_is() {
    with(Setting::default(), async |client| {
        let pages = Pages::build();
        client.goto(&pages.file("04-tcp-chat.html")).await.unwrap();
        let line = "世界 e\u{301}\u{323} สวัสดี 👩\u{200d}👩\u{200d}👧";
        // Pieces of 1,000 octets part a character of three sooner or later.
        let long = "世".repeat(40 * 9);
        let got = write(
            client,
            &format!("{line}\r\n{long}\r\n-\x1b[3b\x1b[31m red\x1b[0m"),
        )
        .await;
        let lines: Vec<&str> = got["lines"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        assert_eq!(lines[0], line);
        assert_eq!(lines[1..10].concat(), long);
        assert_eq!(lines[10..], ["---- red", "end"]);
    })
    .await;
}
