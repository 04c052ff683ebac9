//! `book`: the book, beside the same chapters without what our builder adds.

use anyhow::Result;
use measured::figure::Unit;
use measured::report::Group;

use crate::context::Context;
use crate::process::{quiet, seconds};
use crate::turns::Turns;

const OURS: &str = "the book";
const PLAIN: &str = "mdBook alone, without our blocks";

pub(super) fn run(context: &Context) -> Result<Vec<Group>> {
    let program = context.program("book", "book")?;
    context.build(&[
        "build",
        "--release",
        "--package",
        "book",
        "--example",
        "plain",
    ])?;
    let plain = context.target()?.join("release/examples/plain");
    let (ours_to, plain_to) = (context.scratch("book"), context.scratch("plain-book"));
    let mut turns = Turns::new("All pages written", Unit::Seconds, context.choose(9, 31));
    turns.ours(OURS, || {
        let mut command = quiet(&program);
        command.current_dir(context.root()).arg("build");
        seconds(command.arg("--dest").arg(&ours_to))
    });
    turns.peer(PLAIN, || {
        let mut command = quiet(&plain);
        seconds(command.current_dir(context.root()).arg(&plain_to))
    });
    turns.at_most(OURS, 1.5, PLAIN);
    Ok(vec![turns.take()?])
}
