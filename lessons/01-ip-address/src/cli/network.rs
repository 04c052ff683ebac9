//! The rows of a network, its bits in two colours.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use lesson_01_ip_address::network::{Network, Network6};
use lesson_01_ip_address::{bits, ipv4, ipv6};

/// Colours bits, or leaves them as they are.
#[derive(Clone, Copy)]
pub struct Paint {
    pub on: bool,
}

impl Paint {
    // ANCHOR: painted
    /// The bits, network bits in one colour and host bits in another. `before` bits stand on an
    /// earlier line.
    fn bits(self, bits: &str, before: u8, prefix: u8) -> String {
        if !self.on {
            return bits.into();
        }
        let mut seen = before;
        let edge = bits.find(|character: char| {
            let is_bit = character.is_alphanumeric(); // and no dot or colon
            let is_host = is_bit && seen >= prefix;
            seen += u8::from(is_bit);
            is_host
        });
        let (network, host) = bits.split_at(edge.unwrap_or(bits.len()));
        let mut text = String::new();
        for (piece, color) in [(network, "\x1b[36m"), (host, "\x1b[33m")] {
            if !piece.is_empty() {
                text.extend([color, piece, "\x1b[0m"]);
            }
        }
        text
    }
    // ANCHOR_END: painted

    /// A line that says with letters what the colours say: n for network bits, h for host bits.
    fn ruler(self, prefix: u8) -> String {
        let letters: Vec<String> = (0..4_u8)
            .map(|octet| {
                (0..8)
                    .map(|bit| if octet * 8 + bit < prefix { 'n' } else { 'h' })
                    .collect()
            })
            .collect();
        self.bits(&letters.join("."), 0, prefix)
    }
}

/// Prints every row of the network.
pub fn rows(out: &mut impl Write, paint: Paint, address: IpAddr, prefix: u8) -> io::Result<()> {
    match address {
        IpAddr::V4(address) => rows4(out, paint, Network { address, prefix }),
        IpAddr::V6(address) => rows6(out, paint, Network6 { address, prefix }),
    }
}

fn rows4(out: &mut impl Write, paint: Paint, network: Network) -> io::Result<()> {
    let mut row = |name: &str, address: Ipv4Addr| {
        let bits = paint.bits(bits::dotted(address).as_str(), 0, network.prefix);
        writeln!(out, "  {name:<10} {:<15}  {bits}", ipv4::format(address))
    };
    row("address", network.address)?;
    row("mask", network.mask())?;
    row("wildcard", network.wildcard())?;
    row("network", network.lowest())?;
    if let Some(broadcast) = network.broadcast() {
        row("broadcast", broadcast)?;
    }
    row("first host", network.first_host())?;
    row("last host", network.last_host())?;
    let (hosts, ruler) = (network.hosts(), paint.ruler(network.prefix));
    writeln!(out, "  hosts      {hosts:<15}  {ruler}")?;
    match network.why_no_broadcast() {
        Some(why) => writeln!(out, "  broadcast  none: {why}"),
        None => Ok(()),
    }
}

fn rows6(out: &mut impl Write, paint: Paint, network: Network6) -> io::Result<()> {
    let prefix = network.prefix;
    wide_bits(out, "address", network.address, |bits, before| {
        paint.bits(bits, before, prefix)
    })?;
    wide_bits(out, "mask", network.mask(), |bits, before| {
        paint.bits(bits, before, prefix)
    })?;
    writeln!(out, "  network    {}", ipv6::format(network.lowest()))?;
    writeln!(out, "  last       {}", ipv6::format(network.highest()))?;
    match network.addresses() {
        Some(addresses) => writeln!(out, "  addresses  2^{} = {addresses}", 128 - prefix)?,
        None => writeln!(out, "  addresses  2^128")?,
    }
    writeln!(
        out,
        "  broadcast  none: IPv6 has multicast instead (RFC 4291 §2)"
    )
}

/// 128 bits in two lines of 64, each as `paint` makes it.
pub fn wide_bits(
    out: &mut impl Write,
    name: &str,
    address: Ipv6Addr,
    paint: impl Fn(&str, u8) -> String,
) -> io::Result<()> {
    let bits = bits::grouped(address);
    // Four groups of 16 digits, a colon after each.
    let (high, low) = bits.as_str().split_at(68);
    writeln!(out, "  {name:<10} {}", paint(high, 0))?;
    writeln!(out, "             {}", paint(low, 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_colours_change_where_the_network_ends() {
        let paint = Paint { on: true };
        let painted = |prefix| paint.bits("00001010.00000001", 0, prefix);
        assert_eq!(
            painted(9),
            "\x1b[36m00001010.0\x1b[0m\x1b[33m0000001\x1b[0m"
        );
        assert_eq!(painted(0), "\x1b[33m00001010.00000001\x1b[0m");
        assert_eq!(painted(16), "\x1b[36m00001010.00000001\x1b[0m");
        assert_eq!(
            painted(8),
            "\x1b[36m00001010.\x1b[0m\x1b[33m00000001\x1b[0m"
        );
        assert_eq!(
            paint.bits("0000", 64, 66),
            "\x1b[36m00\x1b[0m\x1b[33m00\x1b[0m"
        );
        assert_eq!(Paint { on: false }.bits("0000", 0, 2), "0000");
    }
}
