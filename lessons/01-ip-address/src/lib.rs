//! Dotted decimal and the 32 bits behind it.
//!
//! An IPv4 address is 32 bits; `100.4.5.6` is one way to write them. This library reads and writes
//! the usual notations of an address, cuts a network out of it, and says what kind it is. The parsers
//! and formatters are written by hand: they are the lesson. The standard library has its own
//! (`Ipv4Addr::from_str` and `Display`), and the tests hold the two equal on any string.
//!
//! - [`ipv4`], [`ipv6`]: text to address and back.
//! - [`bits`]: the binary notation.
//! - [`notation`]: what an argument means: dotted decimal, bits, a number, hexadecimal, IPv6.
//! - [`network`]: prefix, mask, network, broadcast, hosts (CIDR).
//! - [`kind`]: the special-purpose blocks.
//! - [`wire`]: where an address stands in an IP header.
//! - [`refusal`], [`caret`]: which octet is wrong, and why; the caret under it.
//! - [`bulk`]: a million addresses, one a line.
//! - [`explain`], [`quiz`], [`json`]: the step-by-step tables, the questions, the machine's notation.

pub mod bits;
pub mod bulk;
pub mod caret;
pub mod explain;
pub mod ipv4;
pub mod ipv6;
pub mod json;
pub mod kind;
pub mod network;
pub mod notation;
pub mod quiz;
pub mod refusal;
pub mod text;
pub mod wire;
