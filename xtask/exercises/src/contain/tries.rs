//! What a stranger's program could try, without harm: each thing that is refused is printed.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::process::Command;

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    // Loopback must work, and so must the folder for what is kept, and the one for what is not.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let mut client = TcpStream::connect(listener.local_addr()?)?;
    client.write_all(b"a")?;
    let (mut server, _) = listener.accept()?;
    server.read_exact(&mut [0])?;
    fs::write("here", "text")?;
    fs::remove_file("here")?;
    let folder = std::env::temp_dir().join("folder");
    fs::create_dir(&folder)?;
    fs::remove_dir(&folder)?;
    fs::write(std::env::var("KIT_REPORT").expect("it is set"), "report")?;

    // 192.0.2.1 is for documentation (RFC 5737). This asks for a route and sends nothing.
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
    if socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).is_err() {
        println!("network");
    }
    if fs::read(&arguments[1]).is_err() && fs::read("/etc/passwd").is_err() {
        println!("read");
    }
    // Whether it really is there, the grader sees.
    let _ = fs::write(&arguments[2], "");
    // Signal 0 is none: it only asks whether one could be sent.
    let asked = Command::new("kill").args(["-0", &arguments[3]]).output();
    if !asked.is_ok_and(|output| output.status.success()) {
        println!("signal");
    }
    if fs::File::open("/proc/self/mem").is_err() {
        println!("memory");
    }
    println!("works");
    Ok(())
}
