//! Fails with what a terminal, a page or a spreadsheet could take for orders.
//!
//! Mark: f

/// The task's own function.
pub fn octet_to_bits(octet: u8) -> String {
    panic!("</pre><script>alert({octet})</script>\u{1b}[2J\u{202e}\r\n=1+1\0");
}
