//! Whole conversations of the browser's door, over a real connection.
//!
//! Oracle: `httparse` reads the answers; each must end where it says that it ends.
#![no_main]

use fuzz::conversation::{Desk, talk};
use lesson_00_cs_vs_bs::http;
use libfuzzer_sys::fuzz_target;

/// So little that an upload can be too much.
const CAPACITY: u64 = 2000;

fuzz_target!(|data: &[u8]| {
    let desk = Desk::empty(CAPACITY);
    let answer = talk(data, |stream| {
        let _ = http::converse(stream, desk.disk(), &[], &|_, _, _| {});
    });
    desk.check();
    let mut rest = &answer[..];
    let mut open = true;
    while !rest.is_empty() {
        assert!(open, "an answer after the one that closes");
        let mut fields = [httparse::EMPTY_HEADER; 32];
        let mut response = httparse::Response::new(&mut fields);
        let parsed = response.parse(rest).expect("the answers are HTTP");
        let httparse::Status::Complete(end) = parsed else {
            panic!(
                "the answer's head is cut: {:?}",
                String::from_utf8_lossy(rest)
            );
        };
        let code = response.code.expect("a whole answer has a code");
        let named = |name: &str| {
            let mut found = fields
                .iter()
                .filter(|field| field.name.eq_ignore_ascii_case(name));
            let value = found.next().map(|field| field.value);
            assert!(found.next().is_none(), "{name} stands twice");
            value.map(|value| std::str::from_utf8(value).expect("text").to_owned())
        };
        rest = &rest[end..];
        open = named("connection").as_deref() != Some("close");
        if code == 100 || code == 204 {
            assert_eq!(named("content-length"), None);
            continue;
        }
        let known = [
            200, 201, 303, 400, 403, 404, 405, 408, 411, 412, 413, 414, 415, 417, 421, 431, 501,
            505, 507,
        ];
        assert!(known.contains(&code), "{code}");
        let length: usize = named("content-length")
            .expect("a length")
            .parse()
            .expect("a number");
        // A body, or the answer to HEAD, which has none.
        let body_is_here = rest.len() >= length && !(length > 0 && rest.starts_with(b"HTTP/1.1 "));
        if body_is_here {
            rest = &rest[length..];
        } else {
            assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 "));
            let asks_head = data.windows(5).any(|window| window == b"HEAD ");
            assert!(asks_head, "the body of an answer is cut");
        }
    }
});
