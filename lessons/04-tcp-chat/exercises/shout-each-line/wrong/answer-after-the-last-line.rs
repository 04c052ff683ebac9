//! A server reads all, and then it answers.
//!
//! `read_to_end` returns when the client will send no more. But the client waits for the answer to its
//! first line before it sends the second: both wait for ever. Answer each line when it is whole. (A
//! `BufWriter` keeps your answers back too, until it is full or you call `flush`.)

use std::io::{self, Read, Write};

use kit::net::TcpListener;

/// Serves one client: answers each line in capitals, until the client sends no more.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let (mut stream, _address) = listener.accept()?;
    let mut all = Vec::new();
    stream.read_to_end(&mut all)?;
    stream.write_all(&all.to_ascii_uppercase())
}
