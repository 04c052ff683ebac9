//! Every peer against every server of the course, as tests: `cargo test -p hostile disk-line/`.
//!
//! Some attacks are smaller here than in `cargo xtask hostile matrix`: a flood has 32 MB, nobody opens
//! 10,000 connections, and the chat server meets three of the variations of a peer. One cell runs at a time,
//! because what is asked of a server is asked in milliseconds. With `-- --test-threads 8`, or in
//! `cargo xtask flakes`, others run beside it, and more is allowed: see `Noise::BESIDE_OTHERS`.

use std::process::ExitCode;

#[cfg(unix)]
fn main() -> ExitCode {
    use std::sync::Arc;

    use hostile::lab::{
        limits,
        matrix::{Cell, Size, TIMES},
        stop::Stop,
        verdict::Noise,
    };
    use libtest_mimic::{Arguments, Failed, Trial};

    let mut arguments = Arguments::from_args();
    let threads = *arguments.test_threads.get_or_insert(1);
    let (noise, times) = if threads == 1 && !scenes::is_set(scenes::CROWDED) {
        (Noise::ALONE, TIMES)
    } else {
        (Noise::BESIDE_OTHERS, 1)
    };
    // Who presses Ctrl-C waits for the end of the cell that runs: it takes its servers and folders away.
    let stop = match Stop::hear() {
        Ok(stop) => stop,
        Err(error) => {
            eprintln!("error: {error:#}");
            return ExitCode::FAILURE;
        }
    };
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
        let (bin, stop) = (Arc::clone(&bin), stop.clone());
        Trial::test(cell.name(), move || {
            let ran = stop.check();
            ran.and_then(|()| cell.run(&bin, &Size::small(noise), times))
                .map_err(|error| Failed::from(format!("{error:#}")))?;
            Ok(())
        })
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// The lab watches processes as Unix shows them.
#[cfg(not(unix))]
fn main() -> ExitCode {
    ExitCode::SUCCESS
}
