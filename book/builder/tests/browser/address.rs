//! The address explorer reads, computes and complains as lesson 01 does.

use std::net::{IpAddr, Ipv4Addr};

use book::explorer::address::rows;
use lesson_01_ip_address::network::Network;
use lesson_01_ip_address::notation::{self, Notation};
use lesson_01_ip_address::refusal::{Reason, Refusal};
use lesson_01_ip_address::{ipv4, kind};
use serde_json::{Map, Value, json};

use crate::scripts::{Case, agree, kept};

const SCRIPTS: &[&str] = &["address-reader.js", "address-model.js"];

/// Texts that reach every sentence about dotted decimal and prefix lengths.
#[rustfmt::skip]
const TEXTS: &[&str] = &[
    "100.4.5.6", "100.4.5.6/24", "0.0.0.0/0", "255.255.255.255/32", "", "/24", " ", "256.1.1.1",
    "1.2.3.99999", "1.2.3", "1.2", "100", "1..2.3", "1.2.3.", "1.2.3.4.5", "1.2.3.4.", "1.2.3.4.x",
    "01.2.3.4", "1.2.003.4", "08.1.1.1", "010.1.1.1", "0377.1.1.1", "0400.1.1.1", "000.1.1.1",
    "+1.2.3.4", "1.2.3.-4", "1.0x2.3.4", "1.2.3.\u{ff14}", "\u{661}.2.3.4", "1.2.3.\u{1d7d7}",
    "100.4.5.6 ", "100.4.5.6\n", "100.4.5.6 \u{a0}", " 100.4.5.6", "1.2.3.4\u{200b}",
    "\u{200b}1.2.3.4", "1.\u{1b}.3.4", "1,2.3.4", "1.2.3.4x", "1.\u{e9}.3.4", "1.\u{1f600}.3.4",
    "1.2.3/24", "1.2/\u{1b}[2J", "1.2.3.4/", "1.2.3.4/33", "1.2.3.4/024", "1.2.3.4/00", "1.2.3.4/0",
    "1.2.3.4/99999999999", "1.2.3.4/24/8", "1.2.3.4/+8", "1.2.3.4/8 ", "1.2.3.4/\u{ff18}",
    "1.2.3.4/255.255.255.0", "1.2.3.4/0.0.0.0", "1.2.3.4/255.255.255.255", "1.2.3.4/255.0.255.0",
    "1.2.3.4/255.255.256.0", "localhost", "example.org", "a-b.c_d", "1.2.3.4.example", "1.2.3.4:80",
    "1.2.3.4:80/24", "[1.2.3.4]:80", "[1.2.3.4]", "::1", "1.2.3:4", "1.2.3.4 :80", "x/24",
    "1.2.3.9999999999999999999999999999999999999999999999999", "1.2.3.\u{85}",
    // 40 and 41 digits: where a sentence begins to cut.
    "1.2.3.1234567890123456789012345678901234567890", "1.2.3.12345678901234567890123456789012345678901",
    // The first and the last of each row of invisible characters, and their neighbours.
    "1.2.3.\u{200a}", "1.2.3.\u{200b}", "1.2.3.\u{200f}", "1.2.3.\u{2010}", "1.2.3.\u{2027}",
    "1.2.3.\u{2028}", "1.2.3.\u{202e}", "1.2.3.\u{202f}", "1.2.3.\u{2065}", "1.2.3.\u{2066}",
    "1.2.3.\u{2069}", "1.2.3.\u{206a}", "1.2.3.\u{feff}",
];

/// Other notations, which the explorer's text field refuses in one sentence of its own.
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    "1677985030", "0x64040506", "0X64040506", "0b1100100", "01100100.00000100.00000101.00000110",
    "01100100000001000000010100000110", "1677985030/24",
];

fn refused(text: &str, refusal: Refusal) -> Value {
    // JavaScript counts UTF-16 units.
    let units = |text: &str| text.encode_utf16().count();
    let at = units(&text[..refusal.at]);
    let piece = text.get(refusal.at..refusal.at + refusal.len);
    // What is missing at the end has a length of 1, and no piece.
    let length = piece.map_or(refusal.len, units);
    json!({"at": at, "length": length, "sentence": refusal.sentence(text)})
}

/// What the lesson makes of a text whose address can only be meant as dotted decimal.
fn read(text: &str) -> Value {
    let address = text.split('/').next().unwrap_or_default();
    let strict = ipv4::parse(address.as_bytes());
    match (strict, notation::read(text.as_bytes(), false)) {
        (Ok(address), Ok(given)) => {
            assert_eq!(given.address, IpAddr::from(address));
            json!({"bits": u32::from(address), "prefix": given.prefix})
        }
        // Something else than an address: the lesson knows its name.
        (Err(_), Err(known))
            if matches!(known.reason, Reason::Name | Reason::Port | Reason::Bracket) =>
        {
            refused(text, known)
        }
        (Ok(_), Err(refusal)) | (Err(refusal), _) => refused(text, refusal),
    }
}

fn reading(texts: impl IntoIterator<Item = String>) -> Vec<Case> {
    texts
        .into_iter()
        .map(|text| {
            let right = read(&text);
            (Value::from(text), right)
        })
        .collect()
}

fn describing(address: Ipv4Addr, prefix: u8) -> Case {
    let rows: Map<String, Value> = rows(Network { address, prefix })
        .into_iter()
        .map(|(name, _, text)| (name.to_owned(), Value::from(text)))
        .collect();
    (json!([u32::from(address), prefix]), Value::from(rows))
}

/// The first and the last address of every block, and their neighbours.
fn edges() -> Vec<Ipv4Addr> {
    let mut edges = Vec::new();
    for block in kind::IPV4 {
        let given = notation::read(block.prefix.as_bytes(), false).unwrap();
        let (IpAddr::V4(address), Some(prefix)) = (given.address, given.prefix) else {
            panic!("a row of the IPv4 table is {given:?}");
        };
        let network = Network { address, prefix };
        let [first, last] = [network.lowest(), network.highest()].map(u32::from);
        edges
            .extend([first.wrapping_sub(1), first, last, last.wrapping_add(1)].map(Ipv4Addr::from));
    }
    edges
}

#[test]
fn texts_are_read_and_refused_in_the_words_of_the_lesson() {
    let cases = reading(TEXTS.iter().map(|&text| text.to_owned()));
    kept("address-read.json", &cases);
    agree(SCRIPTS, "text => readAddress(text)", &cases);
}

#[test]
fn near_misses_are_refused_in_the_words_of_the_lesson() {
    let good: Vec<char> = "192.168.10.70/26".chars().collect();
    let pieces = [
        "",
        "0",
        "1",
        "9",
        ".",
        "/",
        "x",
        "X",
        "+",
        "-",
        " ",
        "\t",
        "_",
        "\u{ff14}",
        "\u{661}",
        "\u{1f600}",
    ];
    let mut texts = Vec::new();
    for place in 0..=good.len() {
        for piece in pieces {
            for gone in 0..3 {
                let end = (place + gone).min(good.len());
                let [before, after] =
                    [&good[..place], &good[end..]].map(|c| c.iter().collect::<String>());
                texts.push(format!("{before}{piece}{after}"));
            }
        }
    }
    agree(SCRIPTS, "text => readAddress(text)", &reading(texts));
}

#[test]
fn other_notations_are_not_taken_for_dotted_decimal() {
    let sentence =
        "this is another notation of an address: here, write dotted decimal, such as 100.4.5.6";
    let mut cases = Vec::new();
    for &text in OTHERS {
        let given = notation::read(text.as_bytes(), false).unwrap();
        assert_ne!(given.notation, Notation::Dotted, "{text}");
        let length = text.split('/').next().unwrap_or_default().len();
        let right = json!({"at": 0, "length": length, "sentence": sentence});
        cases.push((Value::from(text), right));
    }
    agree(SCRIPTS, "text => readAddress(text)", &cases);
}

#[test]
fn networks_and_kinds_are_those_of_the_lesson() {
    let lesson = Ipv4Addr::new(100, 4, 5, 6);
    let mut cases: Vec<Case> = (0..=32).map(|prefix| describing(lesson, prefix)).collect();
    cases.extend(edges().into_iter().map(|edge| describing(edge, 24)));
    kept("address-describe.json", &cases);
    agree(
        SCRIPTS,
        "([bits, prefix]) => AddressModel.describe(bits, prefix)",
        &cases,
    );
}

#[test]
fn every_prefix_of_every_edge_is_cut_as_the_lesson_cuts_it() {
    let cases: Vec<Case> = edges()
        .into_iter()
        .flat_map(|edge| (0..=32).map(move |prefix| describing(edge, prefix)))
        .collect();
    agree(
        SCRIPTS,
        "([bits, prefix]) => AddressModel.describe(bits, prefix)",
        &cases,
    );
}
