//! What the small browser makes of the answers of somebody else's server, over a real connection.
//!
//! Oracle: httparse, and a second reading of the length.
#![no_main]

use fuzz::assert_harmless;
use fuzz::conversation::ask;
use lesson_00_cs_vs_bs::browser::{Answer, Browser};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (bool, &[u8])| {
    let (is_head, said) = input;
    let answer = ask(said, |server| {
        let mut browser = Browser::connect(server).expect("loopback");
        let method = if is_head { "HEAD" } else { "GET" };
        browser.request(method, "/", &[], None)
    });
    match answer {
        Ok(answer) => compare(&answer, is_head, said),
        Err(error) => assert_harmless(&error.to_string(), &[]),
    }
    let refused = ask(said, |server| {
        Browser::connect(server).expect("loopback").look()
    });
    if let Err(error) = refused {
        // `visible` leaves the tab.
        assert_harmless(&error.to_string(), &['\t']);
    }
});

/// The status and the body are those that stand in `said`, behind the answers "go on".
fn compare(answer: &Answer, is_head: bool, said: &[u8]) {
    let head = answer.head.as_bytes();
    let whole = [head, &answer.body].concat();
    assert!(said.windows(whole.len()).any(|part| part == whole));
    let mut fields = [httparse::EMPTY_HEADER; 256];
    let mut parsed = httparse::Response::new(&mut fields);
    // httparse is stricter: what it does not take is left to the browser.
    if parsed.parse(head).is_ok_and(|parsed| parsed.is_complete()) {
        assert_eq!(parsed.code, Some(answer.status));
        let length = parsed
            .headers
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case("content-length"));
        if let Some(length) = length
            && !is_head
            && !matches!(answer.status, 204 | 304)
        {
            let length = std::str::from_utf8(length.value).expect("digits");
            assert!(
                length.trim().bytes().all(|octet| octet.is_ascii_digit()),
                "{length:?}"
            );
            assert_eq!(length.trim().parse(), Ok(answer.body.len()));
        }
    }
}
