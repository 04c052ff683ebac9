//! Peers that leave in a way that nobody expects.

use std::io;
use std::time::Duration;

use crate::attack::Attack;

/// How long a peer waits for an answer that the next step needs.
const ANSWER: Duration = Duration::from_millis(200);

/// Requests, the last one perhaps cut off, then "no more from me", and a read to the end.
pub fn half_close(attack: &Attack<'_>) -> io::Result<()> {
    let whole = attack.settings.speech.whole();
    let steps = attack.settings.speech.steps();
    let first = &steps[0];
    let sent: [&[u8]; 4] = [b"", &first[..first.len() / 2], first, &whole];
    while attack.variations(sent.len(), |number| {
        if let Some(socket) = attack.connect()?
            && attack.send(&socket, sent[number])
        {
            attack.half_close(&socket, ANSWER);
        }
        Ok(())
    })? {}
    Ok(())
}

/// For each step of a conversation three resets: before it, in the middle of what is sent, and when
/// it is sent and the answer is under way; and one when all is said.
pub fn midway(attack: &Attack<'_>) -> io::Result<()> {
    let steps = attack.settings.speech.steps();
    while attack.variations(steps.len() * 3 + 1, |number| {
        let Some(socket) = attack.connect()? else {
            return Ok(());
        };
        let (step, place) = (number / 3, number % 3);
        for step in &steps[..step] {
            if attack.send(&socket, step) {
                attack.hear(&socket, ANSWER);
            }
        }
        match (steps.get(step), place) {
            (Some(step), 1) => {
                attack.send(&socket, &step[..step.len() / 2]);
            }
            (Some(step), 2) => {
                attack.send(&socket, step);
            }
            _ => {}
        }
        attack.reset(socket);
        Ok(())
    })? {}
    Ok(())
}

/// Half a request and a reset, 300 times.
pub fn resets(attack: &Attack<'_>) -> io::Result<()> {
    let first = attack.settings.speech.steps().swap_remove(0);
    while attack.variations(300, |_| {
        if let Some(socket) = attack.connect()? {
            attack.send(&socket, &first[..first.len() / 2]);
            attack.reset(socket);
        }
        Ok(())
    })? {}
    Ok(())
}
