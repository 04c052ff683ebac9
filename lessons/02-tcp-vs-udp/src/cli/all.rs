//! All experiments, one line each: what TCP did, what UDP did.

use anyhow::bail;
use lesson_02_tcp_vs_udp::{
    experiments::{
        backpressure, boundaries, cost,
        crossing::SEED,
        duplicates, full_duplex, loss,
        nobody_home::{self, Outcome},
        one_to_many::{self, PEERS},
        order, overrun, small_writes, truncation,
    },
    net::Lab,
    trouble::Trouble,
};

use super::{
    out::{octets, say, wide_ms},
    paces::megabytes_a_second,
};

/// One line of the table.
struct Row(&'static str, String, String);

type Experiment = fn(&Lab) -> Result<Vec<Row>, Trouble>;

/// Their names are those of the subcommands.
const EXPERIMENTS: [(&str, Experiment); 12] = [
    ("boundaries", boundaries),
    ("truncation", truncation),
    ("nobody-home", nobody_home),
    ("one-to-many", one_to_many),
    ("full-duplex", full_duplex),
    ("loss", loss),
    ("order", order),
    ("duplicates", duplicates),
    ("backpressure", backpressure),
    ("overrun", overrun),
    ("cost", cost),
    ("small-writes", small_writes),
];

pub fn run(lab: &Lab) -> anyhow::Result<()> {
    say!("Twelve experiments on {}. Observed in this run:", lab.addr)?;
    say!("{:<12} | {:<31} | UDP", "", "TCP")?;
    let mut failed = Vec::new();
    for (name, experiment) in EXPERIMENTS {
        match experiment(lab) {
            Ok(rows) => {
                for Row(name, tcp, udp) in rows {
                    say!("{name:<12} | {tcp:<31} | {udp}")?;
                }
            }
            Err(trouble) => {
                say!("{name:<12} | did not run")?;
                eprintln!("error: {name}: {trouble}");
                failed.push(name);
            }
        }
    }
    say!("Next, one of them in detail:")?;
    say!("cargo run -q -p lesson-02-tcp-vs-udp -- boundaries")?;
    if failed.is_empty() {
        Ok(())
    } else {
        bail!("did not run: {}", failed.join(", "))
    }
}

fn row(name: &'static str, tcp: impl Into<String>, udp: impl Into<String>) -> Row {
    Row(name, tcp.into(), udp.into())
}

fn boundaries(lab: &Lab) -> Result<Vec<Row>, Trouble> {
    let seen = boundaries::run(lab)?;
    let written = seen.written.len();
    let reads = |count| {
        if count == 1 {
            "1 read".into()
        } else {
            format!("{count} reads")
        }
    };
    Ok(vec![row(
        "boundaries",
        format!("{written} writes, {}", reads(seen.tcp_reads.len())),
        format!("{written} datagrams, {}", reads(seen.udp_reads.len())),
    )])
}

fn truncation(lab: &Lab) -> Result<Vec<Row>, Trouble> {
    let seen = truncation::run(lab)?;
    let sent = truncation::TEXT.len();
    let got = |reads: &[String]| format!("{} of {sent} octets read", reads.concat().len());
    Ok(vec![row(
        "truncation",
        got(&seen.tcp_reads),
        got(&seen.udp_reads),
    )])
}

fn nobody_home(lab: &Lab) -> Result<Vec<Row>, Trouble> {
    let seen = nobody_home::run(lab)?;
    let word = |outcome: &Outcome| match outcome {
        Outcome::Done(_) => "works",
        Outcome::Refused => "refused",
        Outcome::Silence => "silence",
        Outcome::Other(_) => "fails",
    };
    let [send, next, ..] = &seen.udp_connected;
    Ok(vec![row(
        "nobody-home",
        format!("connect: {}", word(&seen.tcp_connect)),
        format!("send: {}, next call: {}", word(send), word(next)),
    )])
}

fn one_to_many(lab: &Lab) -> Result<Vec<Row>, Trouble> {
    let seen = one_to_many::run(lab)?;
    let multicast = match seen.multicast {
        Ok(seen) => format!("1 datagram sent, {} received", seen.one_to_many),
        Err(_) => "not on this machine's loopback".into(),
    };
    Ok(vec![
        row(
            "one-to-many",
            format!("{PEERS} peers, {} sockets", seen.tcp_sockets),
            format!("{PEERS} peers, {} socket", seen.udp_sockets),
        ),
        row("  multicast", "none", multicast),
    ])
}

fn full_duplex(lab: &Lab) -> Result<Vec<Row>, Trouble> {
    let seen = full_duplex::run(lab)?;
    let crossed = |heard: &[String; 2]| {
        if heard.iter().all(|text| !text.is_empty()) {
            "both sent before either read"
        } else {
            "one read nothing"
        }
    };
    Ok(vec![
        row(
            "full-duplex",
            crossed(&seen.tcp_crossed),
            crossed(&seen.udp_crossed),
        ),
        row(
            "  half-close",
            format!("read returned {}: the end", octets(seen.end_of_stream)),
            match seen.empty_datagram {
                Some(0) => "0 octets are a datagram",
                _ => "the empty datagram was lost",
            },
        ),
    ])
}

fn loss(lab: &Lab) -> Result<Vec<Row>, Trouble> {
    let seen = loss::run(lab, SEED, loss::PERCENT)?;
    let mut rows = vec![row(
        "loss 20 %",
        format!(
            "{} of {}, after {}",
            seen.tcp.arrived.len(),
            seen.tcp.sent,
            wide_ms(seen.tcp_time)
        ),
        format!(
            "{} of {}, after {}",
            seen.udp.arrived.len(),
            seen.udp.sent,
            wide_ms(seen.udp_time)
        ),
    )];
    rows.extend(in_the_kernel(lab));
    Ok(rows)
}

#[cfg(target_os = "linux")]
fn in_the_kernel(lab: &Lab) -> Option<Row> {
    use lesson_02_tcp_vs_udp::experiments::kernel_loss::{self, COUNT};
    // A machine that allows no filters has no such line.
    let seen = kernel_loss::run(lab).ok()?;
    Some(row(
        "  in kernel",
        format!(
            "{} of {COUNT}, after {}",
            seen.tcp_arrived,
            wide_ms(seen.tcp_time)
        ),
        format!("{} of {COUNT}", seen.udp_arrived),
    ))
}

#[cfg(not(target_os = "linux"))]
fn in_the_kernel(_lab: &Lab) -> Option<Row> {
    None
}

fn order(lab: &Lab) -> Result<Vec<Row>, Trouble> {
    let seen = order::run(lab, SEED, order::PERCENT)?;
    Ok(vec![row(
        "order",
        format!(
            "{} out of order, after {}",
            seen.tcp.overtaken().len(),
            wide_ms(seen.tcp_time)
        ),
        format!(
            "{} out of order, after {}",
            seen.udp.overtaken().len(),
            wide_ms(seen.udp_time)
        ),
    )])
}

fn duplicates(lab: &Lab) -> Result<Vec<Row>, Trouble> {
    let seen = duplicates::run(lab, SEED, duplicates::PERCENT)?;
    Ok(vec![row(
        "duplicates",
        format!("{} sent, {} arrived", seen.tcp.sent, seen.tcp.arrived.len()),
        format!("{} sent, {} arrived", seen.udp.sent, seen.udp.arrived.len()),
    )])
}

fn backpressure(lab: &Lab) -> Result<Vec<Row>, Trouble> {
    let seen = backpressure::run(lab)?;
    Ok(vec![row(
        "backpressure",
        format!("waits after {:>5} KiB", seen.tcp_fitted / 1024),
        format!("{} sent, {} kept", seen.udp_sent, seen.udp_arrived),
    )])
}

fn overrun(lab: &Lab) -> Result<Vec<Row>, Trouble> {
    let seen = overrun::run(lab)?;
    Ok(vec![row(
        "overrun",
        format!(
            "{} of {} arrived",
            seen.tcp_arrived / overrun::SIZE,
            overrun::COUNT
        ),
        format!("{} of {} arrived", seen.arrived, seen.sent),
    )])
}

fn cost(lab: &Lab) -> Result<Vec<Row>, Trouble> {
    let seen = cost::run(lab)?;
    let crossed = |price: &cost::Price| match price.crossed {
        Some(crossed) => format!(
            "{:>5} packets, {:>5} octets",
            crossed.packets, crossed.octets
        ),
        None => "not counted on this system".into(),
    };
    let bulk = |(count, time)| {
        format!(
            "{:>5} MB/s, {:>5} % arrived",
            megabytes_a_second(count, time),
            count * 100 / cost::BULK
        )
    };
    Ok(vec![
        row("cost", crossed(&seen.tcp_new), crossed(&seen.udp)),
        row(
            "  in time",
            wide_ms(seen.tcp_new.time),
            wide_ms(seen.udp.time),
        ),
        row("  at length", bulk(seen.tcp_bulk), bulk(seen.udp_bulk)),
    ])
}

fn small_writes(lab: &Lab) -> Result<Vec<Row>, Trouble> {
    let seen = small_writes::run(lab)?;
    let [two, one, datagrams] = [&seen.two_writes, &seen.one_write, &seen.datagrams]
        .map(|times| wide_ms(small_writes::median(times)));
    Ok(vec![row(
        "small-writes",
        format!("two: {two}, one: {one}"),
        format!("two: {datagrams}"),
    )])
}
