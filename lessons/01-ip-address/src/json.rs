//! One JSON object a line (RFC 8259). The few fields are written by hand: a library for it would
//! cost more time to build than this lesson.

use std::io::{self, Write};
use std::net::IpAddr;

use crate::kind::{self, Reach};
use crate::network::{Network, Network6};
use crate::notation::Given;
use crate::{bits, ipv4, ipv6};

// ANCHOR: string
/// Writes a JSON string: quotes around it, and an escape for every character that
/// RFC 8259 §7 does not allow inside.
///
/// # Errors
/// Writing failed.
pub fn string(out: &mut impl Write, text: &str) -> io::Result<()> {
    write!(out, "\"")?;
    for character in text.chars() {
        match character {
            '"' | '\\' => write!(out, "\\{character}")?,
            '\0'..='\x1F' => write!(out, "\\u{:04x}", u32::from(character))?,
            other => write!(out, "{other}")?,
        }
    }
    write!(out, "\"")
}
// ANCHOR_END: string

/// Writes one address as an object on one line. Numbers that may pass 2^53 (where many programs
/// round) are written as strings.
///
/// # Errors
/// Writing failed.
pub fn object(out: &mut impl Write, text: &str, given: &Given) -> io::Result<()> {
    let block = kind::of(given.address);
    write!(out, "{{\"input\":")?;
    string(out, text)?;
    match given.address {
        IpAddr::V4(address) => write!(
            out,
            ",\"family\":\"ipv4\",\"address\":\"{}\",\"binary\":\"{}\",\"decimal\":\"{}\",\"hex\":\"0x{:08x}\"",
            ipv4::format(address),
            bits::dotted(address),
            u32::from(address),
            u32::from(address),
        )?,
        IpAddr::V6(address) => write!(
            out,
            ",\"family\":\"ipv6\",\"address\":\"{}\",\"binary\":\"{}\",\"decimal\":\"{}\",\"hex\":\"0x{:032x}\"",
            ipv6::format(address),
            bits::grouped(address),
            u128::from(address),
            u128::from(address),
        )?,
    }
    write!(out, ",\"kind\":\"{}\",\"name\":", block.kind.word())?;
    string(out, block.name)?;
    write!(
        out,
        ",\"block\":\"{}\",\"source\":\"{}\"",
        block.prefix, block.source
    )?;
    let reach = match block.reach {
        Reach::Yes => "true",
        Reach::No => "false",
        Reach::Unstated => "null",
    };
    write!(out, ",\"globally_reachable\":{reach}")?;
    if let Some(inside) = kind::embedded_ipv4(given.address) {
        write!(out, ",\"ipv4\":\"{inside}\"")?;
    }
    if let Some(prefix) = given.prefix {
        network(out, given.address, prefix)?;
    }
    writeln!(out, "}}")
}

fn network(out: &mut impl Write, address: IpAddr, prefix: u8) -> io::Result<()> {
    write!(out, ",\"prefix\":{prefix}")?;
    match address {
        IpAddr::V4(address) => {
            let network = Network { address, prefix };
            write!(
                out,
                ",\"mask\":\"{}\",\"wildcard\":\"{}\",\"network\":\"{}\",\"broadcast\":",
                network.mask(),
                network.wildcard(),
                network.lowest(),
            )?;
            match network.broadcast() {
                Some(broadcast) => write!(out, "\"{broadcast}\"")?,
                None => write!(out, "null")?,
            }
            write!(
                out,
                ",\"first_host\":\"{}\",\"last_host\":\"{}\",\"hosts\":\"{}\"",
                network.first_host(),
                network.last_host(),
                network.hosts(),
            )
        }
        IpAddr::V6(address) => {
            let network = Network6 { address, prefix };
            let addresses = match network.addresses() {
                Some(addresses) => addresses.to_string(),
                None => "340282366920938463463374607431768211456".into(), // 2^128
            };
            write!(
                out,
                ",\"mask\":\"{}\",\"network\":\"{}\",\"last\":\"{}\",\"addresses\":\"{addresses}\"",
                network.mask(),
                network.lowest(),
                network.highest(),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation;

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        let given = notation::read(text.as_bytes(), false).unwrap();
        object(&mut out, text, &given).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_object_is_one_line() {
        assert_eq!(
            written("100.4.5.6"),
            "{\"input\":\"100.4.5.6\",\"family\":\"ipv4\",\"address\":\"100.4.5.6\",\
             \"binary\":\"01100100.00000100.00000101.00000110\",\"decimal\":\"1677985030\",\
             \"hex\":\"0x64040506\",\"kind\":\"public\",\"name\":\"in no special-purpose block\",\
             \"block\":\"0.0.0.0/0\",\"source\":\"RFC 6890\",\"globally_reachable\":true}\n"
        );
        assert!(written("10.0.0.0/31").contains("\"broadcast\":null"));
        assert!(written("::/0").contains("\"340282366920938463463374607431768211456\""));
        assert!(written("::ffff:10.0.0.1").contains("\"ipv4\":\"10.0.0.1\""));
        assert!(written("0.0.0.0").contains("\"name\":\"\\\"This host on this network\\\"\""));
    }

    #[test]
    fn strings_are_escaped() {
        let mut out = Vec::new();
        string(&mut out, "a\"b\\c\n\u{1b}é").unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "\"a\\\"b\\\\c\\u000a\\u001bé\""
        );
    }
}
