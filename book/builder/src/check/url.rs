//! The URLs of a page: what kind each is, and where it leads.

use std::net::IpAddr;
use std::path::{Component, Path};

/// The scheme of a URL that has one; `//host/` takes the page's.
pub(super) fn scheme(url: &str) -> Option<&str> {
    if url.starts_with("//") {
        return Some("");
    }
    let (scheme, _) = url.split_once(':')?;
    let is_scheme = scheme.starts_with(|ch: char| ch.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|ch| ch.is_ascii_alphanumeric() || "+-.".contains(ch));
    is_scheme.then_some(scheme)
}

/// A link out of the book: https, to a site that every reader can reach.
pub(super) fn external(url: &str, scheme: &str) -> Result<(), (String, String)> {
    if scheme != "https" {
        return Err((
            format!("the link `{url}` is not https"),
            "expected `https://…`".to_owned(),
        ));
    }
    let rest = url.strip_prefix("https://").unwrap_or_default();
    let host = rest
        .split(['/', '?', '#'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let last = host.rsplit('.').next().unwrap_or_default();
    let private = [
        "local",
        "localhost",
        "internal",
        "lan",
        "test",
        "example",
        "invalid",
        "arpa",
    ];
    let is_name = host.contains('.')
        && host
            .chars()
            .all(|ch| ch.is_ascii_alphanumeric() || ch == '.' || ch == '-')
        && host.parse::<IpAddr>().is_err()
        && !private.contains(&last);
    if is_name {
        return Ok(());
    }
    Err((
        format!("the link `{url}` leads to no public site"),
        "expected a public host by its name".to_owned(),
    ))
}

/// A path relative to the page's folder, as a path from the book's root.
pub(super) fn resolve(page: &str, path: &str) -> Option<String> {
    let mut parts: Vec<String> = page.split('/').map(str::to_owned).collect();
    parts.pop();
    for component in Path::new(path).components() {
        match component {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop()?;
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    if path.ends_with('/') {
        parts.push("index.html".to_owned());
    }
    Some(parts.join("/"))
}

/// Undoes percent-encoding (RFC 3986 §2.1).
pub(super) fn decode(text: &str) -> String {
    let digit = |octet: Option<&u8>| octet.and_then(|&octet| char::from(octet).to_digit(16));
    let octets = text.as_bytes();
    let mut decoded = Vec::with_capacity(octets.len());
    let mut at = 0;
    while let Some(&octet) = octets.get(at) {
        let pair = digit(octets.get(at + 1)).zip(digit(octets.get(at + 2)));
        match pair.and_then(|(high, low)| u8::try_from(high * 16 + low).ok()) {
            Some(value) if octet == b'%' => {
                decoded.push(value);
                at += 3;
            }
            _ => {
                decoded.push(octet);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_https_sites_are_linked_to() {
        let judge = |url: &str| external(url, scheme(url).unwrap()).is_ok();
        assert!(judge(
            "https://www.rfc-editor.org/rfc/rfc9293.html#section-3.6.1"
        ));
        for url in [
            "http://www.rfc-editor.org/",
            "//cdn.example.com/x.js",
            "ftp://ftp.isc.org/",
            "mailto:a@b.org",
            "javascript:alert(1)",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://intranet/",
            "https://router.local/",
            "https://user@host.org/",
        ] {
            assert!(!judge(url), "{url}");
        }
    }

    #[test]
    fn relative_links_are_resolved_from_their_page() {
        assert_eq!(resolve("a/b.html", "../c.html").as_deref(), Some("c.html"));
        assert_eq!(
            resolve("b.html", "./css/").as_deref(),
            Some("css/index.html")
        );
        assert_eq!(resolve("b.html", "../c.html"), None);
        assert_eq!(decode("half%2Dclose%zz%C3%A9%4"), "half-close%zzé%4");
        assert_eq!(scheme("04-tcp-chat.html#a:b"), None);
        assert_eq!(scheme("half:truth"), Some("half"));
    }
}
