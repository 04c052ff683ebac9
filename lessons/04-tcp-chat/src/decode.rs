//! UTF-8 that arrives in pieces: decode what is complete, keep the rest for the next piece.

/// Decodes a stream of octets as UTF-8, whatever the pieces it arrives in.
///
/// A character of UTF-8 is 1 to 4 octets (RFC 3629, section 3), and a read may end in the middle of
/// one. The octets of such a character stay here until the others arrive. Octets that can never
/// become a character are replaced by U+FFFD, the replacement character, and the rest goes on.
///
/// The decoder holds 3 octets at most between two pieces.
#[derive(Debug, Default)]
pub struct Utf8Decoder {
    /// The first octets of a character whose last ones have not arrived.
    begun: Vec<u8>,
}

// ANCHOR: push
impl Utf8Decoder {
    /// Appends to `text` every character that `octets` completes.
    pub fn push(&mut self, octets: &[u8], text: &mut String) {
        self.begun.extend_from_slice(octets);
        let mut rest = self.begun.as_slice();
        loop {
            match std::str::from_utf8(rest) {
                Ok(valid) => {
                    text.push_str(valid);
                    self.begun.clear();
                    return;
                }
                Err(error) => {
                    let (valid, after) = rest.split_at(error.valid_up_to());
                    text.push_str(&String::from_utf8_lossy(valid));
                    let Some(wrong) = error.error_len() else {
                        // Not wrong, only not complete.
                        self.begun = after.to_vec();
                        return;
                    };
                    text.push(char::REPLACEMENT_CHARACTER);
                    rest = &after[wrong..];
                }
            }
        }
    }
    // ANCHOR_END: push

    /// Whether a character has begun whose last octets have not arrived.
    pub fn is_midway(&self) -> bool {
        !self.begun.is_empty()
    }

    /// No more octets will come: a character that has begun will never be complete, and becomes
    /// U+FFFD in `text`.
    pub fn finish(&mut self, text: &mut String) {
        if self.is_midway() {
            self.begun.clear();
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Utf8Decoder;
    use proptest::prelude::*;

    fn decode(pieces: &[&[u8]]) -> String {
        let mut decoder = Utf8Decoder::default();
        let mut text = String::new();
        for piece in pieces {
            decoder.push(piece, &mut text);
        }
        decoder.finish(&mut text);
        text
    }

    #[test]
    fn a_character_cut_in_two_is_put_together() {
        assert_eq!(decode(&[b"caf\xc3", b"\xa9"]), "café");
    }

    #[test]
    fn every_cut_of_a_chinese_sentence_gives_the_sentence() {
        let sentence = "你好,世界";
        for cut in 0..=sentence.len() {
            let (left, right) = sentence.as_bytes().split_at(cut);
            assert_eq!(decode(&[left, right]), sentence, "cut at octet {cut}");
        }
    }

    #[test]
    fn a_begun_character_waits_and_is_not_shown() {
        let mut decoder = Utf8Decoder::default();
        let mut text = String::new();
        decoder.push(b"ab\xe4\xbd", &mut text);
        assert_eq!(text, "ab");
        assert!(decoder.is_midway());
        decoder.push(b"\xa0", &mut text);
        assert_eq!(text, "ab你");
        assert!(!decoder.is_midway());
    }

    #[test]
    fn latin_1_is_replaced_and_the_rest_goes_on() {
        assert_eq!(decode(&[b"caf\xe9 au lait"]), "caf\u{fffd} au lait");
    }

    #[test]
    fn an_end_in_the_middle_of_a_character_shows_one_replacement() {
        assert_eq!(decode(&[b"\xf0\x9f\x98"]), "\u{fffd}");
    }

    proptest! {
        /// The oracle is the standard library, which sees all the octets at once.
        #[test]
        fn pieces_decode_as_the_whole(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9), 0..9)) {
            let borrowed: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
            let whole = pieces.concat();
            prop_assert_eq!(decode(&borrowed), String::from_utf8_lossy(&whole));
        }

        #[test]
        fn text_survives_every_cut(text in "\\PC{0,20}", cut in 0_usize..80) {
            let (left, right) = text.as_bytes().split_at(cut.min(text.len()));
            prop_assert_eq!(decode(&[left, right]), text);
        }
    }
}
