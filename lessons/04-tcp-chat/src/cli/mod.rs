//! From the command line to the library and back to the terminal.

mod args;
mod memory;
mod pair;

pub use args::Args;
use args::{Command, MischiefArgs, Options};
use lesson_04_tcp_chat::anytime::talk_anytime;
use lesson_04_tcp_chat::error::ChatError;
use lesson_04_tcp_chat::nameplate::Nameplate;
use lesson_04_tcp_chat::screen::Screen;
use lesson_04_tcp_chat::turns::{Ending, Role, talk};
use lesson_04_tcp_chat::{endpoint, mischief, naive};
use std::io::{self, BufReader, IsTerminal, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

/// Does what the command line says.
pub fn run(args: Args) -> anyhow::Result<()> {
    match args.command {
        None => pair::either(&args.pair),
        Some(Command::Server(options)) => serve(&options),
        Some(Command::Client(options)) => call(options.endpoint.destination(), &options),
        Some(Command::Mischief(options)) => misbehave(&options),
    }
}

/// Whether the program that read our output has gone (`| head -1`): no fault of ours.
pub fn is_closed_output(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(ChatError::Screen(cause)) if cause.kind() == io::ErrorKind::BrokenPipe
    )
}

fn serve(options: &Options) -> anyhow::Result<()> {
    let at = options.endpoint.address();
    let listener = if options.naive {
        endpoint::listen_naive(at)?
    } else {
        endpoint::listen(at)?
    };
    say(format_args!("listening on {}", listener.local_addr()?))?;
    answer(&listener, options)
}

/// Takes one caller. The listening socket stays open meanwhile: further callers wait in the backlog,
/// connected but not accepted, and are reset when it closes.
fn answer(listener: &TcpListener, options: &Options) -> anyhow::Result<()> {
    // The chat works without a name plate, so it does not matter if there is none.
    let nameplate = (!options.naive)
        .then(|| Nameplate::hang_out(listener.local_addr().ok()?).ok())
        .flatten();
    let (stream, peer) = endpoint::accept(listener)?;
    if let Some(nameplate) = &nameplate {
        nameplate.now_talking();
    }
    let who_begins = if options.talk_anytime {
        "; type when you like"
    } else {
        " and speaks first"
    };
    say(format_args!("{} called{who_begins}", peer.ip()))?;
    converse(stream, Role::Server, options)
}

fn call(to: SocketAddr, options: &Options) -> anyhow::Result<()> {
    let stream = endpoint::connect(to)?;
    let who_begins = if options.talk_anytime {
        "type when you like"
    } else {
        "you speak first"
    };
    say(format_args!(
        "connected to {to}; {who_begins}, `bye` ends it"
    ))?;
    converse(stream, Role::Client, options)
}

fn converse(mut stream: TcpStream, role: Role, options: &Options) -> anyhow::Result<()> {
    let mut input = BufReader::new(io::stdin());
    if options.naive {
        let mut screen = io::stdout();
        match role {
            Role::Server => naive::serve(&mut stream, &mut input, &mut screen)?,
            Role::Client => naive::call(&mut stream, &mut input, &mut screen)?,
        }
        return Ok(());
    }
    let screen = Arc::new(Screen::new(io::stdout(), io::stdin().is_terminal()));
    let most = options.show_at_most;
    let ending = if options.talk_anytime {
        talk_anytime(&stream, role, input, &screen, most)
    } else {
        talk(&stream, role, input, &screen, most)
    };
    if options.memory {
        memory::report(&screen)?;
    }
    report(ending?, role, &screen)?;
    Ok(())
}

/// Says how it ended, unless that is clear.
fn report(ending: Ending, role: Role, screen: &Screen<impl Write>) -> Result<(), ChatError> {
    match (ending, role) {
        (Ending::PeerLeft, _) => screen.note("the peer has left without saying `bye`"),
        (Ending::PeerSaidBye, Role::Client) => screen.note("the server has said `bye`"),
        (Ending::PeerSaidBye, Role::Server) | (Ending::WeSaidBye, _) => Ok(()),
    }
}

fn misbehave(options: &MischiefArgs) -> anyhow::Result<()> {
    let to = options.endpoint.destination();
    let stream = endpoint::connect(to)?;
    say(format_args!("connected to {to}"))?;
    let peer = mischief::Peer::new(stream, io::stdin().lock(), io::stdout());
    match peer.commit(options.mischief()) {
        Err(ChatError::PeerReset) => Ok(say(format_args!("the server has left"))?),
        result => Ok(result?),
    }
}

/// Prints a line of our own.
fn say(line: std::fmt::Arguments<'_>) -> Result<(), ChatError> {
    let mut out = io::stdout();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .map_err(ChatError::Screen)
}
