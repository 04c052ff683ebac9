//! Numbered messages: `message 07` and a line feed, always 11 octets.
//!
//! A receiver that wants to know what is missing needs numbers: UDP has none. All messages have
//! one length, so that a TCP stream can be cut back into messages by counting octets.

use std::collections::BTreeSet;

/// Octets of one numbered message.
pub const LEN: usize = 11;

/// Numbers have two digits.
pub const MAX: u32 = 99;

const WORD: &[u8] = b"message ";

/// The message with this number, 1 to 99.
// ANCHOR: message
pub fn message(number: u32) -> [u8; LEN] {
    let mut octets = *b"message 00\n";
    let digits = u8::try_from(number.min(MAX)).unwrap_or(0);
    octets[8] += digits / 10;
    octets[9] += digits % 10;
    octets
}

/// The number of a message; `None` if the octets are not one.
pub fn number(octets: &[u8]) -> Option<u32> {
    let [tens, units, b'\n'] = octets.strip_prefix(WORD)? else {
        return None;
    };
    let digit = |octet: &u8| octet.is_ascii_digit().then(|| u32::from(octet - b'0'));
    Some(digit(tens)? * 10 + digit(units)?)
}
// ANCHOR_END: message

/// What became of messages 1 to `sent`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// How many were sent.
    pub sent: u32,
    /// The numbers, in the order of arrival.
    pub arrived: Vec<u32>,
}

impl Account {
    /// Numbers that never arrived, in ascending order.
    pub fn missing(&self) -> Vec<u32> {
        let seen: BTreeSet<u32> = self.arrived.iter().copied().collect();
        (1..=self.sent)
            .filter(|number| !seen.contains(number))
            .collect()
    }

    /// Numbers that arrived again, in the order in which the copies came.
    pub fn copies(&self) -> Vec<u32> {
        let mut seen = BTreeSet::new();
        self.arrived
            .iter()
            .copied()
            .filter(|&number| !seen.insert(number))
            .collect()
    }

    /// Numbers that came after a higher one (copies are not counted).
    pub fn overtaken(&self) -> Vec<u32> {
        let mut seen = BTreeSet::new();
        let mut highest = 0;
        let mut late = Vec::new();
        for &number in &self.arrived {
            if seen.insert(number) && number < highest {
                late.push(number);
            }
            highest = highest.max(number);
        }
        late
    }

    /// Whether every message arrived once and in its place.
    pub fn is_perfect(&self) -> bool {
        self.arrived.iter().copied().eq(1..=self.sent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_number_comes_back() {
        for n in 1..=MAX {
            assert_eq!(number(&message(n)), Some(n));
        }
        assert_eq!(&message(7), b"message 07\n");
    }

    #[test]
    fn an_account_tells_missing_copied_and_overtaken() {
        let account = Account {
            sent: 6,
            arrived: vec![1, 3, 2, 3, 6],
        };
        assert_eq!(account.missing(), [4, 5]);
        assert_eq!(account.copies(), [3]);
        assert_eq!(account.overtaken(), [2]);
        assert!(!account.is_perfect());
        assert!(
            Account {
                sent: 3,
                arrived: vec![1, 2, 3]
            }
            .is_perfect()
        );
    }

    proptest! {
        #[test]
        fn anything_else_has_no_number(octets: Vec<u8>) {
            let oracle = std::str::from_utf8(&octets)
                .ok()
                .and_then(|text| text.strip_prefix("message ")?.strip_suffix('\n'))
                .filter(|digits| digits.len() == 2 && digits.bytes().all(|o| o.is_ascii_digit()))
                .and_then(|digits| digits.parse().ok());
            prop_assert_eq!(number(&octets), oracle);
        }

        #[test]
        fn near_misses_have_no_number(n in 1_u32..=99, at in 0_usize..LEN, octet: u8) {
            let mut octets = message(n);
            octets[at] = octet;
            if let Some(read) = number(&octets) {
                prop_assert_eq!(&message(read), &octets);
            }
        }
    }
}
