//! Requests that somebody else's web page makes a browser send.
//!
//! A server on 127.0.0.1 is not alone with its user: every page that the browser shows can send
//! requests to it. A page cannot read the answer from another *origin* (scheme, host and port), but
//! a form that deletes a file needs no answer. Two checks stop this.

use super::head::Head;
use super::response::Refusal;
use std::net::{Ipv4Addr, Ipv6Addr};

// ANCHOR: guard
/// Lets a request through if no other site can be behind it.
///
/// # Errors
/// 421 for a host name that is not ours; 403 for a change that another site asks for.
pub fn check(head: &Head, hosts: &[String]) -> Result<(), Refusal> {
    // DNS rebinding: the page of `evil.example` was loaded, then its owner let the name point to
    // 127.0.0.1. For the browser both are one origin, so it hides nothing. The Host field still
    // tells the name. An address needs no name server, so it cannot be rebound. Without a Host field
    // (HTTP/1.0) no browser asks: all of them send it.
    let host = head.host.as_deref();
    if host.is_some_and(|host| !is_ours(host, hosts)) {
        return Err(Refusal::new(
            421,
            "unknown host name: use the IP address, or start the server with --host-name",
        ));
    }
    if matches!(head.method.as_str(), "GET" | "HEAD" | "OPTIONS") {
        return Ok(());
    }
    // Cross-site request forgery: browsers tell where the page came from that sends a request.
    // Programs that are not browsers, such as curl, send neither field; nobody can trick them
    // through a web page.
    let site = head.one("sec-fetch-site")?;
    let origin = head.one("origin")?;
    let here = format!("http://{}", host.unwrap_or_default());
    let same = origin.is_none_or(|origin| origin.eq_ignore_ascii_case(&here));
    if same && matches!(site, None | Some("same-origin" | "none")) {
        return Ok(());
    }
    Err(Refusal::new(
        403,
        "another site asks for this change, so it is not made",
    ))
}
// ANCHOR_END: guard

/// Whether `host` (with or without a port) is an IP address, `localhost`, or one of `hosts`.
fn is_ours(host: &str, hosts: &[String]) -> bool {
    if let Some(rest) = host.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else {
            return false;
        };
        return address.parse::<Ipv6Addr>().is_ok() && is_port(port);
    }
    let end = host.find(':').unwrap_or(host.len());
    let (name, port) = host.split_at(end);
    let named = |ours: &str| name.eq_ignore_ascii_case(ours);
    let known = name.parse::<Ipv4Addr>().is_ok() || named("localhost");
    is_port(port) && (known || hosts.iter().any(|ours| named(ours)))
}

/// Nothing, or a colon and digits.
fn is_port(text: &str) -> bool {
    text.is_empty()
        || text
            .strip_prefix(':')
            .is_some_and(|port| port.bytes().all(|o| o.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::super::head::{Incoming, read_head};
    use super::*;

    fn status(method: &str, fields: &str) -> u16 {
        let text = format!("{method} / HTTP/1.1\r\n{fields}\r\n");
        let Ok(Incoming::Head(head)) = read_head(&mut text.as_bytes()) else {
            panic!("{text}")
        };
        check(&head, &["disk.lan".to_owned()]).map_or_else(|refusal| refusal.status, |()| 200)
    }

    #[test]
    fn hosts() {
        for host in [
            "127.0.0.1",
            "127.0.0.1:80",
            "localhost:8080",
            "[::1]:80",
            "[::1]",
            "DISK.lan",
        ] {
            assert_eq!(status("GET", &format!("Host: {host}\r\n")), 200, "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "",
            "[::1]x",
            "[evil]",
            "localhost:x",
            "disk.lan.",
            "a@localhost",
        ] {
            assert_eq!(status("GET", &format!("Host: {host}\r\n")), 421, "{host}");
        }
    }

    #[test]
    fn http_1_0_needs_no_host() {
        let ask = |fields: &str| {
            let text = format!("DELETE /files/a HTTP/1.0\r\n{fields}\r\n");
            let Ok(Incoming::Head(head)) = read_head(&mut text.as_bytes()) else {
                panic!("{text}")
            };
            check(&head, &[]).map_or_else(|refusal| refusal.status, |()| 200)
        };
        assert_eq!(ask(""), 200);
        assert_eq!(ask("Host: evil.example\r\n"), 421);
        assert_eq!(ask("Origin: http://evil.example\r\n"), 403);
    }

    #[test]
    fn changes_come_from_our_own_page_or_from_no_page() {
        let host = "Host: 127.0.0.1:8080\r\n";
        for (fields, expected) in [
            ("", 200),
            ("Origin: http://127.0.0.1:8080\r\n", 200),
            (
                "Origin: http://127.0.0.1:8080\r\nSec-Fetch-Site: same-origin\r\n",
                200,
            ),
            ("Sec-Fetch-Site: none\r\n", 200),
            ("Origin: http://evil.example\r\n", 403),
            ("Origin: null\r\n", 403),
            ("Origin: http://127.0.0.1:9090\r\n", 403),
            ("Origin: https://127.0.0.1:8080\r\n", 403),
            ("Sec-Fetch-Site: cross-site\r\n", 403),
            ("Sec-Fetch-Site: same-site\r\n", 403),
            (
                "Origin: http://127.0.0.1:8080\r\nSec-Fetch-Site: cross-site\r\n",
                403,
            ),
        ] {
            for method in ["POST", "PUT", "DELETE"] {
                assert_eq!(
                    status(method, &format!("{host}{fields}")),
                    expected,
                    "{fields}"
                );
            }
            assert_eq!(status("GET", &format!("{host}{fields}")), 200);
        }
    }
}
