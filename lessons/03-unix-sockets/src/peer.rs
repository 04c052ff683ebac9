//! Who is calling: the kernel knows, and cannot be lied to.

use std::fmt;
use std::io;
use std::os::fd::AsFd;

// ANCHOR: caller
/// Who is at the other end of a connected AF_UNIX stream socket.
///
/// The kernel wrote this down when the other end called `connect` (seen from the
/// server), called `listen` (seen from the client), or made the pair
/// (`socketpair`). It does not change later, even if the descriptor is handed to
/// another process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Effective user ID.
    pub user: u32,
    /// Effective group ID.
    pub group: u32,
    /// Process ID; `None` where the system does not tell. The number may have been
    /// given to another process since: decide by user, log by process.
    pub process: Option<u32>,
}

/// Ask the kernel who is at the other end of `stream`.
///
/// # Errors
/// The socket is not connected, or not AF_UNIX.
#[cfg(target_os = "linux")]
pub fn caller(stream: impl AsFd) -> io::Result<Caller> {
    // getsockopt(SOL_SOCKET, SO_PEERCRED), unix(7)
    let peer = rustix::net::sockopt::socket_peercred(stream)?;
    let process = peer.pid.as_raw_pid();
    Ok(Caller {
        user: peer.uid.as_raw(),
        group: peer.gid.as_raw(),
        // 0 stands for a process that this one's container cannot see.
        process: u32::try_from(process).ok().filter(|&process| process != 0),
    })
}
// ANCHOR_END: caller

/// Ask the kernel who is at the other end of `stream`.
///
/// # Errors
/// The socket is not connected, or not AF_UNIX.
#[cfg(not(target_os = "linux"))]
pub fn caller(stream: impl AsFd) -> io::Result<Caller> {
    // getpeereid(3), from 4.4BSD; the process ID is macOS's own (LOCAL_PEERPID, unix(4)).
    let stream = stream.as_fd();
    let (user, group) = nix::unistd::getpeereid(stream)?;
    #[cfg(target_vendor = "apple")]
    let process = {
        let process =
            nix::sys::socket::getsockopt(&stream, nix::sys::socket::sockopt::LocalPeerPid);
        process.ok().and_then(|process| u32::try_from(process).ok())
    };
    #[cfg(not(target_vendor = "apple"))]
    let process = None;
    Ok(Caller {
        user: user.as_raw(),
        group: group.as_raw(),
        process,
    })
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.process {
            Some(process) => write!(f, "process {process}")?,
            None => f.write_str("a process")?,
        }
        write!(f, ", user {}, group {}", self.user, self.group)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixStream;

    #[test]
    fn a_pair_was_made_by_this_process() {
        let (a, _b) = UnixStream::pair().unwrap();
        let caller = caller(&a).unwrap();
        assert_eq!(caller.user, rustix::process::geteuid().as_raw());
        assert_eq!(caller.group, rustix::process::getegid().as_raw());
        #[cfg(target_os = "linux")]
        assert_eq!(caller.process, Some(std::process::id()));
    }
}
