//! Every peer against every server of the course, as tests: `cargo test -p hostile disk-line/`.
//!
//! Some attacks are smaller here than in `cargo xtask hostile matrix`: a flood has 8 MB, nobody opens
//! 10,000 connections, and the chat server meets two of the variations of a peer. And other tests run
//! beside them, so only a request that takes longer than 250 ms is late.

use std::process::ExitCode;

#[cfg(unix)]
fn main() -> ExitCode {
    use std::sync::Arc;

    use hostile::lab::{
        limits,
        matrix::{Cell, Size},
    };
    use libtest_mimic::{Arguments, Failed, Trial};

    let arguments = Arguments::from_args();
    // In the background of a shell Ctrl-C is ignored, and the servers would inherit that: they are ended
    // by it. With a handler here, they begin with the system's own.
    if let Err(error) = ctrlc::set_handler(|| std::process::exit(130)) {
        eprintln!("error: cannot hear Ctrl-C: {error}");
        return ExitCode::FAILURE;
    }
    limits::as_many_files_as_allowed();
    let bin = if arguments.list {
        Arc::default()
    } else {
        match scenes::build_lessons() {
            Ok(bin) => Arc::new(bin),
            Err(error) => {
                eprintln!("error: {error:#}");
                return ExitCode::FAILURE;
            }
        }
    };
    let cells = Cell::all()
        .into_iter()
        .filter(|cell| cell.peer.name != "great-crowd");
    let trials = cells.map(|cell| {
        let bin = Arc::clone(&bin);
        Trial::test(cell.name(), move || {
            let found = cell.run(&bin, &Size::SMALL);
            found
                .map(|_| ())
                .map_err(|error| Failed::from(format!("{error:#}")))
        })
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// The lab watches processes as Unix shows them.
#[cfg(not(unix))]
fn main() -> ExitCode {
    ExitCode::SUCCESS
}
