//! A path that is taken: stale, live, or not a socket at all.
//!
//! A socket's file outlives a server that is killed. Then `bind` says "address already in use",
//! for ever, although nobody uses it. Three cures are common, and two of them are wrong:
//!
//! * *Remove whatever is there, then bind.* This hides a server that is alive: it keeps running,
//!   and no client can find it again ([`listen_unlink_first`] shows it). It also deletes a regular
//!   file that someone named by mistake.
//! * *Connect; if nobody answers, remove and bind.* Two servers that start together both find
//!   nobody. The first one binds, and the second one removes the first one's new socket. To bind
//!   under another name and rename it into place has the same gap.
//! * *Hold a lock while you live; under the lock, connect, and remove only a dead socket.* The
//!   kernel releases the lock when the process ends, however it ends. This is [`listen`].

use std::fs::{self, Metadata};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt as _, FileTypeExt as _, MetadataExt as _};
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, Mode, OFlags};
use rustix::io::Errno;
use rustix::net::SocketType;

use crate::address::{Address, AddressError, check_path};
use crate::peer::{Caller, caller};
use crate::socket;

mod error;
pub use error::ClaimError;

/// What stands at a path.
#[derive(Debug)]
pub enum Found {
    /// Nothing: the name is free.
    Nothing,
    /// Something that is not a socket, in words ("a regular file").
    NotASocket(&'static str),
    /// A socket, and somebody answers. Who, if it is a stream socket that had time for us.
    Live(Option<Caller>),
    /// A socket file that nobody has open: its server has ended without removing it.
    Stale,
    /// A socket, but we cannot tell: for example, its mode keeps us out.
    Unclear(io::Error),
}

// ANCHOR: look
/// Find out what stands at `path`, without changing it.
///
/// The file's type comes first. `connect` alone would not do: for a regular file it
/// gives the same "connection refused" as for a stale socket, and who then deletes
/// deletes a file of the user's.
///
/// # Errors
/// The path cannot be an address, or may not be looked at.
pub fn look(path: &Path) -> io::Result<Found> {
    check_path(path)?;
    let meta = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        meta => meta?,
    };
    if !meta.file_type().is_socket() {
        return Ok(Found::NotASocket(kind_of(&meta)));
    }
    let probe = socket::open(SocketType::STREAM)?;
    // A server too busy to accept would keep a blocking connect waiting.
    rustix::io::ioctl_fionbio(&probe, true)?;
    let name = Address::from(path).to_sockaddr()?;
    Ok(match rustix::net::connect(&probe, &name) {
        Ok(()) => Found::Live(caller(UnixStream::from(probe)).ok()),
        // The queue of waiting connections is full, so there is a server; or a
        // socket of another type is open there, for datagrams.
        Err(Errno::AGAIN | Errno::PROTOTYPE) => Found::Live(None),
        Err(Errno::CONNREFUSED) => Found::Stale,
        Err(Errno::NOENT) => Found::Nothing,
        Err(error) => Found::Unclear(error.into()),
    })
}
// ANCHOR_END: look

fn kind_of(meta: &Metadata) -> &'static str {
    let kind = meta.file_type();
    if kind.is_file() {
        "a regular file"
    } else if kind.is_dir() {
        "a folder"
    } else if kind.is_symlink() {
        "a symbolic link"
    } else if kind.is_fifo() {
        "a named pipe"
    } else {
        "a device"
    }
}

/// A path that this process has bound. Dropping it removes the file, if it is still the same file.
#[derive(Debug)]
pub struct Claim {
    path: PathBuf,
    id: FileId,
    replaced: bool,
    // Declared last, dropped last: the socket's file goes before the lock does.
    _lock: Option<Lock>,
}

impl Claim {
    /// Whether a stale socket stood at the path and was removed.
    pub fn replaced_a_stale_socket(&self) -> bool {
        self.replaced
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // Nobody is left to hear of an error: what stays is a stale file, which the next start
        // recognises.
        let _ = remove_if_same(&self.path, self.id);
    }
}

/// Listen at `path`. A stale socket there is replaced; nothing else is.
///
/// # Errors
/// Somebody is alive at the path, or it names something that is not a socket, or the system says
/// no: see [`ClaimError`].
pub fn listen(path: &Path, mode: u32) -> Result<(UnixListener, Claim), ClaimError> {
    claim(path, |address| socket::listen(address, mode))
}

/// Receive datagrams at `path`. A stale socket there is replaced; nothing else is.
///
/// # Errors
/// As [`listen`].
pub fn receive(path: &Path, mode: u32) -> Result<(UnixDatagram, Claim), ClaimError> {
    claim(path, |address| socket::receive(address, mode))
}

// ANCHOR: claim
fn claim<S>(
    path: &Path,
    bind: impl FnOnce(&Address) -> io::Result<S>,
) -> Result<(S, Claim), ClaimError> {
    check_path(path).map_err(ClaimError::Address)?;
    // From here on, no other program that takes this lock looks at the path.
    let lock = Lock::take(path)?;
    let seen = FileId::at(path).ok();
    let replaced = match look(path).map_err(|error| ClaimError::system("look at", path, error))? {
        Found::Nothing => false,
        Found::Stale => {
            match remove_if_same(path, seen.unwrap_or_default()) {
                // Somebody changed it since: bind will find out what there is now.
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(ClaimError::system("remove the stale socket", path, error));
                }
                _ => true,
            }
        }
        Found::Live(_) => return Err(ClaimError::Live(path.into())),
        Found::NotASocket(what) => return Err(ClaimError::NotASocket(path.into(), what)),
        Found::Unclear(error) => return Err(ClaimError::Unclear(path.into(), error)),
    };
    // bind itself makes the file and fails if there is one: nothing can be replaced
    // here.
    let socket =
        bind(&Address::from(path)).map_err(|error| ClaimError::system("bind to", path, error))?;
    let id = FileId::at(path).map_err(|error| ClaimError::system("look at", path, error))?;
    let claim = Claim {
        path: path.into(),
        id,
        replaced,
        _lock: Some(lock),
    };
    Ok((socket, claim))
}
// ANCHOR_END: claim

// ANCHOR: naive
/// Listen at `path` as many programs do: remove whatever is there, and bind. A live
/// server is hidden, a regular file is gone. Here to be seen failing; do not use
/// it.
///
/// (One fault is left out: only sockets are removed, so that you cannot lose a file
/// by trying.)
///
/// # Errors
/// As [`listen`], but never because somebody is alive.
pub fn listen_unlink_first(path: &Path, mode: u32) -> Result<(UnixListener, Claim), ClaimError> {
    check_path(path).map_err(ClaimError::Address)?;
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.file_type().is_socket() => {
            fs::remove_file(path).map_err(|error| ClaimError::system("remove", path, error))?;
        }
        Ok(meta) => return Err(ClaimError::NotASocket(path.into(), kind_of(&meta))),
        Err(_) => {}
    }
    let listener = socket::listen(&Address::from(path), mode)
        .map_err(|error| ClaimError::system("bind to", path, error))?;
    // ANCHOR_END: naive
    let id = FileId::at(path).map_err(|error| ClaimError::system("look at", path, error))?;
    let claim = Claim {
        path: path.into(),
        id,
        replaced: false,
        _lock: None,
    };
    Ok((listener, claim))
}

/// Which file a name stood for: the device and the number of the file on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct FileId {
    device: u64,
    number: u64,
}

impl FileId {
    fn at(path: &Path) -> io::Result<Self> {
        fs::symlink_metadata(path).map(|meta| Self::of(&meta))
    }

    fn of(meta: &Metadata) -> Self {
        Self {
            device: meta.dev(),
            number: meta.ino(),
        }
    }
}

/// Remove the name `path` if it still stands for the file `id`, and nothing else, ever.
///
/// "Look, then remove" would leave a moment in which somebody can put another file there. So the
/// file is first moved into a folder that only we know: rename(2) takes exactly one file, and what
/// was taken can be looked at in peace. If it is the wrong one, it goes back.
fn remove_if_same(path: &Path, id: FileId) -> io::Result<()> {
    if FileId::at(path)? != id {
        return Err(io::ErrorKind::NotFound.into());
    }
    let folder = with_suffix(path, &format!(".{}", std::process::id()));
    fs::DirBuilder::new().mode(0o700).create(&folder)?;
    let aside = folder.join("s");
    let result = fs::rename(path, &aside).and_then(|()| {
        if FileId::at(&aside)? == id {
            return fs::remove_file(&aside);
        }
        // link(2) fails where rename would replace: a file that came meanwhile stays.
        fs::hard_link(&aside, path)?;
        fs::remove_file(&aside)
    });
    // Fails, and should, if the wrong file could not go back: then it is still in the folder.
    let _ = fs::remove_dir(&folder);
    result
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// An exclusive lock on the file `<path>.lock`, held until it is dropped or the process ends.
#[derive(Debug)]
struct Lock {
    path: PathBuf,
    _file: OwnedFd,
}

impl Lock {
    /// Take the lock, or learn that somebody alive has it.
    fn take(socket: &Path) -> Result<Self, ClaimError> {
        let path = with_suffix(socket, ".lock");
        let failed = |error: Errno| ClaimError::system("open the lock", &path, error.into());
        loop {
            let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let file = rustix::fs::open(&path, flags | OFlags::NONBLOCK, Mode::RUSR | Mode::WUSR)
                .map_err(|error| match error {
                Errno::ISDIR | Errno::LOOP => ClaimError::NotALock(path.clone()),
                error => failed(error),
            })?;
            let file = fs::File::from(file);
            let meta = file
                .metadata()
                .map_err(|error| ClaimError::system("look at", &path, error))?;
            // A lock file is empty. Anything else is somebody's file, and not ours to remove.
            if !meta.is_file() || meta.len() != 0 {
                return Err(ClaimError::NotALock(path));
            }
            // ANCHOR: lock
            match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => {}
                Err(Errno::AGAIN) => return Err(ClaimError::Live(socket.into())),
                Err(error) => return Err(failed(error)),
            }
            // The previous holder may have removed the name after we opened the
            // file. Then our lock is on a file that nobody else will find: begin
            // again.
            if FileId::at(&path).ok() == Some(FileId::of(&meta)) {
                return Ok(Self {
                    path,
                    _file: file.into(),
                });
            }
            // ANCHOR_END: lock
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The name goes while the lock is still held; closing the file releases it.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests;
