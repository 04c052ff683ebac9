//! What a server owes while it is attacked, and whether it gave it.

use std::error::Error;
use std::fmt;
use std::fs;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::server::Course;
use crate::account::Account;
use crate::peer::{BESIDE, Kind, Peer, SECRET_CONTENT};

/// A request may always take so long: below it, a difference is the machine's and not the server's.
#[derive(Debug, Clone, Copy)]
pub struct Noise {
    /// The one in the middle.
    pub middle: Duration,
    /// The slow ones of them: they were waiting for a processor.
    pub slow: Duration,
    /// Any one of them.
    pub longest: Duration,
    /// Percent of a processor that an idle server may use.
    pub busy: u64,
}

impl Noise {
    /// Nothing else runs, as far as we know.
    pub const QUIET: Self = Self {
        middle: Duration::from_micros(500),
        slow: Duration::from_millis(5),
        longest: Duration::from_millis(100),
        busy: CALM,
    };

    /// Nothing else of ours runs, but perhaps something of somebody else's.
    pub const ALONE: Self = Self {
        middle: Duration::from_millis(2),
        slow: Duration::from_millis(50),
        longest: Duration::from_secs(1),
        busy: CALM,
    };

    /// Many tests run at once. A server that an attack keeps busy has used up its share of the processor, and
    /// waits while others compute; the one that nobody attacks has not, and need not wait. So this only says
    /// that the server goes on serving.
    pub const BESIDE_OTHERS: Self = Self {
        middle: Duration::from_secs(2),
        slow: Duration::from_secs(5),
        longest: Duration::from_secs(15),
        // It may still have to do what it could not do before.
        busy: u64::MAX,
    };
}

/// What took too long, or too much of a processor, or was a smaller attack than it should be. Unlike other
/// failures it may be the machine's doing, when somebody else uses it.
#[derive(Debug)]
pub struct Late(pub String);

impl fmt::Display for Late {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for Late {}

/// Whether `took` is at most twice `normal`, or too short to be judged.
///
/// # Errors
/// [`Late`]: what is asked, `who` takes so long, and how long both are.
pub fn in_time(who: &str, took: Duration, normal: Duration, floor: Duration) -> Result<(), Late> {
    if took <= (normal * 2).max(floor) {
        return Ok(());
    }
    Err(Late(format!(
        "{who} {took:?}, {normal:?} without the attack"
    )))
}

/// The part of one processor that a server may use while it has nothing to do, in percent.
pub const CALM: u64 = 5;

/// What happened.
#[derive(Debug, Clone)]
pub struct Found {
    /// The median time of an honest request without an attack, in the slowest phase: before it, and during
    /// and after it to another server, which nobody attacks.
    pub normal: Duration,
    /// The same during the attack.
    pub attacked: Duration,
    /// The same after the attack, to the server that was attacked.
    pub after: Duration,
    /// The time that 95 of 100 honest requests keep, without an attack.
    pub normal_slow: Duration,
    /// The same during the attack.
    pub attacked_slow: Duration,
    /// The longest that any honest request took during the attack and after it, to the server that nobody
    /// attacks.
    pub normal_longest: Duration,
    /// The same to the one that was attacked.
    pub attacked_longest: Duration,
    /// How long a newcomer waited for its first answer during the attack; `None`: until its end.
    pub newcomer: Option<Duration>,
    /// How long one waited at the server that nobody attacks; `None`: at the other all places were taken, so
    /// it had to wait.
    pub normal_newcomer: Option<Duration>,
    /// The most memory that the server has had resident, in KiB, where the system tells.
    pub peak_kib: Option<u64>,
    /// Percent of one processor while the peer kept still, and nobody asked.
    pub busy_percent: Option<u64>,
    /// What the peer counted.
    pub account: Account,
}

/// Whether honest clients went on being served in time, and an idle server was calm.
///
/// # Errors
/// [`Late`]. Whoever asks again after that has judged all else before.
pub fn in_good_time(found: &Found, noise: Noise) -> Result<(), Late> {
    if let Some(busy) = found.busy_percent.filter(|busy| *busy >= noise.busy) {
        return Err(Late(format!(
            "the server uses {busy} % of a processor, and has nothing to do"
        )));
    }
    let Found { normal, .. } = *found;
    let while_attacked = "during the attack an honest request takes";
    in_time(while_attacked, found.attacked, normal, noise.middle)?;
    let afterwards = "after the attack an honest request still takes";
    in_time(afterwards, found.after, normal, noise.middle)?;
    let slowest = "during the attack the slowest honest requests take";
    in_time(slowest, found.attacked_slow, found.normal_slow, noise.slow)?;
    let (took, normal) = (found.attacked_longest, found.normal_longest);
    in_time("one honest request takes", took, normal, noise.longest)?;
    if let (Some(waited), Some(normal)) = (found.newcomer, found.normal_newcomer) {
        let first = "during the attack a newcomer's first request takes";
        in_time(first, waited, normal, noise.slow)?;
    }
    Ok(())
}

/// Asserts all that a server owes but what [`in_good_time`] measures.
///
/// # Errors
/// What it owed, and did not give.
pub fn judge(course: Course, peer: &Peer, found: &Found) -> Result<()> {
    if let Some(peak) = found.peak_kib {
        let bound = course.bound_kib();
        ensure!(
            peak <= bound,
            "the server has taken {peak} KiB of memory; {bound} are its bound"
        );
    }
    let account = &found.account;
    ensure!(account.opened > 0, "nobody has attacked");
    ensure!(
        account.refused == 0,
        "{} connections were refused: nobody listened",
        account.refused
    );
    if peer.kind != Kind::Datagram && account.not_let_in > 0 {
        let missing = account.not_let_in;
        let what = format!("{missing} connections could not be made: the attack was a smaller one");
        return Err(Late(what).into());
    }
    let heard = String::from_utf8_lossy(&account.octets_heard);
    let outside = fs::read_to_string("/etc/passwd").unwrap_or_default();
    // A short line may stand in any answer.
    let outside = outside.lines().rfind(|line| line.len() > 20);
    for secret in [SECRET_CONTENT, BESIDE].into_iter().chain(outside) {
        ensure!(
            !heard.contains(secret),
            "the peer {} has read what is not shared: {secret:?}",
            peer.name
        );
    }
    // Those that speak a protocol owe an answer: to a client that has only said its last word, and to one
    // that finds all places taken.
    let why = match (course, peer.name) {
        (Course::DiskLine, "crowd" | "great-crowd") => "ERROR busy",
        (Course::DiskHttp, "crowd" | "great-crowd") => " 503 ",
        (Course::DiskLine, "half-close") => "OK 1024",
        (Course::DiskHttp, "half-close") => " 200 OK",
        (Course::UnixStream, "half-close") => "HELLO",
        (Course::RelayTcp, "half-close") => "hello",
        _ => return Ok(()),
    };
    ensure!(heard.contains(why), "the peer has not heard {why:?}");
    Ok(())
}

/// The value in the middle; zero of none.
pub fn median(values: &mut [Duration]) -> Duration {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The value that 95 of 100 do not exceed; zero of none.
pub fn slow(values: &mut [Duration]) -> Duration {
    values.sort_unstable();
    values
        .get(values.len() * 95 / 100)
        .copied()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that owes nothing, as it is, and with one thing spoiled.
    fn judged(spoil: impl FnOnce(&mut Found)) -> String {
        let mut found = Found {
            normal: Duration::from_millis(8),
            attacked: Duration::from_millis(16),
            after: Duration::from_millis(16),
            normal_slow: Duration::from_millis(80),
            attacked_slow: Duration::from_millis(160),
            normal_longest: Duration::from_millis(800),
            attacked_longest: Duration::from_millis(1600),
            newcomer: Some(Duration::from_millis(160)),
            normal_newcomer: Some(Duration::from_millis(80)),
            peak_kib: Some(Course::DiskHttp.bound_kib()),
            busy_percent: Some(CALM - 1),
            account: Account::default(),
        };
        found.account.opened = 1;
        spoil(&mut found);
        let peer = &crate::peer::ALL[0];
        let late = in_good_time(&found, Noise::ALONE);
        [
            judge(Course::DiskHttp, peer, &found),
            late.map_err(Into::into),
        ]
        .into_iter()
        .find_map(Result::err)
        .map_or_else(String::new, |error| error.to_string())
    }

    #[test]
    fn each_thing_that_is_owed_is_judged() {
        assert_eq!(judged(|_| ()), "");
        let slower = judged(|found| found.attacked += Duration::from_millis(1));
        assert!(
            slower.starts_with("during the attack an honest request takes 17ms"),
            "{slower}"
        );
        let slower = judged(|found| found.attacked_slow += Duration::from_millis(1));
        assert!(
            slower.starts_with("during the attack the slowest honest requests"),
            "{slower}"
        );
        let slower = judged(|found| found.after += Duration::from_millis(1));
        assert!(
            slower.starts_with("after the attack an honest request still takes 17ms"),
            "{slower}"
        );
        let larger = judged(|found| found.peak_kib = found.peak_kib.map(|peak| peak + 1));
        assert!(larger.starts_with("the server has taken"), "{larger}");
        let busier = judged(|found| found.busy_percent = Some(CALM));
        assert!(busier.starts_with("the server uses 5 %"), "{busier}");
        let slower = judged(|found| found.attacked_longest += Duration::from_millis(1));
        assert!(
            slower.starts_with("one honest request takes 1.601s"),
            "{slower}"
        );
        let slower = judged(|found| found.newcomer = Some(Duration::from_millis(161)));
        assert!(
            slower.starts_with("during the attack a newcomer's"),
            "{slower}"
        );
        assert_eq!(
            judged(|found| {
                found.newcomer = Some(Duration::from_secs(9));
                found.normal_newcomer = None;
            }),
            ""
        );
        assert!(judged(|found| found.account.not_let_in = 1).contains("a smaller one"));
        assert!(judged(|found| found.account.refused = 1).contains("nobody listened"));
        let told = judged(|found| found.account.hear(format!("<li>{BESIDE}</li>").as_bytes()));
        assert!(told.contains("what is not shared"), "{told}");
        assert!(judged(|found| found.account.opened = 0).contains("nobody has attacked"));
        let told = judged(|found| found.account.hear(SECRET_CONTENT.as_bytes()));
        assert!(told.contains("what is not shared"), "{told}");
    }

    #[test]
    fn what_is_below_the_noise_is_not_judged() {
        let noisy = |found: &mut Found| {
            let noise = Noise::ALONE;
            (found.normal, found.attacked) = (Duration::from_micros(1), noise.middle);
            found.after = noise.middle;
            (found.normal_slow, found.attacked_slow) = (Duration::from_micros(1), noise.slow);
            (found.normal_longest, found.attacked_longest) = (Duration::ZERO, noise.longest);
            (found.normal_newcomer, found.newcomer) = (Some(Duration::ZERO), Some(noise.slow));
        };
        assert_eq!(judged(noisy), "");
    }

    #[test]
    fn the_middle_and_the_slow_end() {
        let mut values: Vec<_> = (1..=100).rev().map(Duration::from_millis).collect();
        assert_eq!(median(&mut values), Duration::from_millis(51));
        assert_eq!(slow(&mut values), Duration::from_millis(96));
        assert_eq!(median(&mut []), Duration::ZERO);
    }
}
