//! A busy machine.

use std::process::{Child, Command, Stdio};

/// Keeps all processors busy until it is dropped.
pub struct Pressure(Option<Child>);

impl Pressure {
    /// Starts `stress-ng` with as many workers as there are processors. Where it is missing, says how to
    /// get it, and goes on without.
    pub fn begin(processors: usize) -> Self {
        let started = Command::new("stress-ng")
            .args(["--quiet", "--cpu", &processors.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        if started.is_err() {
            eprintln!(
                "stress-ng is missing: the machine is only as busy as the tests make it. Debian: \
                 `apt install stress-ng`; macOS: `brew install stress-ng`"
            );
        }
        Self(started.ok())
    }

    /// What there is of it.
    pub fn words(&self) -> &'static str {
        match self.0 {
            Some(_) => "stress-ng on every processor",
            None => "none",
        }
    }
}

impl Drop for Pressure {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            // Its workers end with it.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
