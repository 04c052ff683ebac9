//! What `ip-demo` is held beside: the same in the way in which Rust is usually written. Short, and
//! each line allocates.

use std::io::{self, BufWriter, Write};
use std::net::Ipv4Addr;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> io::Result<()> {
    let mut output = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lines() {
        let address: Ipv4Addr = line?.parse().map_err(io::Error::other)?;
        let [a, b, c, d] = address.octets();
        writeln!(output, "{a:08b}.{b:08b}.{c:08b}.{d:08b}")?;
    }
    output.flush()
}
