//! Checks of "Refuse what is no address".

mod exercise;

use std::net::Ipv4Addr;

use kit::{Check, Got, Outcome};

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("addresses are read", addresses),
        ("an octet is at most 255", too_large),
        ("there are exactly four parts", parts),
        ("a zero does not begin a longer number", leading_zero),
        ("a sign is no digit", signs),
        ("nothing stands before or behind", spaces),
        ("a letter is no digit", letters),
        ("only the ten ASCII digits are digits", other_digits),
        ("many texts, against std", many),
    ])
}

fn call(check: &Check, text: &str) -> Outcome<Got<Option<Ipv4Addr>>> {
    let text = text.to_owned();
    check.call(format!("parse({text:?})"), move || exercise::parse(&text))
}

fn refused(check: &Check, texts: &[&str]) -> Outcome {
    texts
        .iter()
        .try_for_each(|text| call(check, text)?.is(None::<Ipv4Addr>))
}

fn addresses(check: &Check) -> Outcome {
    call(check, "100.4.5.6")?.is(Some(Ipv4Addr::new(100, 4, 5, 6)))?;
    call(check, "192.168.10.200")?.is(Some(Ipv4Addr::new(192, 168, 10, 200)))?;
    call(check, "0.0.0.0")?.is(Some(Ipv4Addr::UNSPECIFIED))?;
    call(check, "255.255.255.255")?.is(Some(Ipv4Addr::BROADCAST))
}

fn too_large(check: &Check) -> Outcome {
    refused(
        check,
        &["256.1.1.1", "1.2.3.999", "1.2.3.65537", "1.2.3.4294967297"],
    )
}

fn parts(check: &Check) -> Outcome {
    refused(check, &["1.2.3.4.5", "1.2.3.4.", "1.2.3"])?;
    refused(check, &["1.2.3.", "1..2.3", ".1.2.3", ".1.2.3.4"])?;
    refused(check, &["", ".", "...", "....", "1"])
}

fn leading_zero(check: &Check) -> Outcome {
    refused(check, &["010.1.1.1", "1.2.3.08", "1.00.2.3", "1.2.3.000"])
}

fn signs(check: &Check) -> Outcome {
    refused(check, &["+1.2.3.4", "1.2.3.+4", "1.2.-3.4", "1.2.3.-0"])
}

fn spaces(check: &Check) -> Outcome {
    refused(check, &[" 1.2.3.4", "1.2.3.4 ", "1.2.3.4\n"])?;
    refused(check, &["1. 2.3.4", "1.2.3.4/24", "1.2.3.4:80", "1,2,3,4"])
}

fn letters(check: &Check) -> Outcome {
    // Hexadecimal is another notation, and `é` is two octets long.
    refused(
        check,
        &["1.2.3.é", "1.2.3.a", "0x7f.0.0.1", "1.2.3.4\u{301}"],
    )
}

fn other_digits(check: &Check) -> Outcome {
    // Full-width, Arabic, superscript, and a digit that stands for no whole number.
    refused(check, &["1.2.3.４", "١.٢.٣.٤", "1.2.3.4²", "1.2.3.½"])
}

fn many(check: &Check) -> Outcome {
    const PIECES: [&str; 15] = [
        ".", "0", "1", "9", "25", "99", "100", "255", "256", "00", "+", "-", " ", "", "a",
    ];
    check.tell("makes up 400 texts and compares with `Ipv4Addr::from_str` of std");
    // The same numbers in every run: the step of a linear congruential generator.
    let mut state = 2024_u32;
    let mut choose = |most: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) as usize % most
    };
    for _ in 0..400 {
        // Mostly an address, and now and then something else in one place.
        let mut text = String::new();
        for part in 0..4 {
            text += if part > 0 { "." } else { "" };
            text += PIECES[1 + choose(7)];
        }
        let at = choose(text.len() + 1);
        let piece = PIECES[choose(PIECES.len())];
        text.replace_range(at..text.len().min(at + choose(2)), piece);
        call(check, &text)?.agrees(text.parse::<Ipv4Addr>().ok())?;
    }
    Ok(())
}
