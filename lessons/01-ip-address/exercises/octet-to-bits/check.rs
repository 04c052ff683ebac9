//! Checks of "An octet as eight bits".

mod exercise;

use kit::{Check, Got, Outcome};

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("an octet that begins with a 1", large),
        ("a smaller octet has eight digits too", eight),
        ("each digit is a 0 or a 1", binary),
        ("all ones, both ends, all zeros", edges),
        ("all 256 octets, against std", all),
    ])
}

fn call(check: &Check, octet: u8) -> Outcome<Got<String>> {
    let call = format!("octet_to_bits({octet})");
    check.call(call, move || exercise::octet_to_bits(octet))
}

fn large(check: &Check) -> Outcome {
    call(check, 200)?.is("11001000")?;
    call(check, 192)?.is("11000000")
}

fn eight(check: &Check) -> Outcome {
    [100, 4, 5, 6].into_iter().try_for_each(|octet| {
        call(check, octet)?.holds("has eight characters", |bits| bits.len() == 8)
    })
}

fn binary(check: &Check) -> Outcome {
    [100, 4, 5, 6].into_iter().try_for_each(|octet| {
        call(check, octet)?.holds("has no character but 0 and 1", |bits| {
            bits.chars().all(|digit| matches!(digit, '0' | '1'))
        })
    })
}

fn edges(check: &Check) -> Outcome {
    call(check, 255)?.is("11111111")?;
    call(check, 129)?.is("10000001")?;
    call(check, 0)?.is("00000000")
}

fn all(check: &Check) -> Outcome {
    check.tell("asks for each octet from 255 down to 0 and compares with `{:08b}` of std");
    (0..=255)
        .rev()
        .try_for_each(|octet| call(check, octet)?.agrees(format!("{octet:08b}")))
}
