//! From the command line to the library and back to the terminal.

mod args;

pub use args::Args;
use args::{Command, Talk};
use lesson_04_tcp_chat::error::ChatError;
use lesson_04_tcp_chat::keyboard::Keyboard;
use lesson_04_tcp_chat::screen::Screen;
use lesson_04_tcp_chat::turns::{Ending, Role, talk};
use lesson_04_tcp_chat::{endpoint, naive};
use std::io::{self, BufReader, IsTerminal, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

/// Does what the command line says.
pub fn run(args: Args) -> anyhow::Result<()> {
    match args.command {
        Command::Server(options) => serve(&options),
        Command::Client(options) => call(&options),
    }
}

/// Whether the program that read our output has gone (`| head -1`): no fault of ours.
pub fn is_closed_output(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(ChatError::Screen(cause)) if cause.kind() == io::ErrorKind::BrokenPipe
    )
}

fn serve(options: &Talk) -> anyhow::Result<()> {
    let at = options.endpoint.address();
    let listener = if options.naive {
        endpoint::listen_naive(at)?
    } else {
        endpoint::listen(at)?
    };
    say(format_args!("listening on {}", listener.local_addr()?))?;
    answer(&listener, options)
}

/// Takes one caller, as the notes do. The listening socket stays open meanwhile, so that further
/// callers wait in the backlog; they are reset when it closes.
fn answer(listener: &TcpListener, options: &Talk) -> anyhow::Result<()> {
    let (stream, peer) = endpoint::accept(listener)?;
    say(format_args!(
        "{} called; the client speaks first",
        peer.ip()
    ))?;
    converse(stream, Role::Server, options)
}

fn call(options: &Talk) -> anyhow::Result<()> {
    let to: SocketAddr = options.endpoint.address();
    let stream = endpoint::connect(to)?;
    say(format_args!(
        "connected to {to}; you speak first, `bye` ends it"
    ))?;
    converse(stream, Role::Client, options)
}

fn converse(mut stream: TcpStream, role: Role, options: &Talk) -> anyhow::Result<()> {
    let mut input = BufReader::new(io::stdin());
    if options.naive {
        let mut screen = io::stdout();
        match role {
            Role::Server => naive::serve(&mut stream, &mut input, &mut screen)?,
            Role::Client => naive::call(&mut stream, &mut input, &mut screen)?,
        }
        return Ok(());
    }
    let mut screen = Screen::new(io::stdout(), io::stdin().is_terminal());
    let keyboard = Keyboard::new(input);
    let ending = talk(&stream, role, &keyboard, &mut screen, options.show_at_most)?;
    report(ending, role, &mut screen)?;
    Ok(())
}

/// Says how it ended, unless both know it.
fn report(ending: Ending, role: Role, screen: &mut Screen<impl Write>) -> Result<(), ChatError> {
    let note = match (ending, role) {
        (Ending::PeerLeft, _) => "the peer has left without saying `bye`",
        (Ending::PeerSaidBye, Role::Client) => "the server has said `bye`",
        (Ending::PeerSaidBye, Role::Server) | (Ending::WeSaidBye, _) => return Ok(()),
    };
    screen.note(note)
}

/// Prints a line of our own.
fn say(line: std::fmt::Arguments<'_>) -> Result<(), ChatError> {
    let mut out = io::stdout();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .map_err(ChatError::Screen)
}
