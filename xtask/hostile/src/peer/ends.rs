//! Peers that leave in a way that nobody expects.

use std::io;
use std::time::Duration;

use crate::attack::Attack;
use crate::target::Target;

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
/// it is sent and the answer is under way; one when all is said; and some in the middle of an upload that
/// would replace a file.
pub fn midway(attack: &Attack<'_>) -> io::Result<()> {
    let speech = attack.settings.speech;
    let (steps, uploads) = (speech.steps(), speech.cut_uploads());
    let count = steps.len() * 3 + 1;
    while attack.variations(count + uploads.len(), |number| {
        let Some(socket) = attack.connect()? else {
            return Ok(());
        };
        if let Some(upload) = number.checked_sub(count) {
            attack.send(&socket, &uploads[upload]);
            attack.reset(socket);
            return Ok(());
        }
        let (step, place) = (number / 3, number % 3);
        for step in &steps[..step] {
            if attack.send(&socket, step) {
                attack.await_answer(&socket, ANSWER);
            }
        }
        match (steps.get(step), place) {
            (Some(step), 1) => {
                attack.send(&socket, &step[..step.len() / 2]);
            }
            (Some(step), 2) => {
                attack.send(&socket, step);
                if let Target::Stream(_) = attack.target {
                    attack.await_answer(&socket, ANSWER);
                }
            }
            _ => {}
        }
        attack.reset(socket);
        Ok(())
    })? {}
    Ok(())
}

/// Half a request and a reset, 300 times. (At a path a whole one: only an answer that nobody has read makes
/// it a reset.)
pub fn resets(attack: &Attack<'_>) -> io::Result<()> {
    let first = attack.settings.speech.steps().swap_remove(0);
    let at_a_path = matches!(attack.target, Target::Stream(_));
    while attack.variations(300, |_| {
        if let Some(socket) = attack.connect()? {
            if at_a_path {
                attack.send(&socket, &first);
                attack.await_answer(&socket, ANSWER);
            } else {
                attack.send(&socket, &first[..first.len() / 2]);
            }
            attack.reset(socket);
        }
        Ok(())
    })? {}
    Ok(())
}
