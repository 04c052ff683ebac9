//! Is wrong, and lets the kit run checks of its own that always pass.
//!
//! Mark: f x

/// The task's own function.
pub fn octet_to_bits(_: u8) -> String {
    kit::run(&[
        ("an octet that begins with a 1", |_| Ok(())),
        ("a smaller octet has eight digits too", |_| Ok(())),
        ("each digit is a 0 or a 1", |_| Ok(())),
        ("all ones, both ends, all zeros", |_| Ok(())),
        ("all 256 octets, against std", |_| Ok(())),
    ]);
    std::process::exit(0);
}
