//! The book in a real browser, headless: read, searched, replayed, and looked at as all kinds of readers
//! do.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use serde_json::json;

use crate::driver::{Setting, cdp, window, with};
use crate::place::{Pages, Server, ask, complaints, press, until, violations};

mod address;
mod driver;
mod edit;
mod key;
mod live;
mod place;
mod scripts;
mod terminal;
mod weather;

/// The scene that most tests play.
pub const CHAT: &str = "04-tcp-chat/turn-taking";

/// A page may be as large as this before it is made alive, in octets: a slow phone loads it at once.
const HEAVIEST: u64 = 400 * 1024;

#[test]
fn no_page_is_heavy() {
    let pages = Pages::build();
    for name in pages.names() {
        let size = std::fs::metadata(pages.folder().join(&name)).unwrap().len();
        assert!(size <= HEAVIEST, "{name}: {size} octets");
    }
}

#[tokio::test]
async fn a_page_opened_from_disk_replays_its_scenes() {
    with(Setting::default(), async |client| {
        let pages = Pages::build();
        client.goto(&pages.file("04-tcp-chat.html")).await.unwrap();
        let hidden = format!("document.querySelectorAll('[data-scene=\"{CHAT}\"] .unseen').length");
        assert_eq!(ask(client, &hidden).await, 0);
        press(client, CHAT, "Replay").await;
        press(client, CHAT, "Pause").await;
        until(client, &format!("{hidden} > 0")).await;
        let state = format!("document.querySelector('[data-scene=\"{CHAT}\"]').dataset.state");
        while ask(client, &state).await == json!("replaying") {
            press(client, CHAT, "Next").await;
        }
        assert_eq!(ask(client, &hidden).await, 0);
        press(client, CHAT, "Run it live?").await;
        let said =
            format!("document.querySelector('[data-scene=\"{CHAT}\"] .scene-status').textContent");
        let said = ask(client, &said).await;
        assert!(
            said.as_str().unwrap().contains("cargo xtask book serve"),
            "{said}"
        );
        assert_eq!(complaints(client).await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn without_scripts_all_is_there_to_read() {
    with(Setting { scripts: false }, async |client| {
        let pages = Pages::build();
        client.goto(&pages.file("04-tcp-chat.html")).await.unwrap();
        let find = fantoccini::Locator::Css("[data-scene='04-tcp-chat/turn-taking'] .screen");
        let screens = client.find_all(find).await.unwrap();
        assert_eq!(screens.len(), 2);
        assert!(
            screens[0]
                .text()
                .await
                .unwrap()
                .contains("hi, who is calling?")
        );
        assert!(screens[0].is_displayed().await.unwrap());
        let bar = client
            .find_all(fantoccini::Locator::Css(".scene-bar"))
            .await;
        assert!(bar.unwrap().is_empty(), "scripts have run");
        let picture = client.find(fantoccini::Locator::Css("svg.sequence")).await;
        assert!(picture.unwrap().is_displayed().await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn nothing_sticks_out_on_a_phone_and_at_twice_the_size() {
    with(Setting::default(), async |client| {
        let pages = Pages::build();
        for (size, scale) in [((390, 844), 2), ((640, 450), 2), ((1280, 900), 1)] {
            window(client, size, scale).await;
            for name in pages.names() {
                client.goto(&pages.file(&name)).await.unwrap();
                let widths = ask(
                    client,
                    "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
                )
                .await;
                let width = |at: usize| widths[at].as_u64().unwrap();
                assert!(width(0) <= width(1), "{name} at {size:?}: {widths}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn on_no_page_axe_or_the_console_complains_or_another_host_is_asked() {
    with(Setting::default(), async |client| {
        let server = Server::start();
        let pages = Pages::build();
        client.goto(&server.address).await.unwrap();
        let mut found = Vec::new();
        for theme in ["light", "navy"] {
            ask(
                client,
                &format!("localStorage.setItem('mdbook-theme', '{theme}') || null"),
            )
            .await;
            for name in pages.names() {
                client.goto(&server.page(&name)).await.unwrap();
                // A page may have a process of its own, and what another one has stored comes to it later.
                let shown = format!(
                    "document.documentElement.className.includes('{theme}') || location.reload()"
                );
                until(client, &shown).await;
                for fault in violations(client)
                    .await
                    .into_iter()
                    .chain(complaints(client).await)
                {
                    found.push(format!("{name} ({theme}): {fault}"));
                }
            }
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn a_word_is_found_by_search() {
    with(Setting::default(), async |client| {
        let pages = Pages::build();
        client.goto(&pages.file("index.html")).await.unwrap();
        client.find(fantoccini::Locator::Css("body")).await.unwrap().send_keys("s").await.unwrap();
        let field = "document.activeElement.id === 'mdbook-searchbar'";
        until(client, field).await;
        client.active_element().await.unwrap().send_keys("backpressure").await.unwrap();
        until(
            client,
            "[...document.querySelectorAll('#mdbook-searchresults a')].some(link => link.href.includes('02-tcp-vs-udp'))",
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn paper_shows_what_is_folded_and_no_buttons() {
    with(Setting::default(), async |client| {
        let pages = Pages::build();
        client.goto(&pages.file("04-tcp-chat.html")).await.unwrap();
        ask(
            client,
            "window.addEventListener('beforeprint', () => { window.folded = \
             document.querySelectorAll('details:not([open])').length; }) || null",
        )
        .await;
        cdp(client, "Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
        let bars = "[...document.querySelectorAll('.scene-bar')].map(bar => getComputedStyle(bar).display)";
        let bars = ask(client, bars).await;
        let bars = bars.as_array().unwrap();
        assert!(!bars.is_empty() && bars.iter().all(|shown| shown == "none"), "{bars:?}");
        let paper = cdp(client, "Page.printToPDF", json!({})).await;
        assert!(paper["data"].as_str().unwrap().len() > 100_000);
        assert_eq!(ask(client, "window.folded").await, 0);
    })
    .await;
}
