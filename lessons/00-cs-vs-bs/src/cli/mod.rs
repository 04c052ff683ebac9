//! Subcommands and their options.

mod client;
mod demo;
mod http;
mod misbehave;
mod serve;

use anyhow::{Context as _, Result, anyhow};
use clap::{Args, Parser, Subcommand};
use lesson_00_cs_vs_bs::terminal::plain;
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, ToSocketAddrs as _};
use std::path::PathBuf;
use std::process::ExitCode;

/// What stands before every command that the program proposes.
pub const COMMAND: &str = "cargo run -q -p lesson-00-cs-vs-bs --";

#[derive(Parser)]
#[command(
    about = "One network disk, two architectures: an installed client (C/S) and a browser (B/S).",
    long_about = "One network disk, two architectures.\n\n\
        One server keeps files in a folder and listens twice: for an installed client that speaks \
        a small line protocol (C/S), and for any browser, in HTTP (B/S). Without a subcommand, the \
        program starts such a server, does the same work through both, and prints what each cost.",
    after_help = "Try, in three terminals:\n  \
        1  cargo run -q -p lesson-00-cs-vs-bs -- serve\n  \
        2  cargo run -q -p lesson-00-cs-vs-bs -- put Cargo.toml\n  \
        3  curl -i http://127.0.0.1:8080/files/Cargo.toml\n\
        and open http://127.0.0.1:8080/ in a browser.",
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Start the server: a folder, two listening sockets
    Serve(serve::Serve),
    /// C/S: list the files on the disk
    List(LineServer),
    /// C/S: copy a file from the disk to here
    Get {
        /// Name of the file on the disk
        name: String,
        /// Where to write it ("-": standard output); without this, NAME in the present folder
        #[arg(long, short)]
        output: Option<PathBuf>,
        #[command(flatten)]
        server: LineServer,
    },
    /// C/S: copy a file from here to the disk; a file of the same name is replaced
    Put {
        /// The file to copy
        file: PathBuf,
        /// Its name on the disk; without this, its name here
        name: Option<String>,
        #[command(flatten)]
        server: LineServer,
    },
    /// C/S: delete a file on the disk
    Remove {
        /// Name of the file on the disk
        name: String,
        #[command(flatten)]
        server: LineServer,
    },
    /// B/S: send one HTTP request and show the answer (a small curl)
    Http(http::Http),
    /// Be a bad client, to see what the server makes of it
    Misbehave(misbehave::Misbehave),
}

/// Where the server of the line protocol is.
#[derive(Args)]
struct LineServer {
    /// Address or name of the server
    #[arg(long, default_value = "127.0.0.1")]
    addr: String,
    /// Port of the server's line protocol
    #[arg(long, default_value_t = 7070)]
    port: u16,
}

/// Reads the command line and does what it says.
pub fn run() -> Result<ExitCode> {
    match Cli::parse().command {
        None => demo::run(),
        Some(Command::Serve(serve)) => serve.run(),
        Some(Command::List(server)) => client::list(&server),
        Some(Command::Get {
            name,
            output,
            server,
        }) => client::get(&server, &name, output),
        Some(Command::Put { file, name, server }) => client::put(&server, &file, name),
        Some(Command::Remove { name, server }) => client::remove(&server, &name),
        Some(Command::Http(http)) => http.run(),
        Some(Command::Misbehave(misbehave)) => misbehave.run(),
    }
}

/// Prints one line. Unlike `println!` it does not panic when nobody reads any more.
pub fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// Whether the error is that nobody reads our output any more.
pub fn is_closed_output(error: &anyhow::Error) -> bool {
    let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
    kind == Some(io::ErrorKind::BrokenPipe)
}

/// Turns an address, or a name, and a port into endpoints.
pub fn endpoints(addr: &str, port: u16) -> Result<Vec<SocketAddr>> {
    // A URL writes [::1]; people copy it from there.
    let bare = addr
        .strip_prefix('[')
        .and_then(|a| a.strip_suffix(']'))
        .unwrap_or(addr);
    if looks_like_ipv4(bare) && bare.parse::<Ipv4Addr>().is_err() {
        return Err(anyhow!(
            "'{addr}' is not an IPv4 address: write four numbers from 0 to 255, such as 127.0.0.1"
        ));
    }
    let found: Vec<_> = (bare, port)
        .to_socket_addrs()
        .map_err(|_| {
            anyhow!("'{addr}' is no address and no known name: write 127.0.0.1, ::1 or localhost")
        })?
        .collect();
    if found.is_empty() {
        return Err(anyhow!("the name '{addr}' has no address"));
    }
    Ok(found)
}

/// Whether the last label is a number, so that this cannot be the name of a host (RFC 1123 §2.1).
///
/// The system's resolver would read `1.2.3` as 1.2.0.3, and so call a machine that nobody meant.
fn looks_like_ipv4(text: &str) -> bool {
    let last = text.trim_end_matches('.').rsplit('.').next().unwrap_or("");
    let hex = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    hex.is_some_and(|digits| digits.chars().all(|ch| ch.is_ascii_hexdigit()))
        || (!last.is_empty() && last.chars().all(|ch| ch.is_ascii_digit()))
}

/// Connects to the first endpoint that answers: `localhost` may be ::1 and 127.0.0.1.
pub fn connect<T>(addr: &str, port: u16, to: impl Fn(SocketAddr) -> io::Result<T>) -> Result<T> {
    let mut last = None;
    for endpoint in endpoints(addr, port)? {
        match to(endpoint) {
            Ok(connection) => return Ok(connection),
            Err(error) => last = Some((endpoint, error)),
        }
    }
    let (endpoint, error) = last.context("no address to connect to")?;
    Err(match error.kind() {
        io::ErrorKind::ConnectionRefused => anyhow!(
            "nobody is listening on {endpoint}: start the server first, or use the port that \
             it printed\n  {COMMAND} serve"
        ),
        io::ErrorKind::TimedOut => anyhow!(
            "{endpoint} does not answer: is the address right, and does a firewall let you through?"
        ),
        _ => anyhow!("cannot connect to {endpoint}: {}", plain(&error)),
    })
}

/// Binds the first endpoint that can be bound.
pub fn listen(addr: &str, port: u16, option: &str) -> Result<TcpListener> {
    let endpoints = endpoints(addr, port)?;
    TcpListener::bind(&endpoints[..]).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => anyhow!(
            "port {port} is taken by another program: stop it, or choose another port with \
             {option} (0: the system chooses)"
        ),
        io::ErrorKind::AddrNotAvailable => anyhow!(
            "{addr} is not an address of this machine: use 127.0.0.1 (this machine only), or 0.0.0.0 \
             (every interface)"
        ),
        io::ErrorKind::PermissionDenied => anyhow!(
            "this system reserves port {port} for administrators: choose one of 1024 or more with \
             {option}"
        ),
        _ => anyhow!("cannot listen on {addr} port {port}: {}", plain(&error)),
    })
}

/// Removes the temporary folder of a server. Somebody else may have removed it already.
pub fn remove(folder: tempfile::TempDir) -> Result<()> {
    match folder.close() {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(anyhow!(
            "cannot remove the temporary folder: {}",
            plain(&error)
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::endpoints;

    #[test]
    fn a_short_or_odd_ipv4_address_is_refused_and_not_guessed() {
        for addr in [
            "1.2.3",
            "127.1",
            "2130706433",
            "0x7f.1",
            "0x7f000001",
            "127.0.0.01",
        ] {
            let error = endpoints(addr, 1).unwrap_err().to_string();
            assert!(error.contains("is not an IPv4 address"), "{addr}: {error}");
        }
        for addr in ["127.0.0.1", "::1", "[::1]", "localhost"] {
            assert!(endpoints(addr, 1).is_ok(), "{addr}");
        }
        assert!(
            !super::looks_like_ipv4("3com"),
            "a name may begin with a digit"
        );
    }
}
