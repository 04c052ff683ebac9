//! Names of files on the net disk, and percent-encoding.
//!
//! Oracles: the crate `percent-encoding`, and `Path::components`.
#![no_main]

use std::path::{Component, Path};

use fuzz::assert_harmless;
use lesson_00_cs_vs_bs::line::parse_length;
use lesson_00_cs_vs_bs::name::{FileName, LONGEST};
use lesson_00_cs_vs_bs::terminal::{is_order, short, visible};
use lesson_00_cs_vs_bs::{http::page, percent};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(octets) = percent::decode(data) {
        let library: Vec<u8> = percent_encoding::percent_decode(data).collect();
        assert_eq!(octets, library);
        assert!(octets.len() <= data.len());
        assert!(!has_bad_escape(data));
    } else {
        assert!(has_bad_escape(data));
    }
    let Ok(text) = std::str::from_utf8(data) else {
        assert!(FileName::from_octets(data).is_err());
        return;
    };
    let encoded = percent::encode(text);
    assert_eq!(percent::decode(encoded.as_bytes()).as_deref(), Ok(data));
    assert!(!encoded.contains(|c: char| !c.is_ascii_alphanumeric() && !"-._~%".contains(c)));
    if let Ok(name) = FileName::new(text) {
        assert_eq!(name.as_str(), text);
        assert!((1..=LONGEST).contains(&text.len()));
        // One plain component: joined to a folder it can only be a file directly in it.
        let folder = Path::new("/disk");
        let joined = folder.join(text);
        assert_eq!(joined.parent(), Some(folder));
        let mut components = Path::new(text).components();
        assert_eq!(components.next(), Some(Component::Normal(text.as_ref())));
        assert_eq!(components.next(), None);
        assert!(!text.contains(is_order));
    } else if let Err(error) = FileName::new(text) {
        assert_harmless(&error.to_string(), &[]);
    }
    assert_harmless(&visible(text), &['\t']);
    assert_eq!(visible(text).chars().count(), text.chars().count());
    assert_harmless(&short(text), &[]);
    assert!(short(text).chars().count() <= 60 * 10 + 1);
    if let Some(length) = parse_length(text) {
        assert_eq!(text.parse(), Ok(length));
        assert!(text.bytes().all(|octet| octet.is_ascii_digit()));
    }
    let escaped = page::escape(text);
    assert!(!escaped.contains(['<', '>', '"', '\'']));
    // What HTML cannot carry, NUL and the return among it, is not compared.
    if !text.contains(is_order) {
        let html = scraper::Html::parse_fragment(&format!("<b title=\"{escaped}\">{escaped}</b>"));
        let all: Vec<_> = html.root_element().children().collect();
        assert_eq!(all.len(), 1, "{escaped:?}");
        let element = scraper::ElementRef::wrap(all[0]).expect("an element");
        assert_eq!(element.attr("title"), Some(text));
        assert_eq!(element.text().collect::<String>(), text);
    }
});

/// Whether there is a `%` that two hexadecimal digits do not follow, once the whole escapes before it are
/// passed over. (The library leaves such a `%` as it stands.)
fn has_bad_escape(data: &[u8]) -> bool {
    data.split(|octet| *octet == b'%')
        .skip(1)
        .any(|behind| behind.len() < 2 || !behind[..2].iter().all(u8::is_ascii_hexdigit))
}
