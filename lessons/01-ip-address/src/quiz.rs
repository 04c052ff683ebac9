//! Questions about addresses, the answers, and why a wrong answer is wrong.

use std::io::{self, Write};
use std::net::Ipv4Addr;

use crate::bits::{self, OCTETS};
use crate::explain;
use crate::ipv4;
use crate::kind::{self, Kind};
use crate::network::Network;

/// How hard the questions are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// One octet, to bits and back.
    Easy,
    /// Whole addresses: bits, hexadecimal, kinds.
    Medium,
    /// Networks: mask, network, broadcast, hosts.
    Hard,
}

/// A question, with all that is needed to judge an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "`ask` says what each asks for")]
pub enum Question {
    OctetToBits(u8),
    BitsToOctet(u8),
    BinaryToDotted(Ipv4Addr),
    HexToDotted(Ipv4Addr),
    KindOf(Ipv4Addr),
    MaskOf(u8),
    HostsOf(u8),
    NetworkOf(Network),
    BroadcastOf(Network),
}

impl Question {
    /// A question of the level, drawn with `random`. The same seed gives the same questions.
    pub fn draw(level: Level, random: &mut fastrand::Rng) -> Self {
        let address = Ipv4Addr::from(random.u32(..));
        match (level, random.u8(..4)) {
            (Level::Easy, 0 | 1) => Self::OctetToBits(random.u8(1..)),
            (Level::Easy, _) => Self::BitsToOctet(random.u8(1..)),
            (Level::Medium, 0) => Self::BinaryToDotted(address),
            (Level::Medium, 1) => Self::HexToDotted(address),
            (Level::Medium, _) => Self::KindOf(draw_kind(random)),
            (Level::Hard, 0) => Self::MaskOf(random.u8(1..=31)),
            (Level::Hard, 1) => Self::HostsOf(random.u8(20..=30)),
            (Level::Hard, choice) => {
                let network = Network {
                    address,
                    prefix: random.u8(9..=30),
                };
                if choice == 2 {
                    Self::NetworkOf(network)
                } else {
                    Self::BroadcastOf(network)
                }
            }
        }
    }

    /// The question as text.
    pub fn ask(&self) -> String {
        match self {
            Self::OctetToBits(octet) => format!("Write the octet {octet} in 8 bits."),
            Self::BitsToOctet(octet) => {
                format!("Which number is {}?", digits(*octet))
            }
            Self::BinaryToDotted(address) => {
                format!("Write {} in dotted decimal.", bits::dotted(*address))
            }
            Self::HexToDotted(address) => {
                format!("Write 0x{:08x} in dotted decimal.", u32::from(*address))
            }
            Self::KindOf(address) => format!(
                "What is {address}: public, private, shared, loopback, link-local or multicast?"
            ),
            Self::MaskOf(prefix) => format!("Which mask is /{prefix}?"),
            Self::HostsOf(prefix) => format!("How many hosts fit into a /{prefix}?"),
            Self::NetworkOf(Network { address, prefix }) => {
                format!("Which is the network address of {address}/{prefix}?")
            }
            Self::BroadcastOf(Network { address, prefix }) => {
                format!("Which is the broadcast address of {address}/{prefix}?")
            }
        }
    }

    /// The right answer.
    pub fn answer(&self) -> String {
        match self {
            Self::OctetToBits(octet) => digits(*octet).into(),
            Self::BitsToOctet(octet) => octet.to_string(),
            Self::BinaryToDotted(address) | Self::HexToDotted(address) => address.to_string(),
            Self::KindOf(address) => kind::of((*address).into()).kind.word().into(),
            Self::MaskOf(prefix) => mask(*prefix).to_string(),
            Self::HostsOf(prefix) => hosts(*prefix).to_string(),
            Self::NetworkOf(network) => network.lowest().to_string(),
            Self::BroadcastOf(network) => network.highest().to_string(),
        }
    }

    /// Whether `text` is the right answer. Space around it and capital letters do not matter.
    pub fn is_right(&self, text: &str) -> bool {
        text.trim().eq_ignore_ascii_case(&self.answer())
    }

    /// What the learner may have thought, if the wrong answer shows it; or what is wrong with an
    /// answer that is no number or address at all.
    pub fn hint(&self, text: &str) -> Option<String> {
        let text = text.trim();
        let number = text.parse::<u64>().ok();
        match *self {
            Self::OctetToBits(octet) if text == format!("{octet:b}") => Some(
                "The value is right, but an octet is always 8 bits: write the leading zeros."
                    .into(),
            ),
            Self::OctetToBits(octet) if text == digits(octet.reverse_bits()) => {
                Some(REVERSED.into())
            }
            Self::OctetToBits(_)
                if text.len() != 8 || !text.bytes().all(|c| matches!(c, b'0' | b'1')) =>
            {
                Some("An octet is written with eight digits, each 0 or 1.".into())
            }
            Self::BitsToOctet(octet) if number == Some(octet.reverse_bits().into()) => {
                Some(REVERSED.into())
            }
            Self::BitsToOctet(_) | Self::HostsOf(_) if number.is_none() => {
                Some("The answer is a decimal number.".into())
            }
            Self::HostsOf(prefix) if number == Some(hosts(prefix) + 2) => Some(
                "That counts all addresses: the network and the broadcast address are no hosts."
                    .into(),
            ),
            Self::HostsOf(prefix) if number == Some(hosts(prefix) + 1) => Some(
                "Two addresses are no hosts: the network address and the broadcast address.".into(),
            ),
            Self::NetworkOf(network) if text == zeros_after_last_dot(network.address) => Some(
                "Only the host bits become 0, and here they are not the whole last octet.".into(),
            ),
            Self::BinaryToDotted(_)
            | Self::HexToDotted(_)
            | Self::MaskOf(_)
            | Self::NetworkOf(_)
            | Self::BroadcastOf(_) => {
                let refusal = ipv4::parse(text.as_bytes()).err()?;
                Some(format!("That is no address: {}.", refusal.sentence(text)))
            }
            _ => None,
        }
    }

    /// Explains the right answer, step by step.
    ///
    /// # Errors
    /// Writing failed.
    pub fn explain(&self, out: &mut impl Write) -> io::Result<()> {
        match *self {
            Self::OctetToBits(octet) | Self::BitsToOctet(octet) => explain::octet(out, octet),
            Self::BinaryToDotted(address) => {
                for octet in address.octets() {
                    explain::octet(out, octet)?;
                }
                Ok(())
            }
            Self::HexToDotted(address) => {
                for octet in address.octets() {
                    writeln!(
                        out,
                        "  {octet:02x} = {} × 16 + {} = {octet}",
                        octet >> 4,
                        octet & 0xF
                    )?;
                }
                Ok(())
            }
            Self::KindOf(address) => {
                let block = kind::of(address.into());
                writeln!(out, "  {}: {} ({})", block.prefix, block.name, block.source)
            }
            Self::MaskOf(prefix) => {
                writeln!(out, "  {prefix} ones, then {} zeros", 32 - prefix)?;
                writeln!(out, "  {} = {}", bits::dotted(mask(prefix)), mask(prefix))
            }
            Self::HostsOf(prefix) => {
                let host_bits = 32 - prefix;
                let all = hosts(prefix) + 2;
                writeln!(
                    out,
                    "  32 - {prefix} = {host_bits} host bits, 2^{host_bits} = {all} addresses"
                )?;
                writeln!(
                    out,
                    "  {all} - 2 (network and broadcast) = {}",
                    hosts(prefix)
                )
            }
            Self::NetworkOf(network) => steps(out, network, "all host bits 0", network.lowest()),
            Self::BroadcastOf(network) => steps(out, network, "all host bits 1", network.highest()),
        }
    }
}

const REVERSED: &str = "The bits are the wrong way round: the leftmost has the place value 128.";

fn digits(octet: u8) -> &'static str {
    // The table is ASCII, so this cannot fail.
    str::from_utf8(&OCTETS[usize::from(octet)]).unwrap_or_default()
}

fn mask(prefix: u8) -> Ipv4Addr {
    Network {
        address: Ipv4Addr::UNSPECIFIED,
        prefix,
    }
    .mask()
}

fn hosts(prefix: u8) -> u64 {
    Network {
        address: Ipv4Addr::UNSPECIFIED,
        prefix,
    }
    .hosts()
}

fn zeros_after_last_dot(address: Ipv4Addr) -> String {
    let [a, b, c, _] = address.octets();
    Ipv4Addr::new(a, b, c, 0).to_string()
}

fn steps(out: &mut impl Write, network: Network, rule: &str, result: Ipv4Addr) -> io::Result<()> {
    writeln!(out, "  address          {}", bits::dotted(network.address))?;
    writeln!(out, "  mask             {}", bits::dotted(network.mask()))?;
    writeln!(out, "  {rule}  {} = {result}", bits::dotted(result))
}

/// An address of one of the kinds that the question names, near the edge of its block or not.
fn draw_kind(random: &mut fastrand::Rng) -> Ipv4Addr {
    let any = random.u32(..).to_be_bytes();
    let [_, b, c, d] = any;
    let address = match random.u8(..9) {
        0 => [10, b, c, d],
        1 => [172, 16 + b % 16, c, d],
        2 => [172, 32 + b % 16, c, d],
        3 => [192, 168, c, d],
        4 => [100, 64 + b % 64, c, d],
        5 => [127, b, c, d],
        6 => [169, 254, c, d],
        7 => [224 + b % 16, c, d, b],
        _ => any,
    };
    let address = Ipv4Addr::from(address);
    match kind::of(address.into()).kind {
        Kind::Public
        | Kind::Private
        | Kind::Shared
        | Kind::Loopback
        | Kind::LinkLocal
        | Kind::Multicast => address,
        _ => Ipv4Addr::new(100, 4, 5, 6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_questions() {
        let draw = |seed| {
            let mut random = fastrand::Rng::with_seed(seed);
            [Level::Easy, Level::Medium, Level::Hard]
                .map(|level| Question::draw(level, &mut random))
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn every_question_knows_its_answer_and_explains_it() {
        let mut random = fastrand::Rng::with_seed(1);
        for level in [Level::Easy, Level::Medium, Level::Hard] {
            for _ in 0..500 {
                let question = Question::draw(level, &mut random);
                let answer = question.answer();
                assert!(question.is_right(&format!(" {answer} ")), "{question:?}");
                assert!(
                    !question.is_right("") && !question.is_right("７"),
                    "{question:?}"
                );
                let mut out = Vec::new();
                question.explain(&mut out).unwrap();
                let text = String::from_utf8(out).unwrap();
                if !matches!(
                    question,
                    Question::KindOf(_) | Question::HexToDotted(_) | Question::BinaryToDotted(_)
                ) {
                    assert!(
                        text.contains(&answer) || matches!(question, Question::OctetToBits(_)),
                        "{text}"
                    );
                }
                for wrong in ["", "0", "1.2.3", "中文", "-1", "99999999999999999999999"] {
                    let _ = question.hint(wrong);
                }
            }
        }
    }

    #[test]
    fn a_known_mistake_is_recognised() {
        let hint = |question: Question, answer: &str| question.hint(answer).unwrap_or_default();
        assert!(hint(Question::OctetToBits(100), "1100100").contains("leading zeros"));
        assert!(hint(Question::OctetToBits(100), "00100110").contains("wrong way round"));
        assert!(hint(Question::BitsToOctet(100), "38").contains("wrong way round"));
        assert!(hint(Question::HostsOf(26), "64").contains("all addresses"));
        assert!(hint(Question::HostsOf(26), "63").contains("Two addresses"));
        let network = Network {
            address: Ipv4Addr::new(192, 168, 1, 70),
            prefix: 26,
        };
        assert!(hint(Question::NetworkOf(network), "192.168.1.0").contains("Only the host bits"));
        assert!(hint(Question::NetworkOf(network), "192.168.1").contains("3 octets"));
    }
}
