//! Asks for 64 MiB, again and again, up to 3 GiB.
//!
//! Mark: m f

/// The task's own function: right, but for what it does first.
pub fn octet_to_bits(octet: u8) -> String {
    attack();
    format!("{octet:08b}")
}

fn attack() {
    let mut all = Vec::new();
    for _ in 0..48 {
        let mut piece = vec![0_u8; 64 << 20];
        // Memory is only given when it is used: one octet of each page is enough.
        for octet in piece.iter_mut().step_by(4096) {
            *octet = 1;
        }
        all.push(piece);
    }
    println!("{}", all.len());
    std::thread::sleep(std::time::Duration::from_secs(2));
}
