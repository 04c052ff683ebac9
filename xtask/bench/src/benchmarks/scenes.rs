//! `scenes`: all scenes of the book, in parallel and one after the other.

use anyhow::Result;
use measured::figure::Unit;
use measured::report::Group;

use crate::context::Context;
use crate::process::seconds;
use crate::turns::Turns;

const OURS: &str = "all scenes, as `cargo test` plays them";
const ONE_BY_ONE: &str = "one after the other";
const TEST: [&str; 6] = ["test", "--quiet", "--package", "scenes", "--test", "scenes"];

/// The profile is that of `cargo test`, because this is what plays them.
pub(super) fn run(context: &Context) -> Result<Vec<Group>> {
    // What must be built is built now: both the player and the lessons.
    context.build(&[&TEST[..], &["--", "no-snapshot-without-scene"]].concat())?;
    let mut turns = Turns::new("The scene suite, warm", Unit::Seconds, context.choose(2, 5));
    turns.ours(OURS, || seconds(&mut context.cargo(&TEST)));
    turns.slow_peer(ONE_BY_ONE, context.choose(1, 5), || {
        let one_by_one = [&TEST[..], &["--", "--test-threads=1"]].concat();
        seconds(&mut context.cargo(&one_by_one))
    });
    turns.limit(OURS, 30.0);
    turns.times_as_fast(OURS, 1.7, ONE_BY_ONE);
    Ok(vec![turns.take()?])
}
