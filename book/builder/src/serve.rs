//! `book serve`: the finished book, on this machine alone or for a class, and its scenes live.
//!
//! Who may start programs here: a page that this server has sent (`door` looks at `Host` and
//! `Origin`), in the browser that was given the key. What they may start: scenes of the course
//! (`run`), within limits. For a class (`--lan`) there is nothing to start.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use axum::Router;
use axum::middleware;
use axum::routing::get;

mod changes;
mod connections;
mod door;
mod key;
mod live;
mod message;
mod pages;
mod peer;
pub mod rebuild;
mod run;

pub use changes::News;
pub use connections::Crowd;
pub use door::Door;
pub use live::{Limits, Live, Programs};
pub use pages::Pages;

/// The address to listen on.
///
/// # Errors
/// When other machines would reach it, and nobody has said that they may.
pub fn address(asked: Option<IpAddr>, lan: bool) -> Result<IpAddr> {
    match asked {
        None if lan => Ok(std::net::Ipv4Addr::UNSPECIFIED.into()),
        None => Ok(std::net::Ipv4Addr::LOCALHOST.into()),
        Some(addr) if lan || addr.is_loopback() => Ok(addr),
        Some(addr) => bail!(
            "other machines would reach {addr}, and pages served here can start programs: add \
             `--lan` to let others read the book, without that"
        ),
    }
}

/// Takes the port, or says in one sentence why not and what to do.
///
/// # Errors
/// When the address is not this machine's, or the port is not to be had.
pub fn bind(addr: IpAddr, port: u16) -> Result<TcpListener> {
    TcpListener::bind((addr, port)).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => anyhow!(
            "port {port} is taken by another program: end that program, or let the system choose \
             a free port: `cargo xtask book serve --port 0`"
        ),
        io::ErrorKind::PermissionDenied => {
            anyhow!("port {port} is not for ordinary users: choose one from 1024 up, or `--port 0`")
        }
        io::ErrorKind::AddrNotAvailable => anyhow!(
            "{addr} is no address of this machine: leave `--addr` out to read the book on this \
             machine alone"
        ),
        _ => anyhow::Error::new(error).context(format!("cannot listen on {addr} port {port}")),
    })
}

/// The address to type into a browser. A listener on all interfaces is reached by loopback.
pub fn url(local: SocketAddr) -> String {
    let mut local = local;
    if local.ip().is_unspecified() {
        local.set_ip(match local.ip() {
            IpAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("http://{local}")
}

/// A server that has its port.
pub struct Server {
    listener: TcpListener,
    shared: Arc<Shared>,
}

/// What every request may need.
struct Shared {
    door: Door,
    pages: Arc<Pages>,
    news: Arc<News>,
    /// Nothing for a class: it reads.
    live: Option<Arc<Live>>,
}

impl Server {
    /// A server of these pages. With `live` their scenes can be played.
    ///
    /// # Errors
    /// When the listener has no address, or the system has no random numbers for a key.
    pub fn new(
        listener: TcpListener,
        pages: Arc<Pages>,
        news: Arc<News>,
        live: Option<Live>,
    ) -> Result<Self> {
        let door = Door::new(listener.local_addr()?, live.is_some())?;
        let live = live.map(Arc::new);
        let shared = Arc::new(Shared {
            door,
            pages,
            news,
            live,
        });
        Ok(Self { listener, shared })
    }

    /// Who is let in, and at which addresses.
    pub fn door(&self) -> &Door {
        &self.shared.door
    }

    /// Serves until `stop` is done. All programs of running scenes are gone then.
    ///
    /// # Errors
    /// When the listener cannot be used.
    pub async fn run(self, stop: impl Future<Output = ()>) -> Result<()> {
        self.listener
            .set_nonblocking(true)
            .context("the listener cannot be made non-blocking")?;
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let shared = self.shared;
        let mut router = Router::new().route("/live/changes", get(changes::changes));
        if shared.live.is_some() {
            router = router.route("/live/run", get(run::run));
        }
        let router = router
            .fallback(pages::page)
            .layer(middleware::from_fn_with_state(
                Arc::clone(&shared),
                door::watch,
            ))
            .with_state(Arc::clone(&shared));
        tokio::select! {
            never = connections::answer(listener, router, Crowd::default()) => match never {},
            // Browsers keep connections open: an orderly end would wait for them.
            () = stop => {}
        }
        if let Some(live) = &shared.live {
            live.stop().await;
        }
        // Whoever builds anew holds the pages for as long as this process lives.
        shared.pages.close();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_a_sentence_that_says_what_to_do() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = bind("127.0.0.1".parse().unwrap(), port)
            .unwrap_err()
            .to_string();
        assert!(error.contains(&format!("port {port} is taken")), "{error}");
        assert!(error.contains("--port 0"), "{error}");
    }

    #[test]
    fn an_address_of_another_machine_is_refused() {
        let error = bind("192.0.2.1".parse().unwrap(), 0)
            .unwrap_err()
            .to_string();
        assert!(error.contains("no address of this machine"), "{error}");
    }

    #[test]
    fn the_url_can_be_typed_into_a_browser() {
        assert_eq!(
            url("127.0.0.1:3000".parse().unwrap()),
            "http://127.0.0.1:3000"
        );
        assert_eq!(url("[::1]:3000".parse().unwrap()), "http://[::1]:3000");
        assert_eq!(
            url("0.0.0.0:3000".parse().unwrap()),
            "http://127.0.0.1:3000"
        );
    }

    #[test]
    fn others_reach_the_book_only_if_that_was_said() {
        let parse = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(address(None, false).unwrap(), parse("127.0.0.1"));
        assert_eq!(address(None, true).unwrap(), parse("0.0.0.0"));
        assert_eq!(address(Some(parse("::1")), false).unwrap(), parse("::1"));
        for addr in ["0.0.0.0", "::", "192.168.1.70", "::ffff:127.0.0.1"] {
            let error = address(Some(parse(addr)), false).unwrap_err().to_string();
            assert!(error.contains("`--lan`"), "{error}");
            assert_eq!(address(Some(parse(addr)), true).unwrap(), parse(addr));
        }
    }
}
