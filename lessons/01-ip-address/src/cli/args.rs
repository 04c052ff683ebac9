//! The options. Their texts are the `--help`.

use std::ffi::OsString;

use clap::{Parser, ValueEnum};

const EXAMPLES: &str = "\
What an argument means:
  100.4.5.6                            dotted decimal
  01100100.00000100.00000101.00000110  binary, four groups of 8
  01100100000001000000010100000110     binary, exactly 32 digits (128: IPv6)
  0b110                                binary number
  1677985030                           decimal number
  0x64040506                           hexadecimal number (32 digits: IPv6)
  2001:db8::1                          IPv6
  192.168.1.70/26, 2001:db8::/32       address with its network (CIDR)
Anything else is refused, with the place and the reason.

Examples:
  ip-demo 100.4.5.6                    every notation, and the kind of address
  ip-demo --explain 100.4.5.6          how each octet becomes 8 bits
  ip-demo 192.168.1.70/26              mask, network, broadcast, hosts
  ip-demo --to dotted 0x64040506       one notation, for scripts
  ip-demo < addresses.txt              one binary line for each line
  ip-demo --json < addresses.txt       one JSON object for each line
  ip-demo --wire 100.4.5.6             the octets in a packet header
  ip-demo --quiz --level hard          ten questions about networks

Exit codes: 0 all was read, 1 an input was refused, 2 the options are wrong.";

/// Shows an IP address as what it is: 32 bits (IPv6: 128), in every notation.
#[derive(Parser, Debug)]
#[command(name = "ip-demo", version, after_help = EXAMPLES)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub struct Args {
    /// Addresses to show. `-`, or none with input piped in: one address a line from standard input.
    #[arg(value_name = "ADDRESS")]
    pub addresses: Vec<OsString>,

    /// Explain step by step how the address becomes bits.
    #[arg(short, long, group = "output")]
    pub explain: bool,

    /// Print one notation only, one line for each address.
    #[arg(short, long, value_name = "NOTATION", group = "output")]
    pub to: Option<To>,

    /// Print one JSON object a line.
    #[arg(short, long, group = "output")]
    pub json: bool,

    /// Show the octets in network byte order, in host order, and their place in the IP header.
    /// Without an address: a packet that was recorded.
    #[arg(short, long, group = "output")]
    pub wire: bool,

    /// Read bare numbers (decimal, 0x, 0b) as 128 bits: IPv6.
    #[arg(short = '6', long)]
    pub ipv6: bool,

    /// Colour the network bits and the host bits. `auto`: on a terminal, unless NO_COLOR is set.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Color,

    /// Ask questions, and explain every wrong answer.
    #[arg(short, long, conflicts_with_all = ["output", "addresses"])]
    pub quiz: bool,

    /// How hard the questions are: one octet, a whole address, or networks.
    #[arg(long, default_value = "easy", requires = "quiz")]
    pub level: Level,

    /// How many questions.
    #[arg(long, value_name = "N", default_value_t = 10, requires = "quiz")]
    pub questions: u32,

    /// Ask the questions of this seed again.
    #[arg(long, value_name = "N", requires = "quiz")]
    pub seed: Option<u64>,
}

/// `--to`
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum To {
    /// 01100100.00000100.00000101.00000110
    Binary,
    /// 1677985030
    Decimal,
    /// 0x64040506
    Hex,
    /// 100.4.5.6, and for IPv6 the text of RFC 5952
    Dotted,
}

/// `--color`
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// `--level`
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Level {
    /// One octet, to bits and back
    Easy,
    /// Whole addresses: bits, hexadecimal, kinds
    Medium,
    /// Networks: mask, network, broadcast, hosts
    Hard,
}
