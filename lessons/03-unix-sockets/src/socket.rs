//! Bind, set the mode, listen: in this order.

use std::fs::{self, Permissions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};

use rustix::net::{AddressFamily, SocketType};

use crate::address::Address;

/// How many connections may wait for `accept`. The same figure that std uses for TCP.
const BACKLOG: i32 = 128;

/// A fresh AF_UNIX socket without a name. It is closed in programs that this one starts.
///
/// # Errors
/// Whatever socket(2) says: too many open files, or a type this system does not have.
pub fn open(kind: SocketType) -> io::Result<OwnedFd> {
    #[cfg(target_os = "linux")]
    let socket = {
        let flags = rustix::net::SocketFlags::CLOEXEC;
        rustix::net::socket_with(AddressFamily::UNIX, kind, flags, None)?
    };
    #[cfg(not(target_os = "linux"))]
    let socket = {
        let socket = rustix::net::socket(AddressFamily::UNIX, kind, None)?;
        rustix::io::fcntl_setfd(&socket, rustix::io::FdFlags::CLOEXEC)?;
        socket
    };
    Ok(socket)
}

// ANCHOR: bind
/// Bind a new socket to `address`; the file gets `mode` (for example `0o600`).
///
/// std's `UnixListener::bind` does socket, bind and listen in one call, and the
/// file's mode comes from the umask. Between that call and a later `chmod` anybody
/// the umask lets through can connect, and stays connected. So the calls are taken
/// apart here: the mode is right before anybody can get in.
///
/// # Errors
/// `AddrInUse` when the name exists, whatever it names: bind never replaces a file.
fn bind(kind: SocketType, address: &Address, mode: u32) -> io::Result<OwnedFd> {
    let socket = open(kind)?;
    let name = address.to_sockaddr()?;
    // On Linux the file that bind creates takes its mode from the socket, less the
    // umask: it is never wider than asked for, not even for a moment. Elsewhere
    // fchmod on a socket is refused or does nothing, and the window closes with
    // listen (or, for datagrams, with the umask).
    #[cfg(target_os = "linux")]
    rustix::fs::fchmod(&socket, rustix::fs::Mode::from_bits_truncate(mode))?;
    rustix::net::bind(&socket, &name)?;
    if let Address::Path(path) = address {
        // The umask may have taken bits away that were asked for.
        fs::set_permissions(path, Permissions::from_mode(mode))?;
    }
    Ok(socket)
}

/// A listening stream socket at `address`. Nobody can connect before `listen`, and
/// by then the mode is set.
///
/// # Errors
/// As bind(2) and listen(2). [`crate::claim::listen`] deals with a name that is
/// taken.
pub fn listen(address: &Address, mode: u32) -> io::Result<UnixListener> {
    let socket = bind(SocketType::STREAM, address, mode)?;
    rustix::net::listen(&socket, BACKLOG)?;
    Ok(UnixListener::from(socket))
}
// ANCHOR_END: bind

/// A datagram socket at `address`.
///
/// # Errors
/// As bind(2). [`crate::claim::receive`] deals with a name that is taken.
pub fn receive(address: &Address, mode: u32) -> io::Result<UnixDatagram> {
    bind(SocketType::DGRAM, address, mode).map(UnixDatagram::from)
}

/// Connect a stream socket to `address`.
///
/// # Errors
/// As connect(2); [`crate::talk::why_not_connected`] puts it into a sentence.
pub fn connect(address: &Address) -> io::Result<UnixStream> {
    let socket = open(SocketType::STREAM)?;
    rustix::net::connect(&socket, &address.to_sockaddr()?)?;
    Ok(UnixStream::from(socket))
}

/// The abstract name that the kernel chose for `listener`, if it has an abstract name.
pub fn abstract_name(listener: &UnixListener) -> Option<Vec<u8>> {
    #[cfg(target_os = "linux")]
    {
        use std::os::linux::net::SocketAddrExt as _;
        let address = listener.local_addr().ok()?;
        address.as_abstract_name().map(<[u8]>::to_vec)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = listener;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};

    #[test]
    fn the_mode_is_the_one_asked_for_and_the_size_is_zero() {
        let folder = tempfile::tempdir().unwrap();
        for mode in [0o600, 0o666, 0o620] {
            let path = folder.path().join(format!("{mode:o}"));
            let _listener = listen(&Address::from(&*path), mode).unwrap();
            let meta = fs::symlink_metadata(&path).unwrap();
            assert!(meta.file_type().is_socket());
            assert_eq!(meta.mode() & 0o777, mode);
            assert_eq!(meta.size(), 0);
        }
    }

    #[test]
    fn bind_never_replaces_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.txt");
        fs::write(&path, "keep me").unwrap();
        let error = listen(&Address::from(&*path), 0o600).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
        assert_eq!(fs::read(&path).unwrap(), b"keep me");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_kernel_chooses_an_abstract_name() {
        let listener = listen(&Address::Abstract(Vec::new()), 0o600).unwrap();
        let name = abstract_name(&listener).unwrap();
        assert_eq!(name.len(), 5, "{name:?}");
        let taken = listen(&Address::Abstract(name.clone()), 0o600).unwrap_err();
        assert_eq!(taken.kind(), io::ErrorKind::AddrInUse);
        connect(&Address::Abstract(name.clone())).unwrap();
        drop(listener);
        let gone = connect(&Address::Abstract(name)).unwrap_err();
        assert_eq!(gone.kind(), io::ErrorKind::ConnectionRefused);
    }
}
