//! Checks of "An octet as eight bits".

mod exercise;

use kit::{Check, Outcome};

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("the octets of 100.4.5.6", of_the_lesson),
        ("the smallest and the largest octet", edges),
        ("all 256 octets, against std", all),
    ])
}

fn octet(check: &Check, octet: u8, bits: &str) -> Outcome {
    let call = format!("octet_to_bits({octet})");
    check
        .call(call, move || exercise::octet_to_bits(octet))?
        .is(bits)
}

fn of_the_lesson(check: &Check) -> Outcome {
    octet(check, 100, "01100100")?;
    octet(check, 4, "00000100")?;
    octet(check, 5, "00000101")?;
    octet(check, 6, "00000110")
}

fn edges(check: &Check) -> Outcome {
    octet(check, 255, "11111111")?;
    octet(check, 0, "00000000")?;
    octet(check, 1, "00000001")?;
    octet(check, 128, "10000000")
}

fn all(check: &Check) -> Outcome {
    (0..=255).try_for_each(|number| octet(check, number, &format!("{number:08b}")))
}
