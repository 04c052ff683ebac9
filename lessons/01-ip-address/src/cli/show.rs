//! The lines that are printed for one address.

use std::ffi::OsStr;
use std::io::{self, IsTerminal, Write};
use std::net::IpAddr;

use ip::kind;
use ip::notation::{Given, Notation};
use ip::{bits, bulk, explain, ipv4, ipv6, json, notation, wire};
use lesson_01_ip_address as ip;

use super::args::{Args, Color, To};
use super::network::{self, Paint};

/// What is printed for an address.
#[derive(Clone, Copy)]
enum Mode {
    Card,
    Explain,
    To(To),
    Json,
    Wire,
}

/// How addresses are printed in this run.
pub struct Show {
    mode: Mode,
    paint: Paint,
    wide: bool,
}

impl Show {
    pub fn new(args: &Args) -> Self {
        let mode = match args.to {
            _ if args.explain => Mode::Explain,
            _ if args.json => Mode::Json,
            _ if args.wire => Mode::Wire,
            Some(to) => Mode::To(to),
            None => Mode::Card,
        };
        let no_color = std::env::var_os("NO_COLOR");
        let color = wants_color(args.color, io::stdout().is_terminal(), no_color.as_deref());
        Self {
            mode,
            paint: Paint { on: color },
            wide: args.ipv6,
        }
    }

    /// For a file of addresses, a line each: binary, if nothing else was asked for.
    pub fn for_lines(&self) -> Self {
        let mode = match self.mode {
            Mode::Card => Mode::To(To::Binary),
            other => other,
        };
        Self { mode, ..*self }
    }

    /// Whether a blank line should stand between two addresses.
    pub fn is_tall(&self) -> bool {
        matches!(self.mode, Mode::Card | Mode::Explain | Mode::Wire)
    }

    pub fn text(&self, text: &str) -> Result<Given, ip::refusal::Refusal> {
        notation::read(text.as_bytes(), self.wide)
    }

    /// Converts a line of the input. Dotted decimal to binary takes the short way.
    pub fn line(&self, line: &[u8], out: &mut Vec<u8>) -> Result<(), ip::refusal::Refusal> {
        if matches!(self.mode, Mode::To(To::Binary)) && bulk::dotted_to_binary(line, out) {
            return Ok(());
        }
        // What is no UTF-8 is no address either; its refusal must point into the text as shown.
        let text = String::from_utf8_lossy(line);
        let given = self.text(&text)?;
        // Writing into memory cannot fail.
        let _ = self.address(out, &text, &given);
        Ok(())
    }

    /// Prints one address.
    pub fn address(&self, out: &mut impl Write, text: &str, given: &Given) -> io::Result<()> {
        match self.mode {
            Mode::Card => self.card(out, given),
            Mode::Explain => {
                writeln!(out, "{}", Canonical(given.address))?;
                explanation(out, given.address)?;
                match given.prefix {
                    Some(prefix) => network::rows(out, self.paint, given.address, prefix),
                    None => Ok(()),
                }
            }
            Mode::To(to) => one_notation(out, to, given),
            Mode::Json => json::object(out, text, given),
            Mode::Wire => on_the_wire(out, given.address),
        }
    }

    fn card(&self, out: &mut impl Write, given: &Given) -> io::Result<()> {
        let prefix = given.prefix.map(|prefix| format!("/{prefix}"));
        writeln!(
            out,
            "{}{}",
            Canonical(given.address),
            prefix.unwrap_or_default()
        )?;
        let read_as = match (given.notation, given.address) {
            (Notation::Dotted | Notation::Ipv6, _) => None,
            (Notation::Binary, _) => Some("binary"),
            (Notation::Decimal, _) => Some("a decimal number"),
            (Notation::Hex, _) => Some("a hexadecimal number"),
        };
        if let Some(read_as) = read_as {
            writeln!(out, "  read as    {read_as}")?;
        }
        match given.prefix {
            Some(prefix) => network::rows(out, self.paint, given.address, prefix)?,
            None => notations(out, given.address)?,
        }
        registry(out, given.address)
    }
}

/// Whether to colour. What the command line says goes first, then `NO_COLOR`, then whether somebody
/// looks at a terminal.
fn wants_color(color: Color, terminal: bool, no_color: Option<&OsStr>) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => terminal && no_color.is_none_or(OsStr::is_empty),
    }
}

/// An address as this lesson's formatters write it.
struct Canonical(IpAddr);

impl std::fmt::Display for Canonical {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            IpAddr::V4(address) => ipv4::format(address).fmt(f),
            IpAddr::V6(address) => ipv6::format(address).fmt(f),
        }
    }
}

fn notations(out: &mut impl Write, address: IpAddr) -> io::Result<()> {
    match address {
        IpAddr::V4(address) => {
            writeln!(out, "  binary     {}", bits::dotted(address))?;
            writeln!(out, "  number     {}", u32::from(address))?;
            writeln!(out, "  hex        0x{:08x}", u32::from(address))
        }
        IpAddr::V6(address) => {
            writeln!(out, "  in full    {}", ipv6::format_in_full(address))?;
            network::wide_bits(out, "binary", address, |bits, _| bits.into())?;
            writeln!(out, "  number     {}", u128::from(address))?;
            writeln!(out, "  hex        0x{:032x}", u128::from(address))
        }
    }
}

fn registry(out: &mut impl Write, address: IpAddr) -> io::Result<()> {
    let block = kind::of(address);
    let place = if block.prefix.ends_with("/0") {
        String::new()
    } else {
        format!("{} ", block.prefix)
    };
    writeln!(out, "  kind       {}", block.kind.word())?;
    writeln!(out, "  registry   {place}{} ({})", block.name, block.source)?;
    writeln!(out, "  reach      {}", block.reach.sentence())?;
    if let Some(inside) = kind::embedded_ipv4(address) {
        let block = kind::of(inside.into());
        writeln!(
            out,
            "  IPv4       {inside}, {} ({})",
            block.kind.word(),
            block.source
        )?;
    }
    Ok(())
}

pub fn explanation(out: &mut impl Write, address: IpAddr) -> io::Result<()> {
    match address {
        IpAddr::V4(address) => explain::ipv4(out, address),
        IpAddr::V6(address) => explain::ipv6(out, address),
    }
}

fn one_notation(out: &mut impl Write, to: To, given: &Given) -> io::Result<()> {
    match (to, given.address) {
        (To::Dotted, address) => write!(out, "{}", Canonical(address))?,
        (To::Binary, IpAddr::V4(address)) => write!(out, "{}", bits::dotted(address))?,
        (To::Binary, IpAddr::V6(address)) => write!(out, "{}", bits::grouped(address))?,
        (To::Decimal, IpAddr::V4(address)) => write!(out, "{}", u32::from(address))?,
        (To::Decimal, IpAddr::V6(address)) => write!(out, "{}", u128::from(address))?,
        (To::Hex, IpAddr::V4(address)) => write!(out, "0x{:08x}", u32::from(address))?,
        (To::Hex, IpAddr::V6(address)) => write!(out, "0x{:032x}", u128::from(address))?,
    }
    match given.prefix {
        Some(prefix) => writeln!(out, "/{prefix}"),
        None => writeln!(out),
    }
}

/// A packet that was recorded, and the addresses in it.
pub fn captured(out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "An IPv4 packet, recorded on a loopback interface. Each row is 32 bits."
    )?;
    for (row, octets) in wire::CAPTURED.chunks(4).enumerate() {
        let at = row * 4;
        write!(out, "  octet {at:2}  {}", hex(octets))?;
        for (name, field) in [
            ("source", wire::IPV4.source),
            ("destination", wire::IPV4.destination),
        ] {
            if let (true, &[a, b, c, d]) = (field.start == at, octets) {
                write!(out, "  {name} {a}.{b}.{c}.{d}")?;
            }
        }
        writeln!(out)?;
    }
    writeln!(out, "Next, the order of the octets:")?;
    writeln!(
        out,
        "  cargo run -q -p lesson-01-ip-address -- --wire 127.4.5.6"
    )
}

fn hex(octets: &[u8]) -> String {
    let digits: Vec<String> = octets.iter().map(|octet| format!("{octet:02x}")).collect();
    digits.join(" ")
}

/// The octets in a header, and what the wrong order would do to them.
fn on_the_wire(out: &mut impl Write, address: IpAddr) -> io::Result<()> {
    let (octets, fields) = match &address {
        IpAddr::V4(address) => (address.octets().to_vec(), wire::IPV4),
        IpAddr::V6(address) => (address.octets().to_vec(), wire::IPV6),
    };
    writeln!(out, "{}", Canonical(address))?;
    writeln!(out, "  on the wire       {}", hex(&octets))?;
    writeln!(
        out,
        "  in the IP header  octets {} to {} as source, {} to {} as destination",
        fields.source.start,
        fields.source.end - 1,
        fields.destination.start,
        fields.destination.end - 1,
    )?;
    let IpAddr::V4(address) = address else {
        return Ok(());
    };
    let host = wire::host_order(address);
    let name = if cfg!(target_endian = "little") {
        "little"
    } else {
        "big"
    };
    writeln!(
        out,
        "  as a u32 in the memory of this machine ({name}-endian)"
    )?;
    writeln!(out, "                    {}", hex(&host))?;
    if host == wire::network_order(address) {
        writeln!(out, "  both orders are the same here")
    } else {
        writeln!(out, "  sent as they lie in memory, they would mean")?;
        writeln!(out, "                    {}", ipv4::format(host.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_color_is_respected() {
        let set = Some(OsStr::new("1"));
        assert!(wants_color(Color::Auto, true, None));
        assert!(wants_color(Color::Auto, true, Some(OsStr::new(""))));
        assert!(!wants_color(Color::Auto, true, set));
        assert!(!wants_color(Color::Auto, false, None));
        assert!(!wants_color(Color::Never, true, None));
        assert!(wants_color(Color::Always, false, set));
    }
}
