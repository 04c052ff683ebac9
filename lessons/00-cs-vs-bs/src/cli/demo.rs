//! Without a subcommand: the same work through both doors, and what it cost.

use super::{COMMAND, listen, remove, say};
use anyhow::{Context as _, Result, anyhow, ensure};
use lesson_00_cs_vs_bs::browser::Browser;
use lesson_00_cs_vs_bs::disk::Disk;
use lesson_00_cs_vs_bs::http::page::octets;
use lesson_00_cs_vs_bs::line::client::{ClientError, LineClient};
use lesson_00_cs_vs_bs::meter::Traffic;
use lesson_00_cs_vs_bs::server::{self, Door, Limits, Stop};
use std::process::ExitCode;
use std::thread;

const NAME: &str = "notes.txt";
const FIRST: &[u8] = b"C/S: the client is installed.\n";
const SECOND: &[u8] = b"B/S: the browser is there already.\n";

/// Starts a server on a temporary folder, uses it in both ways, and prints the comparison.
pub fn run() -> Result<ExitCode> {
    let stop = Stop::default();
    let handler = stop.clone();
    ctrlc::set_handler(move || handler.request()).context("cannot watch for Ctrl-C")?;
    let folder = tempfile::Builder::new()
        .prefix("network-disk-")
        .tempdir()
        .context("cannot make a temporary folder")?;
    let disk = Disk::open(folder.path(), None)?;
    let line = listen("127.0.0.1", 0, "--port")?;
    let http = listen("127.0.0.1", 0, "--port")?;
    let (line_end, http_end) = (line.local_addr()?, http.local_addr()?);

    say("one server, one folder, two listening sockets:")?;
    say(&format!(
        "  listening on {line_end} for the installed client (C/S)"
    ))?;
    say(&format!("  listening on {http_end} for any browser (B/S)"))?;
    say("")?;
    let limits = Limits::default();
    let outcome = thread::scope(|scope| {
        let server = scope.spawn(|| {
            let doors = [(Door::Line, line), (Door::Http, http)];
            server::serve(&doors, &disk, &limits, &stop, &|_, _, _| {})
        });
        let outcome = LineClient::connect(line_end)
            .and_then(|client| Ok((client, Browser::connect(http_end)?)))
            .map_err(Into::into)
            .and_then(|(client, browser)| exchange(client, browser));
        let interrupted = stop.requested();
        stop.request();
        server
            .join()
            .map_err(|_| anyhow!("the server has failed"))??;
        if interrupted {
            Ok(None)
        } else {
            outcome.map(Some)
        }
    });
    remove(folder)?;
    let Some(costs) = outcome? else {
        return Ok(ExitCode::from(130));
    };
    table(&costs)?;
    say("")?;
    say(
        "Now be both clients yourself. Start the server, then open the http address that it prints:",
    )?;
    say(&format!("  {COMMAND} serve"))?;
    Ok(ExitCode::SUCCESS)
}

/// What one operation cost in both architectures.
struct Cost {
    operation: &'static str,
    cs: Traffic,
    bs: Traffic,
}

/// Everything that the run has measured.
struct Costs {
    operations: Vec<Cost>,
    /// Octets of the page that are neither a name nor a size: what draws the screen.
    layout: usize,
    program: u64,
}

/// Does everything twice, so that each door once writes what the other reads.
fn exchange(mut client: LineClient, mut browser: Browser) -> Result<Costs> {
    let here = format!("/files/{NAME}");

    client.put(NAME, FIRST.len() as u64, &mut &FIRST[..])?;
    let cs_create = client.traffic();
    ensure!(
        browser.download(NAME)? == FIRST,
        "the browser read something else"
    );
    let bs_read = browser.traffic();
    say(&format!(
        "C/S put {NAME}      -> B/S reads the same {}",
        octets(FIRST.len() as u64)
    ))?;

    browser.submit_file(&here, NAME, SECOND)?;
    let bs_update = browser.traffic();
    let mut seen = Vec::new();
    client.get(NAME, &mut seen)?;
    let cs_read = client.traffic();
    ensure!(seen == SECOND, "the client read something else");
    say(&format!(
        "B/S replaces {NAME} -> C/S reads the new {}",
        octets(SECOND.len() as u64)
    ))?;

    client.remove(NAME)?;
    let cs_delete = client.traffic();
    let empty = browser.look()?;
    ensure!(!empty.contains(NAME), "the page still shows the file");
    browser.traffic();
    say(&format!(
        "C/S removes {NAME}  -> the page of B/S shows it no more"
    ))?;

    let page = browser.submit_file("/", NAME, FIRST)?;
    let bs_create = browser.traffic();
    ensure!(page.contains(NAME), "the page does not show the file");
    let entries = client.list()?;
    let cs_list = client.traffic();
    ensure!(
        entries.len() == 1 && entries[0].name.as_str() == NAME,
        "the list is wrong"
    );
    say(&format!("B/S uploads {NAME}  -> C/S lists it"))?;

    client.put(NAME, SECOND.len() as u64, &mut &SECOND[..])?;
    let cs_update = client.traffic();
    ensure!(
        browser.download(NAME)? == SECOND,
        "the browser read something else"
    );
    browser.traffic();
    browser.look()?;
    let bs_list = browser.traffic();
    say(&format!(
        "C/S puts {NAME}     -> B/S reads the new {}",
        octets(SECOND.len() as u64)
    ))?;

    browser.submit_button(&format!("/remove/{NAME}"))?;
    let bs_delete = browser.traffic();
    ensure!(
        matches!(
            client.get(NAME, &mut Vec::new()),
            Err(ClientError::Refused(_))
        ),
        "the client still reads the file"
    );
    say(&format!(
        "B/S deletes {NAME}  -> C/S is told that it is gone"
    ))?;
    say("")?;

    let cost = |operation, cs, bs| Cost { operation, cs, bs };
    Ok(Costs {
        operations: vec![
            cost("see the list", cs_list, bs_list),
            cost("create", cs_create, bs_create),
            cost("read", cs_read, bs_read),
            cost("update", cs_update, bs_update),
            cost("delete", cs_delete, bs_delete),
        ],
        layout: empty.len(),
        program: std::env::current_exe()
            .and_then(std::fs::metadata)
            .map_or(0, |data| data.len()),
    })
}

fn table(costs: &Costs) -> Result<()> {
    let row =
        |what: &str, cs: &str, bs: &str| say(format!("{what:<22} | {cs:<25} | {bs}").trim_end());
    row(
        "octets on the wire",
        "C/S   sent   received",
        "B/S   sent   received",
    )?;
    say(&format!("{:-<22}-|-{:-<25}-|-{:-<25}", "", "", ""))?;
    for cost in &costs.operations {
        let cell = |t: Traffic| format!("{:>10} {:>10}", t.sent, t.received);
        row(cost.operation, &cell(cost.cs), &cell(cost.bs))?;
    }
    row(
        "had to be installed",
        "this program",
        "nothing: a browser is there",
    )?;
    let layout = format!("{} of HTML, CSS", octets(costs.layout as u64));
    row("layout from the server", "0 octets", &layout)?;
    row("who decides its look", "the client program", "the server")?;
    row(
        "to change the screen",
        "install a client again,",
        "change the server;",
    )?;
    row("", "for every user", "reload the page")?;
    say(&format!(
        "size of this program: {:.1} MiB",
        in_mebibytes(costs.program)
    ))?;
    Ok(())
}

fn in_mebibytes(octets: u64) -> f64 {
    // Tenths are enough for a person, and a u32 of tenths of a MiB is 400 TiB.
    f64::from(u32::try_from(octets * 10 / (1 << 20)).unwrap_or(u32::MAX)) / 10.0
}
