use proptest::prelude::*;

use super::*;

fn given(text: &str) -> (String, Notation, Option<u8>) {
    let given = read(text.as_bytes(), false).unwrap_or_else(|refusal| {
        panic!("{text}: {}", refusal.sentence(text));
    });
    (given.address.to_string(), given.notation, given.prefix)
}

fn refused(text: &str) -> Reason {
    match read(text.as_bytes(), false) {
        Ok(given) => panic!("{text} was read as {}", given.address),
        Err(refusal) => refusal.reason,
    }
}

#[test]
fn one_address_in_every_notation() {
    use Notation::*;
    for (text, notation) in [
        ("100.4.5.6", Dotted),
        ("01100100.00000100.00000101.00000110", Binary),
        ("01100100000001000000010100000110", Binary),
        ("0b01100100000001000000010100000110", Binary),
        ("0b1100100000001000000010100000110", Binary),
        ("0b01100100.00000100.00000101.00000110", Binary),
        ("1677985030", Decimal),
        ("0x64040506", Hex),
        ("0X64040506", Hex),
    ] {
        assert_eq!(given(text), ("100.4.5.6".into(), notation, None));
    }
    assert_eq!(given("0x1020304").0, "1.2.3.4");
    assert_eq!(given("5").0, "0.0.0.5");
    assert_eq!(given("0").0, "0.0.0.0");
    assert_eq!(given("4294967295").0, "255.255.255.255");
    assert_eq!(given("1000000000").0, "59.154.202.0");
}

#[test]
fn ipv6_in_every_notation() {
    use Notation::*;
    let address: Ipv6Addr = "2001:db8::1".parse().unwrap();
    let number = u128::from(address);
    for (text, notation) in [
        ("2001:DB8:0::1".into(), Ipv6),
        (format!("{number:0128b}"), Binary),
        (bits::grouped(address).to_string(), Binary),
        (format!("0x{number:032x}"), Hex),
    ] {
        assert_eq!(given(&text), ("2001:db8::1".into(), notation, None));
    }
    let wide = |text: &str| read(text.as_bytes(), true).unwrap().address;
    assert_eq!(wide(&number.to_string()), IpAddr::from(address));
    assert_eq!(wide("1"), IpAddr::from(Ipv6Addr::LOCALHOST));
    assert_eq!(wide("0x1"), IpAddr::from(Ipv6Addr::LOCALHOST));
    assert!(read(b"340282366920938463463374607431768211456", true).is_err());
}

#[test]
fn a_group_of_ipv6_may_begin_like_a_binary_number() {
    assert_eq!(given("0b01::1"), ("b01::1".into(), Notation::Ipv6, None));
    assert_eq!(given("0B5c:0:0:0:0:0:0:1").0, "b5c::1");
}

#[test]
fn the_prefix_length_follows_a_slash() {
    assert_eq!(given("192.168.1.70/26").2, Some(26));
    assert_eq!(given("0.0.0.0/0").2, Some(0));
    assert_eq!(given("2001:db8::/128").2, Some(128));
    assert_eq!(refused("1.2.3.4/33"), Reason::PrefixTooLong { width: 32 });
    assert_eq!(refused("::/129"), Reason::PrefixTooLong { width: 128 });
    assert_eq!(
        refused("1.2.3.4/99999999999"),
        Reason::PrefixTooLong { width: 32 }
    );
    assert_eq!(refused("1.2.3.4/"), Reason::NoPrefix);
    assert_eq!(refused("1.2.3.4/024"), Reason::PrefixLeadingZero);
    assert_eq!(refused("1.2.3.4/+8"), Reason::PrefixNotADigit);
    assert_eq!(refused("1.2.3.4/8 "), Reason::PrefixNotADigit);
    assert_eq!(refused("1.2.3.4/8/9"), Reason::SecondPrefix);
    assert_eq!(
        refused("1.2.3.4/255.255.255.192"),
        Reason::MaskForPrefix { prefix: 26 }
    );
    assert_eq!(refused("1.2.3.4/255.0.255.0"), Reason::PrefixNotADigit);
}

#[test]
fn what_is_no_address_is_refused() {
    use Reason::*;
    assert_eq!(refused("localhost"), Name);
    assert_eq!(refused("example.com"), Name);
    assert_eq!(refused("1.2.3.4:80"), Port);
    assert_eq!(refused("[::1]:80"), Bracket);
    assert_eq!(refused("4294967296"), NumberTooLarge { width: 32 });
    assert_eq!(refused("010"), NumberLeadingZero);
    assert_eq!(
        refused("0110010000000100000001010000011"),
        BitCount { found: 31 }
    );
    assert_eq!(refused("21100100000001000000010100000110"), NotABit);
    assert_eq!(refused("0x"), NoDigits);
    assert_eq!(refused("0b"), NoDigits);
    assert_eq!(refused("0x7f.1"), NotAHexDigit);
    assert_eq!(refused("0x640405061"), HexTooLong { width: 32 });
    assert_eq!(
        refused("0110010.00000100.00000101.00000110"),
        BitGroupSize { group: 1, size: 8 }
    );
    assert_eq!(refused("/24"), Empty);
    assert_eq!(refused(" "), NotADigit { octet: 1 });
}

// Every line of the table of bad input that other tools accept, or refuse without a word.
#[test]
fn every_bad_input_of_the_survey_is_refused() {
    for text in [
        "256.1.1.1",
        "1.2.3",
        "01.2.3.4",
        "010.2.3.4",
        "08.1.1.1",
        "0x7f.1",
        "1.2.3.4.5",
        "",
        " ",
        "100.4.5.6 ",
        "100.4.5.6\n",
        "\u{661}.\u{662}.\u{663}.\u{664}",
        "1.2.3.\u{FF14}",
        "1.2.3.-4",
        "1.2.3.4/33",
        "1..2.3",
        "+1.2.3.4",
    ] {
        refused(text);
    }
}

proptest! {
    #[test]
    fn dotted_text_means_what_it_means_to_the_standard_library(text in "[0-9]{1,3}(\\.[0-9]{1,3}){3}") {
        let ours = read(text.as_bytes(), false).map(|given| given.address);
        prop_assert_eq!(ours.ok(), text.parse().ok());
    }

    #[test]
    fn ipv6_text_means_what_it_means_to_the_standard_library(bits: u128, first: u8) {
        // A group may begin like the sign of another notation: `0b12:…`.
        let bits = bits >> 8 | u128::from(first) << 120;
        let groups = Ipv6Addr::from(bits).segments().map(|group| format!("{group:04x}"));
        for text in [groups.join(":"), Ipv6Addr::from(bits).to_string()] {
            let ours = read(text.as_bytes(), false).map(|given| given.address);
            prop_assert_eq!(ours.ok(), text.parse().ok(), "{}", text);
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in ".*|[01]{0,140}|[01.:/]{0,140}|0[xb][0-9a-f.]{0,40}", wide: bool) {
        if let Err(refusal) = read(text.as_bytes(), wide) {
            prop_assert!(refusal.at <= text.len() && refusal.len > 0);
            prop_assert!(text.is_char_boundary(refusal.at), "{:?}", refusal);
        }
    }
}
