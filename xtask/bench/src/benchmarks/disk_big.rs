//! `disk-big`: a file of 1 GiB to the net disk and back.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use measured::figure::Unit;
use measured::report::Group;

use super::disk::{Ready, nginx, ours, python};
use crate::context::Context;
use crate::http;
use crate::process::{end, quiet, seconds, start};
use crate::server::{self, free_port, listens, until};
use crate::turns::Turns;

const LINE: &str = "lesson 00, line protocol";
const HTTP: &str = "lesson 00, HTTP";
const NCAT: &str = "ncat";
const NGINX: &str = "nginx";
const PYTHON: &str = "Python: http.server";
const CP: &str = "cp";
const CP_SYNC: &str = "cp, then sync";

const GIB: u32 = 1 << 30;

/// Where things are.
struct Setting {
    /// The file that is carried.
    big: PathBuf,
    /// Where it arrives.
    out: PathBuf,
    ours: Ready,
    client: PathBuf,
    nginx: Option<Ready>,
    python: Option<Ready>,
    ncat: Option<PathBuf>,
    rounds: usize,
}

pub(super) fn run(context: &Context) -> Result<Vec<Group>> {
    let big = context.scratch("big.bin");
    write_big(&big)?;
    let setting = Setting {
        out: context.scratch("out.bin"),
        ours: ours(context)?,
        client: context.program("lesson-00-cs-vs-bs", "lesson-00-cs-vs-bs")?,
        nginx: nginx(context)?,
        python: python(context)?,
        ncat: context.peer("ncat"),
        rounds: context.choose(3, 9),
        big,
    };
    let mut groups = vec![put(&setting)?, get(&setting)?];
    let pid = setting.ours.server.pid();
    if let Some(peak) = server::peak(pid) {
        let mut turns = Turns::new("Memory of the server, at most", Unit::Octets, 1);
        turns.ours("lesson 00", || Ok(peak));
        turns.limit("lesson 00", 16.0 * 1024.0 * 1024.0);
        groups.push(turns.take()?);
    }
    Ok(groups)
}

/// Octets that do not repeat soon: no file system stores them in less room.
fn write_big(path: &Path) -> Result<()> {
    let mut random = fastrand::Rng::with_seed(1);
    let mut piece = vec![0; 1 << 20];
    let mut file = BufWriter::new(File::create(path)?);
    for _ in 0..GIB >> 20 {
        random.fill(&mut piece);
        file.write_all(&piece)?;
    }
    file.flush().context("cannot write a file of 1 GiB")
}

/// Does the folder lie in memory? `/tmp` does on many systems, and `fsync` costs nothing there.
#[cfg(target_os = "linux")]
fn is_in_memory(folder: &Path) -> Result<bool> {
    let kind = nix::sys::statfs::statfs(folder)?.filesystem_type();
    Ok(kind == nix::sys::statfs::TMPFS_MAGIC)
}

#[cfg(not(target_os = "linux"))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "as on Linux, which can fail to tell"
)]
fn is_in_memory(_: &Path) -> Result<bool> {
    Ok(false)
}

fn rate(seconds: f64) -> f64 {
    f64::from(GIB) / seconds
}

fn put(setting: &Setting) -> Result<Group> {
    let Setting { big, ours, .. } = setting;
    let upload = |ready: &Ready, path: &str| {
        settled_without(ready)?;
        let took = http::put(ready.http, path, &mut File::open(big)?)?;
        is_whole(setting, ready)?;
        Ok(took)
    };
    let title = if is_in_memory(&ours.folder)? {
        "1 GiB to a folder that lies in memory (tmpfs): no disk is measured"
    } else {
        "1 GiB to the disk (ours is on the disk when it says so)"
    };
    let mut turns = turns(setting, title);
    turns.ours(LINE, || {
        let mut command = quiet(&setting.client);
        command.args(["put", "--port", &ours.line.to_string()]);
        settled_without(ours)?;
        let took = seconds(command.arg(big).arg("big.bin"))?;
        is_whole(setting, ours)?;
        Ok(rate(took))
    });
    turns.ours(HTTP, move || upload(ours, "/files/big.bin").map(rate));
    if let Some(nginx) = &setting.nginx {
        turns.peer(NGINX, move || upload(nginx, "/big.bin").map(rate));
    }
    if let Some(ncat) = &setting.ncat {
        turns.peer(NCAT, || {
            settled()?;
            carry(ncat, setting, &setting.out)
        });
    }
    turns.peer(CP, || copy(setting).map(rate));
    turns.peer(CP_SYNC, || {
        let copied = copy(setting)?;
        Ok(rate(copied + seconds(quiet("sync").arg(&setting.out))?))
    });
    judged(turns)
}

fn get(setting: &Setting) -> Result<Group> {
    let Setting { big, ours, .. } = setting;
    let servers = [Some(ours), setting.nginx.as_ref(), setting.python.as_ref()];
    for ready in servers.into_iter().flatten() {
        fs::copy(big, ready.folder.join("big.bin"))?;
    }
    let mut turns = turns(setting, "1 GiB from the disk, to /dev/null");
    turns.ours(LINE, || {
        let mut command = quiet(&setting.client);
        command.args([
            "get",
            "big.bin",
            "--port",
            &ours.line.to_string(),
            "-o",
            "-",
        ]);
        Ok(rate(seconds(&mut command)?))
    });
    let size = u64::from(GIB);
    turns.ours(HTTP, move || {
        Ok(rate(http::get(ours.http, "/files/big.bin", size)?))
    });
    if let Some(nginx) = &setting.nginx {
        turns.peer(NGINX, move || {
            Ok(rate(http::get(nginx.http, "/big.bin", size)?))
        });
    }
    if let Some(python) = &setting.python {
        turns.peer(PYTHON, move || {
            Ok(rate(http::get(python.http, "/big.bin", size)?))
        });
    }
    if let Some(ncat) = &setting.ncat {
        turns.peer(NCAT, || carry(ncat, setting, Path::new("/dev/null")));
    }
    turns.peer("cat", || {
        let mut command = quiet("cat");
        Ok(rate(seconds(command.stdin(File::open(big)?))?))
    });
    turns.times_as_fast(HTTP, 3.0, PYTHON);
    judged(turns)
}

fn turns<'a>(setting: &'a Setting, title: &str) -> Turns<'a> {
    Turns::new(title, Unit::OctetsASecond, setting.rounds)
}

fn judged(mut turns: Turns<'_>) -> Result<Group> {
    turns.times_as_fast(LINE, 1.0, NCAT);
    turns.times_as_fast(HTTP, 0.7, NGINX);
    turns.take()
}

/// Waits until the system has written to the disk what it still keeps in memory. Who writes to the disk
/// itself would else pay for the gigabyte of the one before, who left that to the system.
fn settled() -> Result<()> {
    seconds(&mut quiet("sync")).map(|_| ())
}

/// The same, and the file of the round before is gone: to remove a gigabyte takes its time too.
fn settled_without(ready: &Ready) -> Result<()> {
    let old = ready.folder.join("big.bin");
    if old.exists() {
        fs::remove_file(old)?;
    }
    settled()
}

/// Whether what has arrived at a server is what was sent.
fn is_whole(setting: &Setting, ready: &Ready) -> Result<()> {
    let mut compare = quiet("cmp");
    compare.arg(&setting.big).arg(ready.folder.join("big.bin"));
    seconds(&mut compare)
        .map(|_| ())
        .context("what is stored is not what was sent")
}

fn copy(setting: &Setting) -> Result<f64> {
    if setting.out.exists() {
        fs::remove_file(&setting.out)?;
    }
    settled()?;
    seconds(quiet("cp").arg(&setting.big).arg(&setting.out))
}

/// One ncat sends the file, another one writes it.
fn carry(ncat: &Path, setting: &Setting, out: &Path) -> Result<f64> {
    let port = free_port()?;
    let number = port.to_string();
    let mut take = quiet(ncat);
    take.args(["-l", "127.0.0.1", &number, "--recv-only"]);
    take.stdout(Stdio::from(File::create(out)?));
    let mut send: Command = quiet(ncat);
    send.args(["127.0.0.1", &number, "--send-only"]);
    send.stdin(Stdio::from(File::open(&setting.big)?));
    let taking = start(&mut take)?;
    until(NCAT, || listens(port))?;
    let begun = Instant::now();
    let (_, given) = end(start(&mut send)?, begun)?;
    let (took, taken) = end(taking, begun)?;
    ensure!(given.success() && taken.success(), "ncat has failed");
    let carried = fs::metadata(out)?;
    let whole = carried.len() == u64::from(GIB) || !carried.is_file();
    ensure!(whole, "ncat has not carried all of it");
    Ok(rate(took))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::is_in_memory;

    #[test]
    fn a_folder_in_memory_is_told_from_one_on_a_disk() {
        // The system's own table says the same (proc_mounts(5)).
        let mounts = std::fs::read_to_string("/proc/mounts").unwrap();
        let mut seen = 0;
        for line in mounts.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            // What is mounted over a folder later hides the earlier one.
            let is_last = mounts
                .lines()
                .filter(|other| other.split(' ').nth(1) == Some(words[1]))
                .count()
                == 1;
            if let (true, Ok(told)) = (is_last, is_in_memory(words[1].as_ref())) {
                assert_eq!(
                    told,
                    words[2] == "tmpfs" || words[2] == "devtmpfs",
                    "{line}"
                );
                seen += 1;
            }
        }
        assert!(seen > 0);
    }
}
