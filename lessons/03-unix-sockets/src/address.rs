//! An address in the family AF_UNIX: a path, or (on Linux) an abstract name.

use std::ffi::OsStr;
use std::fmt;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rustix::net::SocketAddrUnix;

/// How many octets `sun_path`, the path field of `struct sockaddr_un`, holds on this system.
///
/// POSIX leaves the size open (`sys/un.h`). 4.3BSD had 108 and Linux keeps that; 4.4BSD had 104,
/// and macOS and the other BSDs keep that.
pub const SUN_PATH: usize = if cfg!(target_os = "linux") { 108 } else { 104 };

/// Where an AF_UNIX socket can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A name in the file system.
    Path(PathBuf),
    /// A name in Linux's abstract namespace: any octets, connected with no file.
    Abstract(Vec<u8>),
}

/// Why a path cannot be a socket address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressError {
    /// The path is empty.
    Empty,
    /// The path contains a NUL octet, which would end it early.
    Nul,
    /// The path does not fit into `sun_path`.
    TooLong {
        /// Length of the path in octets.
        octets: usize,
    },
    /// The abstract name does not fit into `sun_path` after the NUL octet that opens it.
    AbstractTooLong {
        /// Length of the name in octets.
        octets: usize,
    },
    /// Abstract names exist on Linux only.
    NoAbstractNames,
}

// ANCHOR: check
/// Is `path` fit to be the address of a socket?
///
/// The path is copied into a fixed field of `struct sockaddr_un` and ends with a
/// NUL octet. What counts are octets, not characters: `你` takes three.
///
/// Linux would take 108 octets without the NUL. Other systems, and Rust's standard
/// library, would not, so the last octet stays reserved (unix(7), "Pathname
/// sockets").
///
/// # Errors
/// Empty, containing NUL, or longer than [`SUN_PATH`] - 1 octets.
pub fn check_path(path: &Path) -> Result<(), AddressError> {
    let octets = path.as_os_str().as_bytes();
    if octets.is_empty() {
        return Err(AddressError::Empty);
    }
    if octets.contains(&0) {
        return Err(AddressError::Nul);
    }
    if octets.len() >= SUN_PATH {
        return Err(AddressError::TooLong {
            octets: octets.len(),
        });
    }
    Ok(())
}
// ANCHOR_END: check

impl Address {
    /// The address in the form the kernel takes: `struct sockaddr_un`.
    ///
    /// # Errors
    /// As [`check_path`]; an abstract name may have [`SUN_PATH`] - 1 octets too, and needs Linux.
    pub fn to_sockaddr(&self) -> Result<SocketAddrUnix, AddressError> {
        match self {
            Self::Path(path) => {
                check_path(path)?;
                SocketAddrUnix::new(path).map_err(|_| AddressError::TooLong {
                    octets: path.as_os_str().len(),
                })
            }
            Self::Abstract(name) => abstract_sockaddr(name),
        }
    }
}

/// An abstract name is marked by a NUL as its first octet, where a path could never begin. An
/// empty name asks the kernel to choose one (unix(7), "Autobind feature").
#[cfg(target_os = "linux")]
fn abstract_sockaddr(name: &[u8]) -> Result<SocketAddrUnix, AddressError> {
    if name.is_empty() {
        return Ok(SocketAddrUnix::new_unnamed());
    }
    SocketAddrUnix::new_abstract_name(name)
        .map_err(|_| AddressError::AbstractTooLong { octets: name.len() })
}

#[cfg(not(target_os = "linux"))]
fn abstract_sockaddr(_name: &[u8]) -> Result<SocketAddrUnix, AddressError> {
    Err(AddressError::NoAbstractNames)
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.display().fmt(f),
            // The usual notation (ss, socat): @ stands for the NUL octet.
            Self::Abstract(name) => write!(f, "@{}", crate::text::shown(name)),
        }
    }
}

impl From<&Path> for Address {
    fn from(path: &Path) -> Self {
        Self::Path(path.to_owned())
    }
}

impl From<&OsStr> for Address {
    fn from(path: &OsStr) -> Self {
        Self::Path(path.into())
    }
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most = SUN_PATH - 1;
        match self {
            Self::Empty => f.write_str("the path is empty: name a file, for example s.sock"),
            Self::Nul => f.write_str("the path contains a NUL octet, which would end it early"),
            Self::TooLong { octets } => write!(
                f,
                "the path has {octets} octets, and a socket address holds {most} \
                 (sun_path has {SUN_PATH} on this system, the last one for NUL): \
                 use a shorter path, or go into the folder and use a relative one"
            ),
            Self::AbstractTooLong { octets } => write!(
                f,
                "the abstract name has {octets} octets, and a socket address holds {most} after \
                 the NUL octet that opens it: use a shorter name"
            ),
            Self::NoAbstractNames => {
                f.write_str("abstract names exist on Linux only: use a path here (--path s.sock)")
            }
        }
    }
}

impl std::error::Error for AddressError {}

impl From<AddressError> for io::Error {
    fn from(error: AddressError) -> Self {
        Self::new(io::ErrorKind::InvalidInput, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_last_octet_is_for_nul() {
        let longest = "x".repeat(SUN_PATH - 1);
        assert_eq!(check_path(Path::new(&longest)), Ok(()));
        let error = check_path(Path::new(&format!("{longest}x"))).unwrap_err();
        assert_eq!(error, AddressError::TooLong { octets: SUN_PATH });
        assert!(error.to_string().contains(&SUN_PATH.to_string()), "{error}");
    }

    #[test]
    fn octets_count_and_not_characters() {
        let path = "你".repeat(36); // 108 octets
        assert_eq!(
            check_path(Path::new(&path)),
            Err(AddressError::TooLong { octets: 108 })
        );
    }

    #[test]
    fn empty_paths_and_nul_octets_are_refused() {
        assert_eq!(check_path(Path::new("")), Err(AddressError::Empty));
        assert_eq!(check_path(Path::new("a\0b")), Err(AddressError::Nul));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_abstract_name_has_room_for_107_octets() {
        assert!(Address::Abstract(vec![b'x'; 107]).to_sockaddr().is_ok());
        assert_eq!(
            Address::Abstract(vec![b'x'; 108]).to_sockaddr(),
            Err(AddressError::AbstractTooLong { octets: 108 })
        );
    }

    proptest! {
        /// The standard library is the oracle: it takes an empty path as "unnamed", we do not.
        #[test]
        fn as_the_standard_library_decides(octets in prop::collection::vec(any::<u8>(), 1..130)) {
            let path = Path::new(OsStr::from_bytes(&octets));
            let std = std::os::unix::net::SocketAddr::from_pathname(path);
            prop_assert_eq!(check_path(path).is_ok(), std.is_ok());
        }
    }
}
