//! `relay`, `send`, `receive`: the tools behind the experiments, for use by hand.

use std::{
    io::{self, BufRead, BufReader, Write},
    net::{Shutdown, SocketAddr, TcpStream, UdpSocket},
    time::{Duration, Instant},
};

use anyhow::Context;
use lesson_02_tcp_vs_udp::{
    net::{
        Lab, Protocol, Stop, accept_until, bind_tcp, bind_udp, is_refused, is_timeout, local,
        local_udp, resolve,
    },
    numbered::{Account, message, number},
    relay::{Event, run_tcp, run_udp},
    show::show,
    trouble::{Trouble, plain, while_},
    weather::Weather,
};

use super::{
    args,
    out::{OutputClosed, list, octets, say},
};

/// A line longer than this is shown in parts: a peer must not fill our memory.
const LINE: u64 = 64 * 1024;

/// So many numbers are kept for the account, for the same reason.
const MOST: usize = 10_000;

pub fn relay(args: &args::Relay) -> anyhow::Result<()> {
    let endpoint = args.listen.unwrap_or(SocketAddr::new(args.addr, args.port));
    let target = first(&args.to)?;
    let weather = Weather {
        seed: args.seed,
        drop: args.drop,
        duplicate: args.duplicate,
        reorder: args.reorder,
        delay: Duration::from_millis(args.delay),
        resend_after: Duration::from_millis(args.resend_after),
        ..Weather::default()
    };
    let stop = Stop::default();
    let log = |event: &Event<'_>| {
        // A closed output ends the relay, quietly.
        if args.log && say!("{event}").is_err() {
            stop.ask();
        }
    };
    if args.tcp {
        let listener = bind_tcp(endpoint)?;
        say!("listening on {}", local(&listener)?)?;
        announce(&weather, "TCP", target)?;
        run_tcp(&listener, target, &weather, args.segment, &stop, &log)?;
    } else {
        let front = bind_udp(endpoint)?;
        say!("listening on {}", local_udp(&front)?)?;
        announce(&weather, "UDP", target)?;
        let silence = Duration::from_secs(args.silence);
        run_udp(&front, target, &weather, silence, &stop, &log)?;
    }
    Err(OutputClosed.into())
}

fn announce(weather: &Weather, protocol: &str, target: SocketAddr) -> anyhow::Result<()> {
    say!("{protocol} goes on to {target}; stop with Ctrl-C")?;
    let mut skies = Vec::new();
    for (percent, what) in [
        (weather.drop, "lost"),
        (weather.duplicate, "doubled"),
        (weather.reorder, "overtaken"),
    ] {
        if percent > 0 {
            skies.push(format!("{percent} % {what}"));
        }
    }
    if !weather.delay.is_zero() {
        skies.push(format!("{} ms under way", weather.delay.as_millis()));
    }
    if skies.is_empty() {
        say!("weather: clear")
    } else {
        say!("weather: {} (seed {})", skies.join(", "), weather.seed)
    }
}

pub fn send(args: &args::Send) -> anyhow::Result<()> {
    let messages: Vec<Vec<u8>> = match &args.text {
        Some(text) => vec![text.as_bytes().to_vec()],
        None => (1..=args.count).map(|n| message(n).to_vec()).collect(),
    };
    if args.tcp {
        send_stream(args, &messages)
    } else {
        send_datagrams(args, &messages)
    }
}

fn send_datagrams(args: &args::Send, messages: &[Vec<u8>]) -> anyhow::Result<()> {
    let to = first(&args.to)?;
    let socket = bind_udp(any_address(to))?;
    // Connected, so that the kernel can tell this socket about a closed port.
    socket
        .connect(to)
        .map_err(|error| Trouble::reaching(to, error))?;
    for message in messages {
        socket
            .send(message)
            .map_err(|error| sending(to, message.len(), error))?;
    }
    if let Some(error) = socket.take_error().map_err(while_("asking for errors"))? {
        return Err(sending(to, 0, error).into());
    }
    let total = messages.iter().map(Vec::len).sum();
    say!(
        "sent {} to {to}, {}",
        things(messages.len(), "datagram"),
        octets(total)
    )?;
    say!("nobody has said whether they arrived")
}

fn sending(to: SocketAddr, length: usize, error: io::Error) -> Trouble {
    if is_refused(&error) {
        Trouble::NobodyListens {
            protocol: Protocol::Udp,
            endpoint: to,
        }
    } else if plain(&error).contains("too long") {
        Trouble::TooLong { octets: length }
    } else {
        Trouble::talking("sending", error)
    }
}

fn send_stream(args: &args::Send, messages: &[Vec<u8>]) -> anyhow::Result<()> {
    let mut stream = connect(&args.to)?;
    let to = stream.peer_addr().map_err(while_("asking for the peer"))?;
    // Each message leaves at once: the lesson wants to see them one by one.
    stream
        .set_nodelay(true)
        .map_err(while_("setting TCP_NODELAY"))?;
    for message in messages {
        stream
            .write_all(message)
            .map_err(|error| Trouble::talking("sending", error))?;
    }
    stream
        .shutdown(Shutdown::Write)
        .map_err(|error| Trouble::talking("ending the stream", error))?;
    let total = messages.iter().map(Vec::len).sum();
    say!(
        "wrote {} to {to} in {}",
        octets(total),
        things(messages.len(), "write")
    )?;
    say!("the kernel has them; nobody has said whether the other program read them")
}

/// Tries every address of the name: `localhost` may be `::1` and 127.0.0.1.
fn connect(name: &str) -> Result<TcpStream, Trouble> {
    let lab = Lab::default();
    let mut result = Err(Trouble::UnknownName(name.to_owned()));
    for to in resolve(name)? {
        result = lab.connect(to);
        if result.is_ok() {
            break;
        }
    }
    result
}

fn first(name: &str) -> Result<SocketAddr, Trouble> {
    resolve(name)?
        .first()
        .copied()
        .ok_or_else(|| Trouble::UnknownName(name.to_owned()))
}

/// "Any address of mine, any port", of the same family as `to`.
fn any_address(to: SocketAddr) -> SocketAddr {
    match to {
        SocketAddr::V4(_) => (std::net::Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (std::net::Ipv6Addr::UNSPECIFIED, 0).into(),
    }
}

fn things(count: usize, thing: &str) -> String {
    if count == 1 {
        format!("1 {thing}")
    } else {
        format!("{count} {thing}s")
    }
}

pub fn receive(args: &args::Receive) -> anyhow::Result<()> {
    let endpoint = SocketAddr::new(args.addr, args.port);
    let mut book = Book {
        times: args.times,
        first: None,
        arrived: Vec::new(),
    };
    if args.tcp {
        receive_stream(args, endpoint, &mut book)?;
    } else {
        let socket = bind_udp(endpoint)?;
        say!("listening on {}", local_udp(&socket)?)?;
        receive_datagrams(args, &socket, &mut book)?;
    }
    book.close(args.expect)
}

fn receive_datagrams(
    args: &args::Receive,
    socket: &UdpSocket,
    book: &mut Book,
) -> anyhow::Result<()> {
    let wait = Duration::from_secs(args.wait);
    let mut deadline = wait;
    let mut buffer = vec![0; usize::from(u16::MAX)];
    loop {
        socket
            .set_read_timeout(Some(deadline))
            .map_err(while_("setting a deadline"))?;
        match socket.recv_from(&mut buffer) {
            Ok((length, _)) => book.note(&buffer[..length])?,
            Err(error) if is_timeout(&error) && book.first.is_some() => return Ok(()),
            Err(error) if is_timeout(&error) => {
                return Err(silence(wait).into());
            }
            Err(error) => return Err(Trouble::talking("receiving", error).into()),
        }
        deadline = Duration::from_secs(args.quiet);
    }
}

fn silence(after: Duration) -> Trouble {
    Trouble::Silence {
        waiting_for: "waiting for the first message",
        after,
    }
}

fn receive_stream(
    args: &args::Receive,
    endpoint: SocketAddr,
    book: &mut Book,
) -> anyhow::Result<()> {
    let listener = bind_tcp(endpoint)?;
    say!("listening on {}", local(&listener)?)?;
    let wait = Duration::from_secs(args.wait);
    let start = Instant::now();
    let stream =
        accept_until(&listener, || start.elapsed() >= wait)?.ok_or_else(|| silence(wait))?;
    stream
        .set_read_timeout(Some(wait))
        .map_err(while_("setting a deadline"))?;
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = Vec::new();
        // A stream has no messages. Here a line feed ends one, because sender and receiver agree.
        match io::Read::take(&mut reader, LINE).read_until(b'\n', &mut line) {
            Ok(0) => return say!("end of the stream"),
            Ok(_) => book.note(&line)?,
            Err(error) if is_timeout(&error) => return Err(silence(wait).into()),
            Err(error) => return Err(Trouble::talking("receiving", error).into()),
        }
    }
}

/// What came, and when.
struct Book {
    times: bool,
    first: Option<Instant>,
    arrived: Vec<u32>,
}

impl Book {
    fn note(&mut self, octets: &[u8]) -> anyhow::Result<()> {
        let now = Instant::now();
        let since = now - *self.first.get_or_insert(now);
        if self.arrived.len() < MOST {
            self.arrived.extend(number(octets));
        }
        let text = show(octets.strip_suffix(b"\n").unwrap_or(octets));
        if self.times {
            say!("{text}, after {} ms", since.as_millis())
        } else {
            say!("{text}")
        }
    }

    /// The account at the end; for messages without numbers there is none.
    fn close(self, expect: Option<u32>) -> anyhow::Result<()> {
        let highest = self.arrived.iter().max().copied();
        let Some(sent) = expect.or(highest) else {
            return Ok(());
        };
        if self.arrived.len() == MOST {
            say!("only the first {MOST} numbers are counted:")?;
        }
        let account = Account {
            sent,
            arrived: self.arrived,
        };
        let row: Vec<String> = account.arrived.iter().map(ToString::to_string).collect();
        say!("{} arrived: {}", account.arrived.len(), row.join(" ")).context("the account")?;
        say!("missing:   {}", list(&account.missing()))?;
        say!("again:     {}", list(&account.copies()))?;
        say!("overtaken: {}", list(&account.overtaken()))
    }
}
