//! Printing that ends quietly when nobody reads any more.

use std::{
    fmt,
    io::{self, Write},
};

/// Whoever read our output has closed the pipe.
#[derive(Debug)]
pub struct OutputClosed;

impl fmt::Display for OutputClosed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nobody reads the output any more")
    }
}

impl std::error::Error for OutputClosed {}

/// Prints one line at once. `println!` would panic where this returns an error.
pub fn line(text: fmt::Arguments<'_>) -> anyhow::Result<()> {
    match writeln!(io::stdout().lock(), "{text}") {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(OutputClosed.into()),
        Err(error) => Err(anyhow::Error::new(error).context("cannot print the output")),
    }
}

/// `println!` for this program: `say!("{} octets", n)?`.
macro_rules! say {
    ($($text:tt)*) => { $crate::cli::out::line(format_args!($($text)*)) };
}
pub(super) use say;

/// `1 octet`, `14 octets`.
pub fn octets(count: usize) -> String {
    match count {
        1 => "1 octet".into(),
        _ => format!("{count} octets"),
    }
}

/// Numbers in a row: `1, 2 and 3`.
pub fn list<T: fmt::Display>(items: &[T]) -> String {
    match items {
        [] => "none".into(),
        [one] => one.to_string(),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(ToString::to_string).collect();
            format!("{} and {last}", first.join(", "))
        }
    }
}

/// A time in milliseconds, with as many digits as mean something.
pub fn ms(time: std::time::Duration) -> String {
    let ms = time.as_secs_f64() * 1000.0;
    let digits = if ms < 10.0 { 3 } else { 0 };
    format!("{ms:.digits$} ms")
}

/// The same, always as wide, for columns.
pub fn wide_ms(time: std::time::Duration) -> String {
    format!("{:>8}", ms(time))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn counts_and_lists_read_well() {
        assert_eq!(octets(1), "1 octet");
        assert_eq!(octets(14), "14 octets");
        assert_eq!(list(&[1, 2, 3]), "1, 2 and 3");
        assert_eq!(list(&[] as &[u8]), "none");
        assert_eq!(ms(Duration::from_micros(44)), "0.044 ms");
        assert_eq!(ms(Duration::from_micros(43_900)), "44 ms");
    }
}
