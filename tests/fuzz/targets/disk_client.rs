//! What the installed client makes of the answers of somebody else's server, over a real connection.
//!
//! Oracle: a second reading of the answers.
#![no_main]

use fuzz::assert_harmless;
use fuzz::conversation::ask;
use lesson_00_cs_vs_bs::disk::Stored;
use lesson_00_cs_vs_bs::line::client::{ClientError, LineClient};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| {
    let (what, said) = input;
    let asked = ask(said, |server| {
        let mut client = LineClient::connect(server).expect("loopback");
        match what % 4 {
            0 => list(&mut client, said),
            1 => get(&mut client, said),
            2 => put(&mut client, said),
            _ => remove(&mut client, said),
        }
    });
    if let Err(error) = asked {
        assert_harmless(&error.to_string(), &['\t']);
    }
});

/// The first line, without its end, and what follows.
fn split(said: &[u8]) -> Option<(&str, &[u8])> {
    let at = said.iter().position(|octet| *octet == b'\n')?;
    let line = std::str::from_utf8(&said[..at]).ok()?;
    Some((line.strip_suffix('\r').unwrap_or(line), &said[at + 1..]))
}

/// As many files as were announced, each from a line of its own.
fn list(client: &mut LineClient, said: &[u8]) -> Result<(), ClientError> {
    let entries = client.list()?;
    let (head, mut rest) = split(said).expect("a line");
    assert_eq!(
        head.strip_prefix("OK ")
            .and_then(|count| count.parse().ok()),
        Some(entries.len())
    );
    for entry in entries {
        let (line, behind) = split(rest).expect("a line for each file");
        rest = behind;
        let (size, name) = line.split_once(' ').expect("a size and a name");
        assert_eq!(size.parse(), Ok(entry.size));
        assert_eq!(name, entry.name.as_str());
        assert_harmless(name, &[]);
    }
    Ok(())
}

/// As many octets as were announced and no more, also when the stream ends too early.
fn get(client: &mut LineClient, said: &[u8]) -> Result<(), ClientError> {
    let mut got = Vec::new();
    let result = client.get("a", &mut got);
    let announced = split(said).and_then(|(head, rest)| {
        let length: u64 = head.strip_prefix("OK ")?.parse().ok()?;
        Some((length, rest))
    });
    match (&result, announced) {
        (Ok(length), Some((announced, rest))) => {
            assert_eq!((*length, got.len() as u64), (announced, announced));
            assert_eq!(got, rest[..got.len()]);
        }
        (Err(ClientError::Short { arrived, length }), Some((announced, rest))) => {
            assert_eq!((*arrived, *length), (rest.len() as u64, announced));
            assert_eq!(got, rest);
        }
        (Err(_), _) => assert!(got.is_empty()),
        (Ok(_), None) => panic!("{said:?} announces nothing"),
    }
    result.map(|_| ())
}

/// Nothing is removed without the server's word.
fn remove(client: &mut LineClient, said: &[u8]) -> Result<(), ClientError> {
    client.remove("a")?;
    assert_eq!(split(said).map(|(head, _)| head), Some("OK removed"));
    Ok(())
}

/// Nothing is stored without the server's word.
fn put(client: &mut LineClient, said: &[u8]) -> Result<(), ClientError> {
    let stored = client.put("a", 3, &mut &b"abc"[..])?;
    let (head, rest) = split(said).expect("a line");
    let (last, _) = split(rest).expect("another line");
    let word = match stored {
        Stored::Created => "OK created",
        Stored::Replaced => "OK replaced",
    };
    assert_eq!((head, last), ("GO", word));
    Ok(())
}
