//! One order for all runs, and only what every run shows.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::tap::record::Seen;
use crate::transcript::{WireEvent, WireKind};

/// The record of a path: a wire before the program in the middle, and one behind it.
///
/// Each wire has an order of its own. Across the two there is no order that is the same in every
/// run, except that a datagram comes to the middle before it leaves it. So what leaves the middle
/// is put as early as this allows. What came to the middle and never left it was lost there.
pub fn path(before: Vec<Seen>, behind: Vec<Seen>, middle: &str) -> Vec<Seen> {
    // What has come on one wire leaves on the other.
    let left = [left_for(&before, middle), left_for(&behind, middle)];
    let mut wires = [behind, before].map(|seen| seen.into_iter().peekable());
    let mut came: [HashSet<u64>; 2] = [HashSet::new(), HashSet::new()];
    let mut ordered = Vec::new();
    loop {
        let next = wires.each_mut().map(|wire| wire.peek());
        let ready = |wire: &usize| {
            next[*wire].is_some_and(|seen| {
                seen.event.from != middle
                    || seen.payload == 0
                    || came[1 - wire].contains(&seen.payload)
            })
        };
        // The middle may also send what never came to it: that stands where it is.
        let any = || (0..2).find(|&wire| next[wire].is_some());
        let Some(wire) = (0..2).find(ready).or_else(any) else {
            return ordered;
        };
        let Some(mut seen) = wires[wire].next() else {
            return ordered;
        };
        if seen.event.to == middle {
            came[wire].insert(seen.payload);
            if let WireKind::Datagram { lost, .. } = &mut seen.event.what {
                *lost = !left[wire].contains(&seen.payload);
            }
        }
        ordered.push(seen);
    }
}

/// The payloads that went from the middle into this wire.
fn left_for(wire: &[Seen], middle: &str) -> HashSet<u64> {
    wire.iter()
        .filter(|seen| seen.event.from == middle)
        .map(|seen| seen.payload)
        .collect()
}

/// The record with one mark, where the scene's program waited.
///
/// Times differ from run to run, so none is written down but this: the longest gap is the one that a
/// program makes on purpose, and it was `least` long at least. Where a stream is cut into arrivals
/// is chance as well, so octets that follow each other in one direction become one event.
///
/// # Errors
/// When the longest gap was shorter.
pub fn pause(seen: Vec<Seen>, least: Duration) -> Result<Vec<WireEvent>> {
    let gaps = seen
        .windows(2)
        .map(|pair| pair[1].at.duration_since(pair[0].at));
    let (index, longest) = gaps
        .enumerate()
        .max_by_key(|(_, gap)| *gap)
        .context("a `pause` needs two events on the wire")?;
    if longest < least {
        bail!(
            "expected a pause of {} ms on the wire, and the longest took {} ms",
            least.as_millis(),
            longest.as_millis()
        );
    }
    let mut events: Vec<WireEvent> = Vec::new();
    for (number, Seen { mut event, .. }) in seen.into_iter().enumerate() {
        if number == index + 1 {
            event.pause = u32::try_from(least.as_millis()).ok();
        }
        let joined = events.last_mut().is_some_and(|last| join(last, &event));
        if !joined {
            events.push(event);
        }
    }
    Ok(events)
}

/// Adds octets to those before them. False when these do not continue them.
fn join(last: &mut WireEvent, next: &WireEvent) -> bool {
    if next.pause.is_some() || (&last.from, &last.to) != (&next.from, &next.to) {
        return false;
    }
    let (
        WireKind::Data { octets, text },
        WireKind::Data {
            octets: more,
            text: rest,
        },
    ) = (&mut last.what, &next.what)
    else {
        return false;
    };
    *octets += more;
    text.push_str(rest);
    true
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn seen(from: &str, to: &str, what: WireKind, payload: u64, at: Instant) -> Seen {
        Seen {
            at,
            payload,
            event: WireEvent {
                from: from.into(),
                to: to.into(),
                pause: None,
                what,
            },
        }
    }

    /// `"a>r 1"`: the datagram 1 from a to r.
    fn wire(events: &[&str]) -> Vec<Seen> {
        let read = |event: &&str| {
            let (ends, payload) = event.split_once(' ').unwrap();
            let (from, to) = ends.split_once('>').unwrap();
            let what = WireKind::Datagram {
                octets: 1,
                text: payload.into(),
                lost: false,
            };
            seen(from, to, what, payload.parse().unwrap(), Instant::now())
        };
        events.iter().map(read).collect()
    }

    /// The path through `r`.
    fn ordered(before: &[&str], behind: &[&str]) -> Vec<String> {
        let write = |seen: &Seen| {
            let WireEvent { from, to, what, .. } = &seen.event;
            let lost = matches!(what, WireKind::Datagram { lost: true, .. });
            let mark = if lost { " lost" } else { "" };
            format!("{from}>{to} {}{mark}", seen.payload)
        };
        path(wire(before), wire(behind), "r")
            .iter()
            .map(write)
            .collect()
    }

    #[test]
    fn a_datagram_leaves_the_middle_as_early_as_it_can() {
        assert_eq!(
            ordered(
                &["a>r 1", "a>r 2", "a>r 3", "a>r 4", "a>r 5"],
                &["r>b 1", "r>b 2", "r>b 2", "r>b 5", "r>b 3"]
            ),
            [
                "a>r 1",
                "r>b 1",
                "a>r 2",
                "r>b 2",
                "r>b 2",
                "a>r 3",
                "a>r 4 lost",
                "a>r 5",
                "r>b 5",
                "r>b 3",
            ]
        );
    }

    #[test]
    fn answers_can_be_lost_too() {
        assert_eq!(
            ordered(
                &["a>r 1", "a>r 2", "r>a 12"],
                &["r>b 1", "b>r 11", "r>b 2", "b>r 12"]
            ),
            [
                "a>r 1",
                "r>b 1",
                "b>r 11 lost",
                "a>r 2",
                "r>b 2",
                "b>r 12",
                "r>a 12",
            ]
        );
    }

    #[test]
    fn nothing_is_called_lost_that_left_once() {
        // Two equal datagrams came and one left: nobody can say which of them.
        assert_eq!(
            ordered(&["a>r 1", "a>r 1"], &["r>b 1"]),
            ["a>r 1", "r>b 1", "a>r 1"]
        );
        assert_eq!(ordered(&["a>r 1"], &[]), ["a>r 1 lost"]);
        assert_eq!(
            ordered(&["a>r 1"], &["r>b 9", "r>b 1"]),
            ["a>r 1", "r>b 9", "r>b 1"]
        );
    }

    #[test]
    fn the_longest_gap_is_the_pause() {
        let start = Instant::now();
        let data = |text: &str, at| {
            let octets = text.len();
            let text = text.to_owned();
            let what = WireKind::Data { octets, text };
            seen("a", "b", what, 1, start + Duration::from_millis(at))
        };
        let record = || {
            vec![
                data("one", 0),
                data("two", 30),
                data("three", 400),
                data("four", 430),
            ]
        };
        let events = pause(record(), Duration::from_millis(100)).unwrap();
        let events: Vec<String> = events.iter().map(ToString::to_string).collect();
        assert_eq!(
            events,
            [
                "a -> b: 6 octets \"onetwo\"",
                "pause of 100 ms or more\na -> b: 9 octets \"threefour\"",
            ]
        );
        let error = pause(record(), Duration::from_secs(1)).unwrap_err();
        assert!(error.to_string().contains("1000 ms"), "{error}");
        assert!(pause(Vec::new(), Duration::ZERO).is_err());
    }
}
