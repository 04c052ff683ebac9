//! A disk whose descriptors are used up (`EMFILE`).

use std::fs;
use std::io::{ErrorKind, Read as _};
use std::time::Duration;

use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};

use super::{Running, ask, call, disk, hear, say};

/// So long nobody can be let in. In this time the server uses less than 5 % of a processor.
const FULL: Duration = Duration::from_secs(1);

/// The lowest number that no descriptor of the process has: the next one is called so.
fn next_descriptor(process: u32) -> u64 {
    let mut numbers: Vec<u64> = fs::read_dir(format!("/proc/{process}/fd"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| name.parse().unwrap())
        .collect();
    numbers.sort_unstable();
    let used = (0..).zip(&numbers).take_while(|(n, used)| n == *used);
    used.count() as u64
}

/// The time that it has used of the processors (proc_pid_stat(5)).
fn used(process: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    let ticks = fields.split(' ').skip(11).take(2);
    let ticks: u64 = ticks.map(|ticks| ticks.parse::<u64>().unwrap()).sum();
    Duration::from_secs(ticks) / u32::try_from(rustix::param::clock_ticks_per_second()).unwrap()
}

#[test]
fn without_a_descriptor_the_disk_waits_calmly_and_then_serves() {
    let folder = tempfile::tempdir().unwrap();
    // Nobody loses a place, however slow the machine is.
    let server = Running::start(disk(folder.path()).args(["--patience", "3600"]));
    let process = server.child.id();
    let (line, http) = (server.endpoint(), server.endpoint());
    let request = format!("GET / HTTP/1.1\r\nHost: {http}\r\n\r\n");
    let asks = [
        (line, "LIST\n", "OK 0\n"),
        (http, &request, "HTTP/1.1 200 OK\r\n"),
    ];
    // Both doors are open.
    let _inside = asks.map(|(door, question, answer)| {
        let mut client = call(door);
        assert_eq!(ask(&mut client, question), answer);
        client
    });
    let pid = Pid::from_raw(i32::try_from(process).unwrap());
    // It has inherited ours.
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    let limit = |current| prlimit(pid, Resource::Nofile, Rlimit { current, maximum }).unwrap();
    let before = limit(Some(next_descriptor(process)));

    // On Linux `accept` takes a descriptor before it waits. So at each door one more comes in, and is sent away:
    // there is none for the copy that the disk makes.
    for (door, ..) in asks {
        assert_eq!(call(door).read(&mut [0]).unwrap(), 0);
    }
    let spent = used(process);
    let mut outside = asks.map(|(door, question, _)| {
        let mut client = call(door);
        say(&mut client, question);
        client
    });
    for client in &mut outside {
        client.get_ref().set_read_timeout(Some(FULL / 2)).unwrap();
        let error = client.read(&mut [0]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WouldBlock);
    }
    let spent_now = used(process);
    assert!(
        spent_now < spent + FULL / 20,
        "{spent:?}, then {spent_now:?}"
    );

    limit(before.current);
    for (client, (_, _, answer)) in outside.iter_mut().zip(asks) {
        client
            .get_ref()
            .set_read_timeout(Some(super::DEADLINE))
            .unwrap();
        assert_eq!(hear(client), answer);
    }
}
