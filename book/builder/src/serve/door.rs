//! Who is let in.
//!
//! Any page in the reader's browser may send requests to this machine, and any name on the internet may
//! be made to mean 127.0.0.1 ("DNS rebinding"). So three things are looked at. `Host` must be an address
//! of this server: a page that was loaded under another name is answered with an error. `Origin` tells
//! the page behind a WebSocket: it must be one of this server's. And the WebSocket must carry the key,
//! which is new at each start and stands only in the address that the terminal shows.
//!
//! It stands there behind `#`, which browsers send to no server (RFC 3986, section 3.5), and the pages
//! keep it in their browser's storage, which belongs to this address and this port. A cookie would be
//! sent to every server of this machine: cookies know no ports (RFC 6265, section 8.5).

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use axum::Extension;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::connections::Peer;
use super::key::{self, is_same};
use super::{Shared, peer};

/// Judges requests.
pub struct Door {
    local: SocketAddr,
    /// Nothing when there is nothing to start.
    key: Option<String>,
    /// Gets the key, once.
    ticket: Mutex<Option<String>>,
}

impl Door {
    pub(super) fn new(local: SocketAddr, with_key: bool) -> Result<Self> {
        let random = || with_key.then(key::random).transpose();
        Ok(Self {
            local,
            key: random()?,
            ticket: Mutex::new(random()?),
        })
    }

    /// The address to open in the browser of this machine.
    pub fn url(&self) -> String {
        let url = super::url(self.local);
        match &self.key {
            Some(key) => format!("{url}{}", in_address(key)),
            None => url,
        }
    }

    /// The address with which another program opens the browser. Every user of this machine may see that
    /// program's arguments, and it may run for long: so what stands in them is of use once.
    pub fn url_for_browser(&self) -> String {
        let url = super::url(self.local);
        match &*self.ticket() {
            Some(ticket) => format!("{url}/?ticket={ticket}"),
            None => url,
        }
    }

    fn ticket(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.ticket.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The addresses under which other machines may reach this one.
    pub fn lan_urls(&self) -> Vec<String> {
        let asked = self.local.ip();
        let mut addresses = own_addresses();
        addresses.retain(|ip| {
            let is_local = match ip {
                IpAddr::V4(ip) => ip.is_link_local(),
                // Browsers take no zone.
                IpAddr::V6(ip) => ip.is_unicast_link_local(),
            };
            let is_asked = if asked.is_unspecified() {
                asked.is_ipv6() || ip.is_ipv4()
            } else {
                *ip == asked
            };
            !ip.is_loopback() && !is_local && is_asked
        });
        addresses.sort();
        let port = self.local.port();
        let url = |ip| format!("http://{}", SocketAddr::new(ip, port));
        addresses.into_iter().map(url).collect()
    }

    /// Whether this is the server that the request is for.
    fn knows(&self, host: &str) -> bool {
        let suffix = format!(":{}", self.local.port());
        let name = match host.strip_suffix(&suffix) {
            Some(name) => name,
            // Browsers leave out the port of HTTP.
            None if self.local.port() == 80 => host,
            None => return false,
        };
        if name.eq_ignore_ascii_case("localhost") {
            return true;
        }
        let v6 = name
            .strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'));
        let ip = match v6 {
            Some(v6) => v6.parse().map(IpAddr::V6),
            None => name.parse().map(IpAddr::V4),
        };
        let Ok(ip) = ip else { return false };
        let loopback = ["127.0.0.1", "::1"];
        loopback.iter().any(|known| known.parse() == Ok(ip))
            || ip == self.local.ip()
            || (!self.local.ip().is_loopback() && own_addresses().contains(&ip))
    }

    /// The `Host` of a request, if it is one of this server's.
    fn host<'a>(&self, headers: &'a HeaderMap, uri: &Uri) -> Option<&'a str> {
        let mut hosts = headers.get_all(header::HOST).iter();
        let host = hosts.next()?.to_str().ok()?;
        let is_alone = hosts.next().is_none();
        // A request line may name a server, too.
        let named = uri
            .authority()
            .is_none_or(|named| self.knows(named.as_str()));
        (is_alone && named && self.knows(host)).then_some(host)
    }

    /// Whether the page that asks for a WebSocket has the key. A page can send words of its own only in the
    /// list of protocols (RFC 6455, section 1.9).
    pub(super) fn has_key(&self, headers: &HeaderMap) -> bool {
        let Some(key) = &self.key else { return false };
        let lists = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter();
        lists
            .filter_map(|list| list.to_str().ok())
            .flat_map(|list| list.split(','))
            .any(|word| is_same(word.trim(), key))
    }

    /// Whether the page behind the request is this server's own.
    pub(super) fn is_own_page(&self, headers: &HeaderMap) -> bool {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        let (Some(origin), None) = (origins.next(), origins.next()) else {
            return false;
        };
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        let origin = origin
            .to_str()
            .ok()
            .and_then(|at| at.strip_prefix("http://"));
        origin.is_some_and(|origin| {
            self.knows(origin) && host.is_some_and(|host| host.eq_ignore_ascii_case(origin))
        })
    }

    /// Whether a browser says that a page of another server is behind the request. `Sec-Fetch-Site` (W3C
    /// Fetch Metadata) comes also with requests that have no `Origin`.
    pub(super) fn is_foreign(&self, headers: &HeaderMap) -> bool {
        let sites = headers.get_all("sec-fetch-site").iter();
        let mut others = sites.filter(|site| *site != "same-origin" && *site != "none");
        others.next().is_some()
            || (headers.contains_key(header::ORIGIN) && !self.is_own_page(headers))
    }

    /// The sentence for whoever has asked for another server.
    fn misdirected(&self) -> String {
        let mut urls = vec![super::url(self.local)];
        if self.key.is_none() {
            // For a reader on another machine, 127.0.0.1 is that machine.
            let others = self.lan_urls();
            if !others.is_empty() {
                urls = others;
            }
        }
        let urls = urls.join(" or ");
        format!("This server is not the one that was asked for: open {urls} instead.\n")
    }

    /// What every page is told of this server: whether it plays scenes, and by which sign a page knows the
    /// key of this start from one of an earlier start, or from one that somebody else has made up.
    pub(super) fn meta(&self) -> String {
        match &self.key {
            None => "content=\"read\"".to_owned(),
            Some(key) => format!("content=\"run\" data-key=\"{}\"", key::sign(key)),
        }
    }

    /// Whoever comes with the ticket is sent to the address with the key, and the ticket is worth nothing
    /// from then on. Another user may have seen it among the arguments of the browser, and be faster.
    fn take_ticket(&self, uri: &Uri, peer: SocketAddr) -> Option<Response> {
        let key = self.key.as_ref()?;
        let given = uri.query()?.strip_prefix("ticket=")?;
        let mut ticket = self.ticket();
        let is_ticket = ticket.as_ref().is_some_and(|ticket| is_same(given, ticket));
        if uri.path() != "/" || !is_ticket || peer::is_other_user(peer, self.local) {
            return None;
        }
        *ticket = None;
        Some((StatusCode::SEE_OTHER, [(header::LOCATION, in_address(key))]).into_response())
    }
}

/// Where the pages look for the key.
fn in_address(key: &str) -> String {
    format!("/#key={key}")
}

/// Every request passes here.
pub(super) async fn watch(
    State(shared): State<Arc<Shared>>,
    Extension(Peer(peer)): Extension<Peer>,
    request: Request,
    next: Next,
) -> Response {
    let door = &shared.door;
    let Some(host) = door.host(request.headers(), request.uri()) else {
        let answer = (StatusCode::MISDIRECTED_REQUEST, door.misdirected());
        return with_headers(answer.into_response(), None);
    };
    let host = host.to_owned();
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let allowed = [(header::ALLOW, "GET, HEAD")];
        let answer = (
            StatusCode::METHOD_NOT_ALLOWED,
            allowed,
            "This server is only read.\n",
        );
        return with_headers(answer.into_response(), Some(&host));
    }
    if request.method() == Method::GET
        && let Some(answer) = door.take_ticket(request.uri(), peer)
    {
        return with_headers(answer, Some(&host));
    }
    with_headers(next.run(request).await, Some(&host))
}

/// What a page may load: files of the book, and nothing from any other host. (mdBook's own pages
/// have scripts and styles inside them.) Not every browser counts a WebSocket of the same server as
/// `'self'`.
fn policy(host: Option<&str>) -> String {
    let socket = host.map_or_else(String::new, |host| format!(" ws://{host}"));
    format!(
        "default-src 'self'; connect-src 'self'{socket}; script-src 'self' 'unsafe-inline'; \
         style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; \
         base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    )
}

fn with_headers(mut response: Response, host: Option<&str>) -> Response {
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy(host)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // After a rebuild the reader sees the new pages.
        (header::CACHE_CONTROL, "no-cache"),
        // Another site's page has no use for this one's.
        (header::REFERRER_POLICY, "no-referrer"),
        // Nor may it show this server's pictures, or find out by its scripts that somebody reads here.
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The addresses of this machine's interfaces, as they are now.
fn own_addresses() -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    interfaces.iter().map(if_addrs::Interface::ip).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door(local: &str) -> Door {
        Door::new(local.parse().unwrap(), true).unwrap()
    }

    #[test]
    fn only_own_addresses_are_known() {
        let door = door("127.0.0.1:3000");
        for host in [
            "127.0.0.1:3000",
            "localhost:3000",
            "LocalHost:3000",
            "[::1]:3000",
        ] {
            assert!(door.knows(host), "{host}");
        }
        for host in [
            "",
            "127.0.0.1",
            "127.0.0.1:80",
            "127.0.0.1:30000",
            "localhost",
            "localhost.:3000",
            "localhost.example:3000",
            "example:3000",
            "example.localhost:3000",
            "127.0.0.1.example:3000",
            "0.0.0.0:3000",
            "127.1:3000",
            "127.000.000.001:3000",
            "127.0.0.2:3000",
            "2130706433:3000",
            "[::ffff:127.0.0.1]:3000",
            "::1:3000",
            "user@127.0.0.1:3000",
            "127.0.0.1:3000:3000",
            " 127.0.0.1:3000",
        ] {
            assert!(!door.knows(host), "{host}");
        }
    }

    #[test]
    fn the_port_of_http_may_be_left_out_and_no_other() {
        assert!(door("127.0.0.1:80").knows("localhost"));
        assert!(door("127.0.0.1:80").knows("localhost:80"));
        assert!(!door("127.0.0.1:81").knows("localhost"));
    }

    #[test]
    fn for_a_class_the_machines_own_addresses_are_known_and_no_name() {
        let door = Door::new("0.0.0.0:3000".parse().unwrap(), false).unwrap();
        let own = own_addresses();
        assert!(own.iter().any(IpAddr::is_loopback), "{own:?}");
        for ip in &own {
            let host = SocketAddr::new(*ip, 3000).to_string();
            assert!(door.knows(&host), "{host}");
        }
        let others = (1..=254).map(|last| IpAddr::from([203, 0, 113, last]));
        let other = others.into_iter().find(|ip| !own.contains(ip)).unwrap();
        let other = SocketAddr::new(other, 3000).to_string();
        for host in [other.as_str(), "class.example:3000"] {
            assert!(!door.knows(host), "{host}");
        }
        assert_eq!(door.url(), "http://127.0.0.1:3000");
        for url in door.lan_urls() {
            let (ip, port) = url
                .strip_prefix("http://")
                .unwrap()
                .split_once(':')
                .unwrap();
            let ip: std::net::Ipv4Addr = ip.parse().unwrap();
            assert!(!ip.is_loopback() && port == "3000", "{url}");
        }
        // A reader elsewhere is not sent to 127.0.0.1, unless there is nothing else.
        let sentence = door.misdirected();
        let is_here = sentence.contains("127.0.0.1");
        assert_eq!(is_here, door.lan_urls().is_empty(), "{sentence}");
        let one = Door::new("127.0.0.1:3000".parse().unwrap(), false).unwrap();
        assert!(one.lan_urls().is_empty());
    }
}
