//! Checks of "Six octets on the wire".

mod exercise;

use std::net::{Ipv4Addr, SocketAddrV4};

use kit::{Check, Failure, Got, Outcome};

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("an endpoint is six octets", six_octets),
        ("the address goes first, as in a header", address_first),
        ("the port follows", then_the_port),
        ("what another program sends is read", read),
        ("what is not six octets long is no endpoint", other_lengths),
        ("many endpoints, there and back", many),
    ])
}

fn endpoint(address: [u8; 4], port: u16) -> SocketAddrV4 {
    SocketAddrV4::new(Ipv4Addr::from(address), port)
}

/// What the registry receives when the student's code announces an endpoint.
fn announced(check: &Check, own: SocketAddrV4) -> Outcome<Vec<u8>> {
    let mut registry = check.datagrams("the registry")?;
    let socket = check.udp_socket()?;
    let address = registry.address();
    check
        .call(format!("announce(…, {own})"), move || {
            exercise::announce(&socket, address, own)
        })?
        .ok()?;
    Ok(registry.receive()?.0)
}

fn six_octets(check: &Check) -> Outcome {
    let count = announced(check, endpoint([100, 4, 5, 6], 4660))?.len();
    if count == 6 {
        return Ok(());
    }
    let unmet = "the registry receives a datagram of 6 octets";
    check.fail(unmet, format!("{count} octets"))
}

fn address_first(check: &Check) -> Outcome {
    let expected = [100, 4, 5, 6];
    let got = announced(check, endpoint(expected, 4660))?;
    if got.starts_with(&expected) {
        return Ok(());
    }
    let unmet = "the registry reads the address 100.4.5.6 from the first four octets";
    Err(Failure::octets(unmet, &expected, &got[..got.len().min(4)]))
}

fn then_the_port(check: &Check) -> Outcome {
    let expected = [100, 4, 5, 6, 0x12, 0x34];
    let got = announced(check, endpoint([100, 4, 5, 6], 4660))?;
    if got == expected {
        return Ok(());
    }
    let unmet = "the registry reads 64 04 05 06 12 34: the address 100.4.5.6 and the port 4660";
    Err(Failure::octets(unmet, &expected, &got))
}

fn reads(check: &Check, octets: &[u8]) -> Outcome<Got<Option<SocketAddrV4>>> {
    let octets = octets.to_vec();
    check.call(format!("from_octets(&{octets:?})"), move || {
        exercise::from_octets(&octets)
    })
}

fn read(check: &Check) -> Outcome {
    reads(check, &[127, 0, 0, 1, 31, 144])?.is(Some(endpoint([127, 0, 0, 1], 8080)))?;
    reads(check, &[10, 1, 2, 3, 0, 80])?.is(Some(endpoint([10, 1, 2, 3], 80)))?;
    reads(check, &[0; 6])?.is(Some(endpoint([0; 4], 0)))?;
    reads(check, &[255; 6])?.is(Some(endpoint([255; 4], 65535)))
}

fn other_lengths(check: &Check) -> Outcome {
    for octets in [
        &b""[..],
        b"\x7f",
        b"\x7f\0\0\x01\x1f",
        b"\x7f\0\0\x01\x1f\x90\0",
    ] {
        reads(check, octets)?.is(None::<SocketAddrV4>)?;
    }
    Ok(())
}

fn many(check: &Check) -> Outcome {
    check.tell("writes and reads endpoints whose six octets are all different");
    for number in 0..100_u8 {
        let [a, b, c, d, high, low] = [1, 3, 5, 7, 11, 13].map(|step| number.wrapping_mul(step));
        let octets = vec![a, b, c, d, high, low];
        let endpoint = endpoint([a, b, c, d], u16::from(high) * 256 + u16::from(low));
        check
            .call(format!("to_octets({endpoint})"), move || {
                exercise::to_octets(endpoint)
            })?
            .agrees(octets.clone())?;
        reads(check, &octets)?.agrees(Some(endpoint))?;
    }
    Ok(())
}
