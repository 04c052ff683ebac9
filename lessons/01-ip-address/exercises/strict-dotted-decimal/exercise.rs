//! Refuse what is no address. The task is in `task.md`.

use std::net::Ipv4Addr;

/// Reads an address in dotted decimal: exactly four parts, each one to three ASCII digits, at most 255,
/// without a leading zero. `None` for every other text.
pub fn parse(text: &str) -> Option<Ipv4Addr> {
    // A first attempt. It reads every address, and it refuses too little.
    let mut octets = text.split('.').map(str::parse::<u8>);
    let mut next = || octets.next()?.ok();
    Some(Ipv4Addr::new(next()?, next()?, next()?, next()?))
}
