//! Small exercises and answers: right, wrong, stuck, endless, gone.

use std::io::{self, Read, Write};
use std::{env, fs, thread};

use kit::{Check, Outcome};

/// Serves one client, as a student might.
fn serve(listener: &kit::net::TcpListener) -> io::Result<()> {
    let (mut stream, _) = listener.accept()?;
    let mut buffer = [0; 64];
    loop {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..count])?;
    }
}

fn with_server(
    check: &Check,
    server: impl FnOnce(&kit::net::TcpListener) -> io::Result<()> + Send + 'static,
    client: impl FnOnce(&mut kit::Peer) -> Outcome,
) -> Outcome {
    let listener = check.listener()?;
    let address = listener.local_addr().unwrap();
    let server = check.start("your server", move || server(&listener));
    let mut peer = check.connect("the client", address)?;
    client(&mut peer)?;
    peer.finish()?;
    server.returns()?.ok()?.is(())
}

fn hello(client: &mut kit::Peer) -> Outcome {
    client.send("hello")?;
    client.expect("hello")
}

pub fn echo(check: &Check) -> Outcome {
    with_server(check, serve, hello)
}

/// The same with sockets of `std`, which keep no logbook.
fn serve_unseen(listener: &kit::net::TcpListener) -> io::Result<()> {
    let listener: &std::net::TcpListener = listener;
    let (mut stream, _) = listener.accept()?;
    let mut buffer = [0; 64];
    loop {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..count])?;
    }
}

pub fn unseen(check: &Check) -> Outcome {
    with_server(check, serve_unseen, |client| {
        client.send("hel")?;
        client.until_read()?;
        client.send("lo")?;
        client.expect("hello")
    })
}

#[cfg(target_os = "linux")]
pub fn unseen_and_silent(check: &Check) -> Outcome {
    let server = |listener: &kit::net::TcpListener| -> io::Result<()> {
        let listener: &std::net::TcpListener = listener;
        let (stream, _) = listener.accept()?;
        let _ = (&stream).read(&mut [0; 64])?;
        loop {
            thread::park();
        }
    };
    with_server(check, server, hello)
}

pub fn nobody_reads(check: &Check) -> Outcome {
    let server = |listener: &kit::net::TcpListener| -> io::Result<()> {
        let _stream = listener.accept()?;
        loop {
            thread::park();
        }
    };
    with_server(check, server, |client| {
        client.send("hello")?;
        client.until_read()
    })
}

pub fn crowd(check: &Check) -> Outcome {
    let server = |listener: &kit::net::TcpListener| -> io::Result<()> {
        for _ in 0..500 {
            let listener = listener.try_clone()?;
            thread::spawn(move || {
                let _stream = listener.accept();
                loop {
                    thread::park();
                }
            });
        }
        listener.accept().map(|_| ())
    };
    with_server(check, server, hello)
}

pub fn differs(check: &Check) -> Outcome {
    let server = |listener: &kit::net::TcpListener| {
        let (mut stream, _) = listener.accept()?;
        stream.write_all(b"Hello")
    };
    with_server(check, server, hello)
}

pub fn forgotten_accept(check: &Check) -> Outcome {
    let server = |_: &kit::net::TcpListener| -> io::Result<()> {
        loop {
            thread::park();
        }
    };
    with_server(check, server, hello)
}

pub fn gone_at_once(check: &Check) -> Outcome {
    let server = |_: &kit::net::TcpListener| -> io::Result<()> { Ok(()) };
    with_server(check, server, hello)
}

pub fn both_read(check: &Check) -> Outcome {
    with_server(check, serve, |client| client.expect("hello"))
}

pub fn endless(check: &Check) -> Outcome {
    let endless = || {
        let mut number: u64 = 0;
        loop {
            number = std::hint::black_box(number.wrapping_add(1));
            if number == u64::MAX {
                return number;
            }
        }
    };
    check.call("endless()", endless)?.is(0_u64)
}

pub fn empty_reads(check: &Check) -> Outcome {
    let server = |listener: &kit::net::TcpListener| -> io::Result<()> {
        let (mut stream, _) = listener.accept()?;
        let mut buffer = [0; 64];
        loop {
            let count = stream.read(&mut buffer)?;
            stream.write_all(&buffer[..count])?;
        }
    };
    with_server(check, server, hello)
}

pub fn panics(check: &Check) -> Outcome {
    let server = |listener: &kit::net::TcpListener| -> io::Result<()> {
        let (_stream, _) = listener.accept()?;
        panic!("no more {}", 42);
    };
    with_server(check, server, hello)
}

pub fn panics_below(check: &Check) -> Outcome {
    let code = || thread::spawn(|| panic!("below")).join().is_err();
    check.call("code()", code)?.is(true)
}

pub fn bad_check(_: &Check) -> Outcome {
    panic!("a fault of the check");
}

pub fn exits(check: &Check) -> Outcome {
    check
        .call::<()>("exits()", || std::process::exit(0))?
        .is(())
}

pub fn forges(check: &Check) -> Outcome {
    let code = || {
        let report = env::var_os(kit::REPORT).unwrap();
        let known = fs::read_to_string(&report).unwrap();
        let forged = format!("{known}pass\ndone\t{}\n", known.lines().next().unwrap());
        fs::write(report, forged).unwrap();
        std::process::exit(0)
    };
    check.call::<()>("forges()", code)?.is(())
}

pub fn patient(check: &Check) -> Outcome {
    let mut server = check.datagrams("the server")?;
    let address = server.address();
    let client = check.start("your client", move || {
        let socket = kit::net::UdpSocket::bind("127.0.0.1:0")?;
        // Longer than the silence that is taken for the end of everything.
        socket.set_read_timeout(Some(std::time::Duration::from_millis(1200)))?;
        socket.send_to(b"ask", address)?;
        let mut buffer = [0; 16];
        io::Result::Ok(socket.recv_from(&mut buffer).is_err())
    });
    server.expect("ask")?;
    client.returns()?.ok()?.is(true)
}

pub fn cut(check: &Check) -> Outcome {
    with_server(check, serve, |client| {
        client.send("he")?;
        client.until_read()?;
        client.send("llo")?;
        client.expect("hello")
    })
}

pub fn leaves(check: &Check) -> Outcome {
    let listener = check.listener()?;
    let address = listener.local_addr().unwrap();
    let _server = check.start("your server", move || {
        let (mut stream, _) = listener.accept()?;
        let _ = stream.read(&mut [0; 64])?;
        stream.write_all(b"late")
    });
    // Closed when this check is over: the server reads the end, and answers in the next one.
    check.connect("the client", address)?;
    Ok(())
}

pub fn no_datagram(check: &Check) -> Outcome {
    let mut server = check.datagrams("the server")?;
    let _client = check.start("your client", move || {
        let socket = kit::net::UdpSocket::bind("127.0.0.1:0")?;
        socket.recv_from(&mut [0; 16])
    });
    server.expect("ask")?;
    Ok(())
}

pub fn many_steps(check: &Check) -> Outcome {
    with_server(check, serve, |client| {
        for number in 0..1000 {
            let text = format!("{number:04}");
            client.send(&text)?;
            client.expect(&text)?;
        }
        client.expect("no more")
    })
}
