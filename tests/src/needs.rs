//! What a scene needs that not every machine has.

use std::fmt;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::scene::Scene;

/// Something that not every machine has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Linux.
    Linux,
    /// Any Unix.
    Unix,
    /// The IPv6 loopback address ::1.
    Ipv6,
    /// IPv4 multicast over loopback.
    Multicast,
    /// The rights of the superuser, to start programs as another user.
    Root,
    /// Namespaces of Linux (namespaces(7)), in which a stranger's program is shut in. Many systems and
    /// containers refuse them to ordinary users.
    Namespaces,
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Linux => "Linux",
            Self::Unix => "Linux or macOS",
            Self::Ipv6 => "IPv6 on the loopback interface",
            Self::Multicast => "multicast on the loopback interface",
            Self::Root => "the rights of the superuser (root)",
            Self::Namespaces => "namespaces of Linux, which some systems refuse",
        })
    }
}

/// What the machine lacks for this scene, if anything.
pub fn missing(scene: &Scene) -> Option<Need> {
    scene.needs.iter().copied().find(|need| match need {
        Need::Linux => !cfg!(target_os = "linux"),
        Need::Unix => !cfg!(unix),
        Need::Ipv6 => TcpListener::bind("[::1]:0").is_err(),
        Need::Multicast => !carries_multicast(),
        Need::Root => !is_root(),
        Need::Namespaces => !has_namespaces(),
    })
}

#[cfg(unix)]
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

/// Asks the system's own program for them, as a reader would.
fn has_namespaces() -> bool {
    Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "--pid", "--net"])
        .args(["--fork", "true"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Sends one datagram to a group that only this function joins, and says whether it comes back.
fn carries_multicast() -> bool {
    // 239.0.0.0/8 is for groups of one's own organisation (RFC 2365 §6.1).
    let group = Ipv4Addr::new(239, 255, 77, 77);
    let attempt = || -> std::io::Result<()> {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
        socket.join_multicast_v4(&group, &Ipv4Addr::LOCALHOST)?;
        socket2::SockRef::from(&socket).set_multicast_if_v4(&Ipv4Addr::LOCALHOST)?;
        socket.set_read_timeout(Some(Duration::from_secs(1)))?;
        socket.send_to(b"?", (group, socket.local_addr()?.port()))?;
        socket.recv(&mut [0; 1]).map(drop)
    };
    attempt().is_ok()
}
