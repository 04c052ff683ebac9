//! Addresses of Unix sockets, and text from a peer (lesson 03).
//!
//! Oracle: the standard library's `SocketAddr::from_pathname`.
#![no_main]

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::SocketAddr;
use std::path::{Path, PathBuf};

use fuzz::{Trickle, assert_harmless};
use lesson_03_unix_sockets::address::{Address, SUN_PATH, check_path};
use lesson_03_unix_sockets::talk::read_line;
use lesson_03_unix_sockets::text::shown;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| {
    let (most, data) = input;
    let path = Path::new(OsStr::from_bytes(data));
    let library = SocketAddr::from_pathname(path);
    let checked = check_path(path);
    // The empty path is an address without a name for the library: nobody could call it.
    assert_eq!(checked.is_ok(), library.is_ok() && !data.is_empty());
    if let Err(error) = &checked {
        assert_harmless(&error.to_string(), &[]);
    }
    let address = Address::Path(PathBuf::from(path)).to_sockaddr();
    assert_eq!(address.is_ok(), checked.is_ok());
    if let Ok(address) = address {
        // At the greatest length rustix counts the NUL that ends the path as an octet of it.
        let path = address.path_bytes().expect("a path");
        assert_eq!(path.strip_suffix(b"\0").unwrap_or(path), data);
    }
    let named = Address::Abstract(data.to_vec());
    assert_harmless(&named.to_string(), &[]);
    if cfg!(target_os = "linux") {
        match named.to_sockaddr() {
            Ok(address) => {
                assert!(data.len() < SUN_PATH);
                assert_eq!(address.abstract_name().unwrap_or_default(), data);
            }
            Err(error) => {
                assert!(data.len() >= SUN_PATH);
                assert_harmless(&error.to_string(), &[]);
            }
        }
    }
    let text = shown(data);
    assert_harmless(&text, &[]);
    assert!(text.len() <= data.len() * 6);

    lines(most, data);
});

/// Lines, in whatever pieces they arrive.
fn lines(most: u8, data: &[u8]) {
    let mut wire = Trickle::buffered(data, most.into());
    let mut line = Vec::new();
    let whole: Vec<&[u8]> = data.split_inclusive(|octet| *octet == b'\n').collect();
    for expected in whole {
        let expected = expected.strip_suffix(b"\n").unwrap_or(expected);
        match read_line(&mut wire, &mut line) {
            Ok(more) => {
                assert!(more);
                assert_eq!(line, expected);
            }
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::InvalidData);
                assert!(expected.len() > 64 * 1024);
                return;
            }
        }
    }
    assert!(!read_line(&mut wire, &mut line).expect("a slice does not fail"));
}
