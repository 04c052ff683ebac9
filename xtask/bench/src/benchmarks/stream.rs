//! `stream`: how many octets a second, for writes of 1 KiB, 64 KiB and 1 MiB.
//!
//! Sender and receiver stand on two CPUs, each held in its place, ours and the peers alike.

use std::fs::File;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use lesson_03_unix_sockets::compare::{Pair, Placement, Plan, throughput};
use measured::figure::Unit;
use measured::report::Group;

use crate::context::Context;
use crate::machine::{cpus, hold};
use crate::process::{end, quiet, start};
use crate::server::{Server, free_port, listens, until};
use crate::turns::Turns;

const OURS: &str = "lesson 03";
const IPERF: &str = "iperf3";
const SOCAT: &str = "socat";
const NCAT: &str = "ncat (its own chunks)";

/// The same, with writes that fill a segment each and leave nothing over.
const SEGMENTS: &str = "lesson 03, 65,483 octets a write";

/// What fits into a segment on the loopback interface of Linux: its MTU is 65,536, an IP packet has 65,535
/// octets at most, and 52 of these are the heads of IP and TCP with the timestamps.
const SEGMENT: usize = 65_483;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// Octets of a write, how the title says it, and octets of a round: small writes are slow.
const CHUNKS: [(usize, &str, usize); 3] = [
    (KIB, "1 KiB", 128 * MIB),
    (64 * KIB, "64 KiB", 1024 * MIB),
    (MIB, "1 MiB", 1024 * MIB),
];

/// What the benchmark needs of the peers.
struct Peers {
    iperf: Option<PathBuf>,
    socat: Option<PathBuf>,
    ncat: Option<PathBuf>,
}

pub(super) fn run(context: &Context) -> Result<Vec<Group>> {
    let peers = Peers {
        iperf: context.peer("iperf3"),
        socat: context.peer("socat"),
        ncat: context.peer("ncat"),
    };
    let mut groups = Vec::new();
    for (chunk, name, octets) in CHUNKS {
        let title = |family: &str| format!("{family}, writes of {name}");
        let turns = |family| {
            let rounds = context.choose(5, 15);
            Turns::new(title(family), Unit::OctetsASecond, rounds)
        };
        groups.push(tcp(context, turns("TCP"), chunk, octets, &peers)?);
        groups.push(unix(
            context,
            turns("AF_UNIX stream"),
            chunk,
            octets,
            &peers,
        )?);
    }
    Ok(groups)
}

/// What the lesson measures when it is told to do one block.
fn ours(chunk: usize, octets: usize) -> Result<Pair> {
    let plan = Plan {
        blocks: 1,
        rounds: 0,
        octets,
        chunk,
        addr: IpAddr::V4(Ipv4Addr::LOCALHOST),
    };
    let placement = match cpus()[..] {
        [one, two, ..] => Placement::Apart(one, two),
        _ => Placement::Free,
    };
    Ok(throughput(&plan, placement)?)
}

fn tcp<'a>(
    context: &'a Context,
    mut turns: Turns<'a>,
    chunk: usize,
    octets: usize,
    peers: &'a Peers,
) -> Result<Group> {
    turns.ours(OURS, move || Ok(ours(chunk, octets)?.tcp));
    if chunk == 64 * KIB {
        turns.ours(SEGMENTS, move || Ok(ours(SEGMENT, octets)?.tcp));
    }
    let mut server = None;
    if let Some(program) = &peers.iperf {
        let port = free_port()?;
        let port_text = port.to_string();
        let listening = ["-s", "-B", "127.0.0.1", "-p", &port_text];
        server = Some(Server::start(quiet(program).args(listening))?);
        until(IPERF, || listens(port))?;
        turns.peer(IPERF, move || iperf(program, port, chunk, octets));
    }
    if let Some(program) = &peers.socat {
        turns.peer(SOCAT, move || {
            let port = free_port()?;
            let from = format!("TCP-LISTEN:{port},bind=127.0.0.1");
            let to = format!("TCP:127.0.0.1:{port}");
            let pair = (
                socat_take(program, chunk, &from),
                socat_send(program, chunk, octets, &to),
            );
            transfer(pair, octets, || listens(port))
        });
    }
    if let Some(program) = &peers.ncat
        && chunk == 64 * KIB
    {
        turns.peer(NCAT, move || {
            let port = free_port()?.to_string();
            let take = ncat(program, &["-l", "127.0.0.1", &port, "--recv-only"]);
            let mut send = ncat(program, &["127.0.0.1", &port, "--send-only"]);
            send.stdin(zeros(context, octets)?);
            let number = port.parse()?;
            transfer((take, send), octets, || listens(number))
        });
    }
    turns.times_as_fast(OURS, 1.0, IPERF);
    let group = turns.take();
    drop(server);
    group
}

fn unix<'a>(
    context: &'a Context,
    mut turns: Turns<'a>,
    chunk: usize,
    octets: usize,
    peers: &'a Peers,
) -> Result<Group> {
    turns.ours(OURS, move || Ok(ours(chunk, octets)?.unix));
    let path = context.scratch("stream.sock");
    if let Some(program) = &peers.socat {
        let path = path.clone();
        turns.peer(SOCAT, move || {
            fresh(&path)?;
            let from = format!("UNIX-LISTEN:{}", path.display());
            let to = format!("UNIX-CONNECT:{}", path.display());
            let pair = (
                socat_take(program, chunk, &from),
                socat_send(program, chunk, octets, &to),
            );
            transfer(pair, octets, || path.exists())
        });
    }
    if let Some(program) = &peers.ncat
        && chunk == 64 * KIB
    {
        turns.peer(NCAT, move || {
            fresh(&path)?;
            let name = path.to_string_lossy();
            let take = ncat(program, &["-l", "-U", &name, "--recv-only"]);
            let mut send = ncat(program, &["-U", &name, "--send-only"]);
            send.stdin(zeros(context, octets)?);
            transfer((take, send), octets, || path.exists())
        });
    }
    turns.times_as_fast(OURS, 3.0, SOCAT);
    turns.take()
}

/// One run of the client; the server goes on.
fn iperf(program: &Path, port: u16, chunk: usize, octets: usize) -> Result<f64> {
    let mut command = Command::new(program);
    command
        .args(["-c", "127.0.0.1", "-J", "-p"])
        .arg(port.to_string())
        .args(["-l", &chunk.to_string(), "-n", &octets.to_string()]);
    if let [one, two, ..] = cpus()[..] {
        command.arg("-A").arg(format!("{two},{one}"));
    }
    let output = command.output().context("cannot start iperf3")?;
    let said: serde_json::Value =
        serde_json::from_slice(&output.stdout).context("iperf3 does not answer in JSON")?;
    let bits = said["end"]["sum_received"]["bits_per_second"].as_f64();
    bits.map(|bits| bits / 8.0)
        .with_context(|| format!("iperf3 says {}", said["error"]))
}

fn socat_take(program: &Path, chunk: usize, from: &str) -> Command {
    let mut command = quiet(program);
    command
        .args(["-u", "-b", &chunk.to_string(), from])
        .arg("OPEN:/dev/null,wronly");
    command
}

fn socat_send(program: &Path, chunk: usize, octets: usize, to: &str) -> Command {
    let mut command = quiet(program);
    command
        .args(["-u", "-b", &chunk.to_string()])
        .args([&format!("OPEN:/dev/zero,rdonly,readbytes={octets}"), to]);
    command
}

fn ncat(program: &Path, arguments: &[&str]) -> Command {
    let mut command = quiet(program);
    command.args(arguments);
    command
}

/// A file of zeros that takes no room on the disk.
fn zeros(context: &Context, octets: usize) -> Result<Stdio> {
    let path = context.scratch(&format!("zeros-{octets}"));
    if !path.exists() {
        File::create(&path)?.set_len(u64::try_from(octets)?)?;
    }
    Ok(File::open(path)?.into())
}

/// The name of the last listening socket is taken away.
fn fresh(path: &Path) -> Result<()> {
    if path.exists() {
        std::fs::remove_file(path)?;
    }
    Ok(())
}

/// Octets a second from the start of the sender to the end of the receiver.
fn transfer(
    (mut take, mut send): (Command, Command),
    octets: usize,
    ready: impl FnMut() -> bool,
) -> Result<f64> {
    let cpus = cpus();
    let place = |index: usize| cpus.get(index).filter(|_| cpus.len() > 1).copied();
    let taking = placed(place(0), &mut take)?;
    until("the receiver", ready)?;
    let begun = Instant::now();
    let sending = placed(place(1), &mut send)?;
    let (_, given) = end(sending, begun)?;
    let (took, taken) = end(taking, begun)?;
    ensure!(
        given.success() && taken.success(),
        "the transfer has failed"
    );
    #[expect(clippy::cast_precision_loss, reason = "fewer than 2^53 octets")]
    Ok(octets as f64 / took)
}

/// Starts a program on a CPU: it inherits the place of the thread that starts it.
fn placed(cpu: Option<usize>, command: &mut Command) -> Result<std::process::Child> {
    thread::scope(|scope| {
        let starting = scope.spawn(move || {
            if let Some(cpu) = cpu {
                hold(cpu);
            }
            start(command)
        });
        starting.join().ok().context("a thread has panicked")?
    })
}
