//! `book serve`: the finished book on the loopback interface.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use tower_http::services::{ServeDir, ServeFile};

/// What a page may load: files of the book, and nothing from any other host. (mdBook's own pages
/// have scripts and styles inside them.)
const POLICY: &str = "default-src 'self'; script-src 'self' 'unsafe-inline'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'; \
    form-action 'self'; frame-ancestors 'self'";

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

/// Serves the pages in `folder` until `stop` is done.
///
/// # Errors
/// When the listener cannot be used.
pub async fn serve(
    listener: TcpListener,
    folder: &Path,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    listener
        .set_nonblocking(true)
        .context("the listener cannot be made non-blocking")?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let not_found = ServeFile::new(folder.join("404.html"));
    let pages = Router::new()
        .fallback_service(ServeDir::new(folder).not_found_service(not_found))
        .layer(middleware::from_fn(headers));
    tokio::select! {
        result = async { axum::serve(listener, pages).await } => result.context("the server has failed"),
        // Browsers keep connections open: an orderly end would wait for them.
        () = stop => Ok(()),
    }
}

async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    // After a rebuild the reader sees the new pages.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
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
}
