//! `ip-one`: one address, the whole program.

use anyhow::Result;
use measured::figure::Unit;
use measured::report::Group;

use crate::context::Context;
use crate::process::{quiet, seconds};
use crate::turns::Turns;

const OURS: &str = "ip-demo";
/// The same program, linked in another way.
const STATIC: &str = "ip-demo, without shared libraries";
const EMPTY: &str = "a Rust program that does nothing";

/// Each peer with the option that makes it show the bits, where it has one.
const PEERS: [(&str, &[&str]); 4] = [
    ("ipcalc", &[]),
    ("ipcalc-ng", &[]),
    ("sipcalc", &["-b"]),
    ("netmask", &["-b"]),
];

pub(super) fn run(context: &Context) -> Result<Vec<Group>> {
    let program = context.program("lesson-01-ip-address", OURS)?;
    let mut turns = Turns::new("100.4.5.6 shown", Unit::Seconds, context.choose(50, 500));
    turns.ours(OURS, move || seconds(quiet(&program).arg("100.4.5.6")));
    let linked = context.static_program("lesson-01-ip-address", OURS)?;
    let fastest = if linked.is_some() { STATIC } else { OURS };
    if let Some(program) = linked {
        turns.ours(STATIC, move || seconds(quiet(&program).arg("100.4.5.6")));
    }
    let empty = context.program("bench", "bench-empty")?;
    turns.peer(EMPTY, move || seconds(&mut quiet(&empty)));
    for (peer, options) in PEERS {
        if let Some(program) = context.peer(peer) {
            turns.peer(peer, move || {
                seconds(quiet(&program).args(options).arg("100.4.5.6"))
            });
        }
        turns.times_as_fast(fastest, 1.0, peer);
    }
    Ok(vec![turns.take()?])
}
