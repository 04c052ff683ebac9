//! Checks of "Who may reach your server?"

mod exercise;

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;

use exercise::{Audience, Family};
use kit::{Check, Outcome};

const LOOPBACK_4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const LOOPBACK_6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("this machine reaches a server for this machine", own),
        ("a neighbour does not", not_the_neighbour),
        ("a neighbour reaches a server for everybody", the_neighbour),
        ("this machine reaches a server for everybody", own_too),
        ("the same over IPv6", over_ipv6),
        (
            "to a server for everybody, a client connects to an address",
            unspecified,
        ),
        ("over IPv6 it connects to an address of IPv6", unspecified_6),
        (
            "to a server at one address, a client connects there",
            one_address,
        ),
    ])
}

fn own(check: &Check) -> Outcome {
    let server = Server::start(check, Audience::ThisMachine, Family::V4)?;
    server.reached(check, "a client on this machine", Some(LOOPBACK_4))
}

fn not_the_neighbour(check: &Check) -> Outcome {
    let server = Server::start(check, Audience::ThisMachine, Family::V4)?;
    server.not_reached(check, "a neighbour", neighbours_way(Family::V4))
}

fn the_neighbour(check: &Check) -> Outcome {
    let server = Server::start(check, Audience::Everybody, Family::V4)?;
    server.reached(check, "a neighbour", neighbours_way(Family::V4))
}

fn own_too(check: &Check) -> Outcome {
    let server = Server::start(check, Audience::Everybody, Family::V4)?;
    server.reached(check, "a client on this machine", Some(LOOPBACK_4))
}

fn over_ipv6(check: &Check) -> Outcome {
    let server = Server::start(check, Audience::ThisMachine, Family::V6)?;
    server.reached(
        check,
        "a client on this machine over IPv6",
        Some(LOOPBACK_6),
    )?;
    server.not_reached(check, "a neighbour over IPv6", neighbours_way(Family::V6))?;
    let server = Server::start(check, Audience::Everybody, Family::V6)?;
    server.reached(check, "a neighbour over IPv6", neighbours_way(Family::V6))?;
    server.reached(
        check,
        "a client on this machine over IPv6",
        Some(LOOPBACK_6),
    )
}

fn unspecified(check: &Check) -> Outcome {
    destination(check, Ipv4Addr::UNSPECIFIED.into(), LOOPBACK_4)
}

fn unspecified_6(check: &Check) -> Outcome {
    destination(check, Ipv6Addr::UNSPECIFIED.into(), LOOPBACK_6)
}

fn one_address(check: &Check) -> Outcome {
    let others = [
        LOOPBACK_4,
        LOOPBACK_6,
        IpAddr::from([192, 168, 1, 20]),
        IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0x20]),
    ];
    others
        .into_iter()
        .try_for_each(|bound| destination(check, bound, bound))
}

fn destination(check: &Check, bound: IpAddr, expected: IpAddr) -> Outcome {
    check
        .call(format!("destination({bound})"), move || {
            exercise::destination(bound)
        })?
        .is(expected)
}

/// The student's server, which has begun to listen if the machine lets it.
struct Server {
    /// The address that it was to bind to.
    bound: IpAddr,
    family: Family,
    listener: Option<kit::net::TcpListener>,
}

impl Server {
    fn start(check: &Check, audience: Audience, family: Family) -> Outcome<Self> {
        let call = format!("bind_address({audience:?}, {family:?})");
        let bound = check
            .call(call, move || exercise::bind_address(audience, family))?
            .value;
        let call = format!("listen({audience:?}, {family:?})");
        let listener = check
            .call(call, move || exercise::listen(audience, family))?
            .value;
        Ok(Self {
            bound,
            family,
            listener: listener.ok(),
        })
    }

    // How the check ends does not depend on the machine: where it cannot be tried, the address decides.
    fn reached(&self, check: &Check, who: &str, through: Option<IpAddr>) -> Outcome {
        let by_its_address = self.is_for(through);
        if self.tried(check, who, through).unwrap_or(by_its_address) {
            return Ok(());
        }
        let unmet = format!("{who} reaches the server, which is bound to {}", self.bound);
        check.fail(unmet, who)
    }

    fn not_reached(&self, check: &Check, who: &str, through: Option<IpAddr>) -> Outcome {
        let by_its_address = self.is_for(through);
        if !self.tried(check, who, through).unwrap_or(by_its_address) {
            return Ok(());
        }
        let unmet = format!(
            "{who} does not reach the server, which is bound to {}",
            self.bound
        );
        check.fail(unmet, who)
    }

    /// Is a server that is bound so reached through this address?
    fn is_for(&self, through: Option<IpAddr>) -> bool {
        let same_family = self.bound.is_ipv6() == (self.family == Family::V6);
        let loopback = through.is_some_and(|address| address == self.bound);
        same_family && (self.bound.is_unspecified() || loopback)
    }

    /// Tries to connect. `None` if the machine has no such address, or the attempt says nothing.
    fn tried(&self, check: &Check, who: &str, through: Option<IpAddr>) -> Option<bool> {
        let through = through.filter(|address| is_ours(*address))?;
        let port = self.listener.as_ref()?.local_addr().ok()?.port();
        let address = SocketAddr::from((through, port));
        match TcpStream::connect_timeout(&address, Duration::from_millis(500)) {
            Ok(_) => {
                check.tell(&format!("connects to {address} as {who}"));
                Some(true)
            }
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
                check.tell(&format!("connects to {address} as {who}, and is refused"));
                Some(false)
            }
            // A firewall may swallow it.
            Err(_) => None,
        }
    }
}

/// An address of this machine that is not the loopback address: a neighbour's connection arrives at one.
fn neighbours_way(family: Family) -> Option<IpAddr> {
    // On Linux and Windows, each address of 127.0.0.0/8 is one of this machine. macOS has only the first.
    let second = IpAddr::from([127, 0, 0, 2]);
    if family == Family::V4 && is_ours(second) {
        return Some(second);
    }
    // `connect` sends nothing over UDP: it chooses the own address that packets would leave with.
    let (any, far): (IpAddr, IpAddr) = match family {
        Family::V4 => (
            Ipv4Addr::UNSPECIFIED.into(),
            Ipv4Addr::new(192, 0, 2, 1).into(),
        ),
        Family::V6 => (
            Ipv6Addr::UNSPECIFIED.into(),
            IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1]),
        ),
    };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect((far, 9)).ok()?;
    Some(socket.local_addr().ok()?.ip()).filter(|address| is_ours(*address))
}

fn is_ours(address: IpAddr) -> bool {
    UdpSocket::bind((address, 0)).is_ok()
}
