//! Checks of "The one form of an IPv6 address".

mod exercise;

use std::net::Ipv6Addr;

use kit::{Check, Got, Outcome};

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("eight groups without leading zeros", eight_groups),
        ("zeros in the middle", middle),
        ("zeros at the beginning", beginning),
        ("zeros at the end", end),
        ("a single group of zero is written", single),
        ("the longest run is shortened", longest),
        ("of two equal runs the first is shortened", equal),
        ("zeros in every place, against std", many),
    ])
}

fn to_text(check: &Check, groups: [u16; 8]) -> Outcome<Got<String>> {
    let written: Vec<String> = groups.iter().map(|group| format!("{group:x}")).collect();
    let address = Ipv6Addr::from(groups);
    check.call(format!("to_text({})", written.join(":")), move || {
        exercise::to_text(address)
    })
}

fn eight_groups(check: &Check) -> Outcome {
    to_text(check, [0x2001, 0xdb8, 1, 2, 3, 4, 5, 0xabcd])?.is("2001:db8:1:2:3:4:5:abcd")?;
    to_text(check, [0xfd00, 0xa0, 0x10, 0x200, 5, 6, 7, 8])?.is("fd00:a0:10:200:5:6:7:8")
}

fn middle(check: &Check) -> Outcome {
    to_text(check, [0x2001, 0x1db8, 0, 0, 0, 0, 0, 0x1111])?.is("2001:1db8::1111")?;
    to_text(check, [1, 2, 3, 0, 0, 6, 7, 8])?.is("1:2:3::6:7:8")
}

fn beginning(check: &Check) -> Outcome {
    to_text(check, [0, 0, 0, 0, 0, 0, 0, 1])?.is("::1")?;
    to_text(check, [0, 0, 3, 4, 5, 6, 7, 8])?.is("::3:4:5:6:7:8")
}

fn end(check: &Check) -> Outcome {
    to_text(check, [0xfe80, 0, 0, 0, 0, 0, 0, 0])?.is("fe80::")?;
    to_text(check, [1, 2, 3, 4, 5, 6, 0, 0])?.is("1:2:3:4:5:6::")?;
    to_text(check, [0; 8])?.is("::")
}

fn single(check: &Check) -> Outcome {
    to_text(check, [0x2001, 0xdb8, 0, 1, 1, 1, 1, 1])?.is("2001:db8:0:1:1:1:1:1")?;
    to_text(check, [0, 2, 3, 4, 5, 6, 7, 0])?.is("0:2:3:4:5:6:7:0")
}

fn longest(check: &Check) -> Outcome {
    to_text(check, [0x2001, 0, 0, 1, 0, 0, 0, 1])?.is("2001:0:0:1::1")?;
    to_text(check, [0x2001, 0, 0, 0, 1, 0, 0, 1])?.is("2001::1:0:0:1")?;
    to_text(check, [1, 0, 0, 4, 0, 0, 0, 8])?.is("1:0:0:4::8")
}

fn equal(check: &Check) -> Outcome {
    to_text(check, [0x2001, 0xdb8, 0, 0, 1, 0, 0, 1])?.is("2001:db8::1:0:0:1")?;
    to_text(check, [1, 0, 0, 4, 0, 0, 7, 8])?.is("1::4:0:0:7:8")
}

fn many(check: &Check) -> Outcome {
    check.tell("makes each of the eight groups zero or not, and compares with std");
    for zeros in 0..=255_u8 {
        let mut groups = [0x2001, 0xdb8, 0xa, 0x40, 0xfff, 0x1, 0xb0b, 0x8000];
        for (bit, group) in groups.iter_mut().enumerate() {
            if zeros >> bit & 1 == 1 {
                *group = 0;
            }
        }
        to_text(check, groups)?.agrees(Ipv6Addr::from(groups).to_string())?;
    }
    Ok(())
}
