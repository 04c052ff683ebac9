//! Keys: random, and compared with care.

use anyhow::{Result, anyhow};

/// Octets of a key.
const LENGTH: usize = 20;

/// So many of its characters everybody may know; 16 octets stay secret.
const SIGN: usize = 8;

/// A new one.
///
/// # Errors
/// When the system has no random numbers.
pub(super) fn random() -> Result<String> {
    let mut octets = [0; LENGTH];
    getrandom::fill(&mut octets).map_err(|error| anyhow!("no random numbers: {error}"))?;
    Ok(octets
        .iter()
        .fold(String::new(), |key, octet| key + &format!("{octet:02x}")))
}

/// How a key begins: enough to tell keys apart, and too little to use one.
pub(super) fn sign(key: &str) -> &str {
    &key[..SIGN]
}

/// Compares without telling, by the time it takes, how much was right.
pub(super) fn is_same(given: &str, key: &str) -> bool {
    let differ = given
        .bytes()
        .zip(key.bytes())
        .fold(0, |differ, (a, b)| differ | (a ^ b));
    given.len() == key.len() && differ == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_another() {
        let keys = [random().unwrap(), random().unwrap()];
        assert_ne!(keys[0], keys[1]);
        assert_ne!(sign(&keys[0]), sign(&keys[1]));
        assert_eq!(keys[0].len(), 2 * LENGTH);
        assert!(is_same(&keys[0], &keys[0]));
        assert!(!is_same(&keys[0][1..], &keys[0]) && !is_same("", &keys[0]));
    }
}
