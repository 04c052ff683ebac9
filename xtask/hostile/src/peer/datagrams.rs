//! Peers that send datagrams.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use socket2::{SockAddr, Socket};

use super::octets::GARBAGE;
use crate::attack::Attack;
use crate::target::Target;

/// The pause after each burst. The peers of this file trouble a receiver with *what* they send. A
/// flood is another thing: what the receiver's buffer cannot take, the kernel drops, whoever sent it.
const BREATH: Duration = Duration::from_millis(2);

/// Datagrams in a burst.
const BURST: usize = 8;

/// Sends from many endpoints: 127.0.0.2 to 127.0.0.251, four ports each. The whole of
/// 127.0.0.0/8 is this machine (RFC 1122 §3.2.1.3), so no right is needed to take one of them. (macOS
/// has only 127.0.0.1 at first: there they are 1,000 ports of one address.) To forge the address of
/// somebody else takes a raw socket, and so an administrator.
///
/// At a path no sender can take an address that is not free; there are 1,000 nameless sockets.
pub fn many_sources(attack: &Attack<'_>) -> io::Result<()> {
    let count = attack.settings.connections.unwrap_or(1_000);
    loop {
        for number in 0..count {
            let socket = attack.target.datagram_socket()?;
            if let Target::Udp(SocketAddr::V4(_)) = attack.target {
                let last = u8::try_from(2 + number / 4).unwrap_or(u8::MAX);
                let at = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 0, last)), 0);
                // Where there is no such address, the kernel chooses 127.0.0.1.
                let _ = socket.bind(&at.into());
            }
            if send(attack, &socket, b"who am I?\n").is_ok() {
                attack.account().opened += 1;
            }
            if !breathe(attack, number) {
                break;
            }
        }
        if !attack.gate.round_done() {
            return Ok(());
        }
    }
}

/// The largest datagrams, and one octet more, which the system must refuse to send.
pub fn oversized(attack: &Attack<'_>) -> io::Result<()> {
    let largest = largest(attack)?;
    let octets = vec![b'x'; largest + 1];
    bursts(attack, 64, |number| {
        let length = if number % BURST == 7 {
            largest + 1
        } else {
            largest
        };
        octets[..length].to_vec()
    })
}

/// The length of the largest datagram that the system takes, found by trying. Over UDP it is at most 65,507
/// octets over IPv4: 65,535 − 20 − 8 (RFC 768, RFC 791). At a path it depends on the send buffer.
fn largest(attack: &Attack<'_>) -> io::Result<usize> {
    let socket = attack.target.datagram_socket()?;
    let octets = vec![b'x'; 4 << 20];
    let (mut taken, mut refused) = (0, octets.len());
    while taken + 1 < refused {
        let length = usize::midpoint(taken, refused);
        match send(attack, &socket, &octets[..length]) {
            Err(error) if is_too_long(&error) => refused = length,
            // Another error (a full queue) says nothing of the length.
            Err(_) => {}
            Ok(()) => taken = length,
        }
        if !attack.gate.pause(BREATH) {
            break;
        }
    }
    Ok(taken)
}

/// `EMSGSIZE` of Linux, of macOS, `WSAEMSGSIZE` of Windows: the standard library has no name for them.
fn is_too_long(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(90 | 40 | 10_040))
}

/// Datagrams without any octet: valid, and no end of anything.
pub fn empty(attack: &Attack<'_>) -> io::Result<()> {
    bursts(attack, 256, |_| Vec::new())
}

/// One message in pieces of 1 to 7 octets, the last ones first, some twice, one never.
///
/// These are fragments as a *program* may make them. The kernel's own (RFC 791 §3.2) never occur on
/// loopback: its MTU of 65,536 octets is larger than any datagram.
pub fn fragments(attack: &Attack<'_>) -> io::Result<()> {
    let message = b"a message that was meant to arrive whole and in order\n";
    let mut dice = fastrand::Rng::with_seed(attack.settings.seed);
    let mut pieces = Vec::new();
    let mut rest = &message[..];
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(dice.usize(1..=7).min(rest.len()));
        pieces.push(piece.to_vec());
        rest = behind;
    }
    pieces.reverse();
    pieces.push(pieces[0].clone());
    pieces.remove(1);
    let count = pieces.len();
    bursts(attack, count * 8, |number| pieces[number % count].clone())
}

/// Random octets, and all that is no text.
pub fn garbage(attack: &Attack<'_>) -> io::Result<()> {
    let seed = attack.settings.seed;
    bursts(attack, 256, |number| {
        if let Some(garbage) = GARBAGE.get(number) {
            return garbage.to_vec();
        }
        let mut dice = fastrand::Rng::with_seed(seed.wrapping_add(number as u64));
        let length = dice.usize(0..2_000);
        std::iter::repeat_with(|| dice.u8(..))
            .take(length)
            .collect()
    })
}

/// Sends under a name, so that it is answered, and reads no answer.
///
/// Over UDP the kernel drops what does not fit into this peer's buffer. At a path it does not drop: an
/// answer waits until there is room, and with it a server that waits for its answers to go.
pub fn deaf(attack: &Attack<'_>) -> io::Result<()> {
    let socket = attack.target.datagram_socket()?;
    let folder;
    if let Target::Datagram(_) = attack.target {
        folder = tempfile::tempdir()?;
        socket.bind(&SockAddr::unix(folder.path().join("deaf"))?)?;
    }
    let question = attack.settings.speech.question();
    let mut sender = Sender::new(attack, &socket);
    loop {
        for number in 0..64 {
            sender.send(question);
            if !breathe(attack, number) {
                break;
            }
        }
        if !attack.gate.round_done() {
            return Ok(());
        }
    }
}

/// Sends `count` datagrams from one socket in every round.
fn bursts(
    attack: &Attack<'_>,
    count: usize,
    datagram: impl Fn(usize) -> Vec<u8>,
) -> io::Result<()> {
    let socket = attack.target.datagram_socket()?;
    let mut sender = Sender::new(attack, &socket);
    while attack.variations(count, |number| {
        sender.send(&datagram(number));
        breathe(attack, number);
        Ok(())
    })? {}
    Ok(())
}

/// A socket that counts as opened when the first of its datagrams was taken.
struct Sender<'a> {
    attack: &'a Attack<'a>,
    socket: &'a Socket,
    has_sent: bool,
}

impl<'a> Sender<'a> {
    fn new(attack: &'a Attack<'_>, socket: &'a Socket) -> Self {
        Self {
            attack,
            socket,
            has_sent: false,
        }
    }

    fn send(&mut self, octets: &[u8]) {
        if send(self.attack, self.socket, octets).is_ok() && !self.has_sent {
            self.has_sent = true;
            self.attack.account().opened += 1;
        }
    }
}

/// Sends one datagram. It may fail: "port unreachable" about an earlier one, a full queue, too long. The
/// next one may pass.
fn send(attack: &Attack<'_>, socket: &Socket, octets: &[u8]) -> io::Result<()> {
    let sent = attack
        .target
        .address()
        .and_then(|to| socket.send_to(octets, &to));
    let mut account = attack.account();
    match sent {
        Ok(length) => account.sent += length as u64,
        Err(_) => account.not_let_in += 1,
    }
    sent.map(|_| ())
}

fn breathe(attack: &Attack<'_>, number: usize) -> bool {
    number % BURST != BURST - 1 || attack.gate.pause(BREATH)
}
