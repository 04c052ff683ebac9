//! `book build | serve | test`: the commands behind `cargo xtask book`.

use std::io::{self, Write as _};
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::{ExitCode, Stdio};
use std::sync::Arc;

use anyhow::{Context, Result};
use book::check;
use book::layout::Layout;
use book::serve::{self, Limits, Live, News, Pages, Programs, Server, rebuild};
use book::site;
use clap::{Parser, Subcommand};

/// Build, serve and check the book "Layer by Layer".
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask book",
    bin_name = "cargo xtask book",
    version,
    arg_required_else_help = true,
    after_help = "Examples:\n  cargo xtask book serve            read the book in your browser\n  \
        cargo xtask book serve --port 0   the same, on a port that is free\n  \
        cargo xtask book serve --lan      let the class read it on their own machines\n  \
        cargo xtask book test             find what is wrong with it, before a reader does"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the book's pages
    Build {
        /// The folder for the pages: an empty or new one, or one that holds an earlier book
        /// [default: book/html]
        #[arg(long, value_name = "DIR")]
        dest: Option<PathBuf>,
    },
    /// Build the book, serve it on this machine, and open it in the browser
    ///
    /// The scenes in the book can be played there. Their programs run on this machine, in a folder of
    /// their own, and end with the page, after ten minutes, and with this command. Only a browser that
    /// has opened the address printed at the start, with its key, may start them. After each save of a
    /// chapter or a scene the open pages show the new book.
    Serve {
        /// Let other machines read the book: nobody can start programs then, and this machine's firewall
        /// must let them in
        #[arg(long)]
        lan: bool,
        /// The address to listen on [default: 127.0.0.1, which is reached from this machine only; with
        /// --lan all addresses of this machine]
        #[arg(long)]
        addr: Option<IpAddr>,
        /// The port to listen on; with 0 the system chooses a free one
        #[arg(long, default_value_t = 3000)]
        port: u16,
        /// Do not open the browser
        #[arg(long)]
        no_open: bool,
    },
    /// Check sources, scenes, listings, lengths, and every link of the finished pages
    Test,
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            // Standard error may be closed as well; there is nobody left to tell.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    let layout = Layout::find()?;
    match command {
        Command::Build { dest } => {
            let dest = site::build(&layout, dest.as_deref())?;
            say(&format!("the book is in {}", dest.display()))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Serve {
            lan,
            addr,
            port,
            no_open,
        } => {
            serve_book(&layout, serve::address(addr, lan)?, port, lan, !no_open)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Test => {
            let report = check::check(&layout)?;
            say(&report.to_string())?;
            Ok(if report.faults.is_empty() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            })
        }
    }
}

fn serve_book(layout: &Layout, addr: IpAddr, port: u16, lan: bool, open: bool) -> Result<()> {
    // First the port: whoever has to choose another one learns it before the book is built.
    let listener = serve::bind(addr, port)?;
    let pages = Arc::new(Pages::build(layout)?);
    let news = Arc::new(News::default());
    let live = (!lan).then(|| Live::new(layout, Programs::Build, Limits::default()));
    let server = Server::new(listener, Arc::clone(&pages), Arc::clone(&news), live)?;
    let url = server.door().url();
    if lan {
        let others = server.door().lan_urls();
        if others.is_empty() {
            say("this machine has no address on a network: nobody else reaches the book")?;
        } else {
            say("the class reads the book at")?;
            say(&others.join("\n"))?;
        }
        say("and this machine reads it at")?;
    } else {
        say("the book, with the key that lets your browser play its scenes, is at")?;
    }
    say(&url)?;
    if open && !has_screen() {
        say("there is no screen here for a browser: open this address in one yourself")?;
    } else if open {
        say("if your browser does not show it, open this address in one yourself")?;
    }
    match rebuild::watch(pages, news, |text| {
        let _ = say(text);
    }) {
        Ok(()) => say("after each save the pages show the new book; Ctrl-C ends it")?,
        Err(error) => say(&format!(
            "this system tells nothing of saved files ({error:#}): after a change, end this with Ctrl-C \
             and run it again"
        ))?,
    }
    let runtime = tokio::runtime::Runtime::new().context("the server cannot be started")?;
    runtime.block_on(async {
        if open && has_screen() {
            open_browser(server.door().url_for_browser());
        }
        server.run(stopped()).await
    })
}

/// Is there a screen that a browser could appear on? (Elsewhere than on Linux the system knows.)
fn has_screen() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let needs_display = cfg!(target_os = "linux") && !is_set("WSL_DISTRO_NAME");
    !needs_display
        || ["DISPLAY", "WAYLAND_DISPLAY", "BROWSER"]
            .into_iter()
            .any(is_set)
}

/// Opens the browser while the server is already running: some openers wait for the page.
fn open_browser(url: String) {
    // A thread of its own, which nobody waits for: an opener that hangs must not outlive Ctrl-C.
    std::thread::spawn(move || {
        if !named_browser_opens(&url) && open::that(&url).is_err() {
            let _ = writeln!(
                io::stderr(),
                "no browser could be opened: open the address above in one yourself"
            );
        }
    });
}

/// Does a browser that the variable names open the page? An editor on another machine sets it, and often
/// nothing else there opens anything.
fn named_browser_opens(url: &str) -> bool {
    let named = std::env::var("BROWSER").unwrap_or_default();
    let mut named = named.split(':').filter(|browser| !browser.is_empty());
    named.any(|browser| {
        let status = open::with_command(url, browser)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        status.is_ok_and(|status| status.success())
    })
}

/// Is done when the user has had enough: Ctrl-C, or the terminal is closed.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut hangup), Ok(mut terminate)) = (
            signal(SignalKind::hangup()),
            signal(SignalKind::terminate()),
        ) else {
            let _ = tokio::signal::ctrl_c().await;
            return;
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = hangup.recv() => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    {
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// Prints a line. Whoever closed the pipe (`| head -1`) does not want to hear more, and that is no
/// fault.
fn say(text: &str) -> Result<()> {
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.context("cannot print"),
    }
}
