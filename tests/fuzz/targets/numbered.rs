//! Numbered messages, endpoints as text, and text from a peer (lesson 02).
//!
//! Oracles: the standard library.
#![no_main]

use std::net::SocketAddr;

use fuzz::assert_harmless;
use lesson_02_tcp_vs_udp::net::resolve;
use lesson_02_tcp_vs_udp::numbered::{Account, message, number};
use lesson_02_tcp_vs_udp::show::show;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = std::str::from_utf8(data).ok();
    let digits = text.and_then(|text| text.strip_prefix("message ")?.strip_suffix('\n'));
    let expected = digits
        .filter(|digits| digits.len() == 2 && digits.bytes().all(|octet| octet.is_ascii_digit()))
        .and_then(|digits| digits.parse().ok());
    assert_eq!(number(data), expected);
    if let Some(number) = expected {
        assert_eq!(message(number), data);
    }
    let shown = show(data);
    assert_harmless(&shown, &[]);
    assert!(shown.len() <= data.len() * 10);

    // Names are left out: they would be asked for outside of this machine.
    if let Some(text) = text
        && let Some((host, _)) = text.rsplit_once(':')
        && (text.parse::<SocketAddr>().is_ok()
            || host
                .bytes()
                .all(|octet| octet.is_ascii_digit() || octet == b'.'))
    {
        match resolve(text) {
            Ok(found) => {
                assert_eq!(found.first().map(SocketAddr::ip), host_ip(host));
                assert!(
                    found
                        .iter()
                        .all(|to| to.port() != 0 && !to.ip().is_unspecified())
                );
            }
            Err(trouble) => assert_harmless(&trouble.to_string(), &[]),
        }
    }

    account(data);
});

fn host_ip(host: &str) -> Option<std::net::IpAddr> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.split('%').next()?.parse().ok()
}

/// Each of the numbers 1 to n is missing or has arrived, and what arrived is the first of its number
/// or a copy.
fn account(data: &[u8]) {
    let Some((&sent, arrived)) = data.split_first() else {
        return;
    };
    let sent = u32::from(sent % 99) + 1;
    let arrived: Vec<u32> = arrived.iter().map(|n| u32::from(*n) % sent + 1).collect();
    let account = Account { sent, arrived };
    let count = |numbers: Vec<u32>| numbers.len();
    let first = sent as usize - count(account.missing());
    assert_eq!(first + count(account.copies()), account.arrived.len());
    assert!(count(account.overtaken()) <= first.saturating_sub(1));
    let perfect = [account.missing(), account.copies(), account.overtaken()]
        .iter()
        .all(Vec::is_empty);
    assert_eq!(account.is_perfect(), perfect);
}
