//! `cargo test -p book` checks the book itself, as `cargo xtask book test` does.

use book::check;
use book::layout::Layout;

#[test]
fn the_book_has_no_fault() {
    let report = check::check(&Layout::find().unwrap()).unwrap();
    assert!(report.faults.is_empty(), "{report}");
}
