//! The command line: which experiment, with which options; and what is printed.

mod all;
mod args;
mod out;
mod paces;
mod pieces;
mod storms;
mod tools;

pub use args::Args;
pub use out::OutputClosed;

use args::{Command, Options};
use lesson_02_tcp_vs_udp::net::Lab;

/// Does what the command line says.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let Some(command) = &args.command else {
        return all::run(&lab(&args.options));
    };
    match command {
        Command::Boundaries(options) => pieces::boundaries(&lab(options)),
        Command::Truncation(options) => pieces::truncation(&lab(options)),
        Command::NobodyHome(options) => pieces::nobody_home(&lab(options)),
        Command::OneToMany(options) => pieces::one_to_many(&lab(options)),
        Command::FullDuplex(options) => pieces::full_duplex(&lab(options)),
        Command::Loss {
            options,
            seed,
            drop,
        } => storms::loss(&lab(options), seed.seed, *drop),
        Command::Order {
            options,
            seed,
            reorder,
        } => storms::order(&lab(options), seed.seed, *reorder),
        Command::Duplicates {
            options,
            seed,
            duplicate,
        } => storms::duplicates(&lab(options), seed.seed, *duplicate),
        Command::Backpressure(options) => paces::backpressure(&lab(options)),
        Command::Cost(options) => paces::cost(&lab(options)),
        Command::SmallWrites(options) => paces::small_writes(&lab(options)),
        Command::Overrun(options) => paces::overrun(&lab(options)),
        Command::Relay(relay) => tools::relay(relay),
        Command::Send(send) => tools::send(send),
        Command::Receive(receive) => tools::receive(receive),
    }
}

fn lab(options: &Options) -> Lab {
    Lab {
        addr: options.addr,
        ..Lab::default()
    }
}
