//! What a server owes while it is attacked, and whether it gave it.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::server::Course;
use crate::account::Account;
use crate::peer::{Peer, SECRET_CONTENT};

/// A request may always take so long: below it, a difference is the machine's and not the server's.
#[derive(Debug, Clone, Copy)]
pub struct Noise {
    /// The one in the middle.
    pub middle: Duration,
    /// The slowest of them: they were waiting for a processor.
    pub slow: Duration,
}

impl Noise {
    /// Nothing else of ours runs.
    pub const QUIET: Self = Self {
        middle: Duration::from_millis(2),
        slow: Duration::from_millis(50),
    };

    /// Many tests run at once. A server that an attack keeps busy has used up its share of the processor, and
    /// waits while others compute; the one that nobody attacks has not, and need not wait. So this only says
    /// that the server goes on serving.
    pub const BESIDE_OTHERS: Self = Self {
        middle: Duration::from_secs(2),
        slow: Duration::from_secs(5),
    };
}

/// What took too long, or too much of a processor. Unlike other failures it may be the machine's doing, when
/// somebody else uses it.
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

/// The part of one processor that a server may use while it is full, in percent.
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
    /// How long a newcomer waited for its first answer during the attack; `None`: until its end.
    pub newcomer: Option<Duration>,
    /// The most memory that the server has had resident, in KiB, where the system tells.
    pub peak_kib: Option<u64>,
    /// Percent of one processor while the server was full, for the peer `descriptors`.
    pub busy_percent: Option<u64>,
    /// What the peer counted.
    pub account: Account,
}

/// Whether honest clients went on being served in time, and a full server was calm.
///
/// # Errors
/// [`Late`]. Whoever asks again after that has judged all else before.
pub fn in_good_time(found: &Found, noise: Noise) -> Result<(), Late> {
    if let Some(busy) = found.busy_percent.filter(|busy| *busy >= CALM) {
        return Err(Late(format!(
            "the full server uses {busy} % of a processor"
        )));
    }
    let Found { normal, .. } = *found;
    let while_attacked = "during the attack an honest request takes";
    in_time(while_attacked, found.attacked, normal, noise.middle)?;
    let afterwards = "after the attack an honest request still takes";
    in_time(afterwards, found.after, normal, noise.middle)?;
    let slowest = "during the attack the slowest honest requests take";
    in_time(slowest, found.attacked_slow, found.normal_slow, noise.slow)
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
    ensure!(found.account.opened > 0, "nobody has attacked");
    let heard = String::from_utf8_lossy(&found.account.octets_heard);
    ensure!(
        !heard.contains(SECRET_CONTENT),
        "the peer {} has read the secret",
        peer.name
    );
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
            newcomer: None,
            peak_kib: Some(Course::DiskHttp.bound_kib()),
            busy_percent: Some(CALM - 1),
            account: Account::default(),
        };
        found.account.opened = 1;
        spoil(&mut found);
        let peer = &crate::peer::ALL[0];
        let late = in_good_time(&found, Noise::QUIET);
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
        assert!(busier.starts_with("the full server uses 5 %"), "{busier}");
        assert!(judged(|found| found.account.opened = 0).contains("nobody has attacked"));
        let told = judged(|found| found.account.hear(SECRET_CONTENT.as_bytes()));
        assert!(told.contains("has read the secret"), "{told}");
    }

    #[test]
    fn what_is_below_the_noise_is_not_judged() {
        let noisy = |found: &mut Found| {
            let noise = Noise::QUIET;
            (found.normal, found.attacked) = (Duration::from_micros(1), noise.middle);
            found.after = noise.middle;
            (found.normal_slow, found.attacked_slow) = (Duration::from_micros(1), noise.slow);
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
