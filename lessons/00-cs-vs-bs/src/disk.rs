//! The network disk itself: files in one folder, without any network.
//!
//! Both architectures call the same four operations (create, read, update, delete) here. That is
//! why a file written through one door is seen through the other.

use crate::name::{FileName, NameError};
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use tempfile::NamedTempFile;

/// Uploads are written under a name with this beginning. [`FileName`] refuses a leading dot, so no
/// client can name, list or read an upload that is not complete.
const UNFINISHED: &str = ".unfinished-";

/// How much of a file is in memory at a time, in octets. It bounds the memory of every transfer.
pub const CHUNK: usize = 64 * 1024;

/// A folder whose regular files are shared.
#[derive(Debug)]
pub struct Disk {
    folder: PathBuf,
    capacity: Option<u64>,
    /// Held while one upload takes its name, so that two of them cannot both count the same room.
    committing: Mutex<()>,
}

/// One line of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The file's name.
    pub name: FileName,
    /// Its size in octets.
    pub size: u64,
}

/// What an upload did to the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// There was no file of this name.
    Created,
    /// A file of this name gave way to the new one.
    Replaced,
}

impl Disk {
    /// Shares the regular files of `folder`. `capacity` is the most octets they may hold together.
    ///
    /// Unfinished uploads that a killed server left behind are removed when nobody has written to
    /// them for an hour.
    ///
    /// # Errors
    /// When `folder` is not a folder that can be read.
    pub fn open(folder: &Path, capacity: Option<u64>) -> io::Result<Disk> {
        let hour = Duration::from_secs(3600);
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let unfinished = entry.file_name().to_string_lossy().starts_with(UNFINISHED);
            let written = entry.metadata().and_then(|data| data.modified());
            if unfinished && written.is_ok_and(|at| at < SystemTime::now() - hour) {
                fs::remove_file(entry.path())?;
            }
        }
        let folder = folder.canonicalize()?;
        Ok(Disk {
            folder,
            capacity,
            committing: Mutex::new(()),
        })
    }

    /// The folder, as an absolute path without symbolic links.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Every regular file with a name that [`FileName`] accepts, in the order of the names.
    /// Folders, symbolic links and devices are not part of the disk.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn list(&self) -> Result<Vec<Entry>, DiskError> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            // `DirEntry::metadata` does not follow a symbolic link. A file that another client
            // has removed since `read_dir` saw it is no error.
            let Ok(data) = entry.metadata() else { continue };
            let name = entry.file_name();
            if let (true, Some(Ok(name))) = (data.is_file(), name.to_str().map(FileName::new)) {
                entries.push(Entry {
                    name,
                    size: data.len(),
                });
            }
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    // ANCHOR: read
    /// Opens a file for reading, and says how many octets it holds.
    ///
    /// # Errors
    /// [`DiskError::Missing`], [`DiskError::NotAFile`] for a folder or a symbolic link (which may
    /// lead out of the folder), [`DiskError::Io`].
    pub fn read(&self, name: &FileName) -> Result<(File, u64), DiskError> {
        let path = self.folder.join(name.as_str());
        // Look before opening: opening a named pipe would wait for a writer for ever.
        let seen = self
            .regular(name)?
            .ok_or_else(|| DiskError::Missing(name.clone()))?;
        let file = File::open(path)?;
        let opened = file.metadata()?;
        // And look again: between the two calls somebody may have put a link in the file's place.
        if !same_file(&seen, &opened) {
            return Err(DiskError::NotAFile(name.clone()));
        }
        Ok((file, opened.len()))
    }
    // ANCHOR_END: read

    /// Begins an upload. Nothing is seen under `name` until [`Upload::commit`].
    ///
    /// `announced` is the length that the client spoke of, in octets; an upload that cannot fit is
    /// refused before its first octet is sent.
    ///
    /// # Errors
    /// [`DiskError::Full`], [`DiskError::NotAFile`] when a folder or link has the name,
    /// [`DiskError::Io`].
    pub fn upload(&self, name: &FileName, announced: Option<u64>) -> Result<Upload<'_>, DiskError> {
        self.regular(name)?;
        let room = self.room(name)?;
        if announced.is_some_and(|octets| octets > room) {
            return Err(DiskError::Full);
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(UNFINISHED);
        #[cfg(unix)]
        {
            // `tempfile` makes files that only their owner may read. This one becomes an ordinary
            // file, so it gets the ordinary mode; the kernel takes the umask off.
            use std::os::unix::fs::PermissionsExt as _;
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let file = builder.tempfile_in(&self.folder)?;
        Ok(Upload {
            disk: self,
            name: name.clone(),
            file,
            written: 0,
            room,
        })
    }

    /// Deletes a file.
    ///
    /// # Errors
    /// [`DiskError::Missing`], [`DiskError::NotAFile`], [`DiskError::Io`].
    pub fn remove(&self, name: &FileName) -> Result<(), DiskError> {
        self.regular(name)?
            .ok_or_else(|| DiskError::Missing(name.clone()))?;
        fs::remove_file(self.folder.join(name.as_str()))?;
        Ok(())
    }

    /// The metadata of the regular file `name`; `None` when nothing has that name.
    fn regular(&self, name: &FileName) -> Result<Option<fs::Metadata>, DiskError> {
        match fs::symlink_metadata(self.folder.join(name.as_str())) {
            Ok(data) if data.is_file() => Ok(Some(data)),
            Ok(_) => Err(DiskError::NotAFile(name.clone())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// How many octets `name` may hold when every other file keeps its size.
    fn room(&self, name: &FileName) -> Result<u64, DiskError> {
        let Some(capacity) = self.capacity else {
            return Ok(u64::MAX);
        };
        let others = self.list()?.into_iter().filter(|entry| entry.name != *name);
        Ok(capacity.saturating_sub(others.map(|entry| entry.size).sum()))
    }
}

/// Whether two looks at a path saw the same file: the same device and the same inode.
#[cfg(unix)]
fn same_file(a: &fs::Metadata, b: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    b.is_file() && (a.dev(), a.ino()) == (b.dev(), b.ino())
}

/// Windows gives no file identity in the standard library; creating a symbolic link there needs a
/// privilege, so the check before opening has to do.
#[cfg(not(unix))]
fn same_file(_: &fs::Metadata, b: &fs::Metadata) -> bool {
    b.is_file()
}

/// An upload under way: a file with a temporary name, in the same folder.
///
/// Dropping it without [`commit`](Upload::commit) removes the temporary file: that is what happens
/// when the connection breaks.
#[derive(Debug)]
pub struct Upload<'disk> {
    disk: &'disk Disk,
    name: FileName,
    file: NamedTempFile,
    written: u64,
    room: u64,
}

impl Upload<'_> {
    // ANCHOR: fill
    /// Copies `source` to its end, [`CHUNK`] octets at a time. Returns how many octets that were.
    ///
    /// # Errors
    /// [`FillError`] says which side failed: the network or the disk.
    pub fn fill_from(&mut self, source: &mut impl Read) -> Result<u64, FillError> {
        let mut chunk = vec![0; CHUNK];
        let mut total: u64 = 0;
        loop {
            let count = match source.read(&mut chunk) {
                Ok(0) => return Ok(total),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(FillError::Source(error)),
            };
            total += count as u64;
            self.written += count as u64;
            if self.written > self.room {
                return Err(FillError::Disk(DiskError::Full));
            }
            let wrote = self.file.write_all(&chunk[..count]);
            wrote.map_err(|error| FillError::Disk(error.into()))?;
        }
    }
    // ANCHOR_END: fill

    // ANCHOR: commit
    /// Gives the file its name. From this moment every reader sees the new content; a reader that
    /// opened the old file before goes on reading the old one.
    ///
    /// # Errors
    /// [`DiskError::Full`], [`DiskError::NotAFile`], [`DiskError::Io`]. The old file is whole then.
    pub fn commit(self) -> Result<Stored, DiskError> {
        // `fsync`: a rename may reach the disk before the content does, and a power cut between
        // the two would leave an empty file under a good name.
        self.file.as_file().sync_all()?;
        let turn = self
            .disk
            .committing
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if self.written > self.disk.room(&self.name)? {
            return Err(DiskError::Full);
        }
        let old = self.disk.regular(&self.name)?;
        // `rename(2)` is atomic: there is no moment at which the name means nothing or half a file.
        let path = self.disk.folder.join(self.name.as_str());
        self.file.persist(path).map_err(|failed| failed.error)?;
        drop(turn);
        sync_folder(&self.disk.folder)?;
        Ok(if old.is_some() {
            Stored::Replaced
        } else {
            Stored::Created
        })
    }
    // ANCHOR_END: commit
}

/// Makes the new name itself survive a power cut. On Unix a folder can be opened and synchronised
/// like a file; Windows has no such call.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}

/// Sends `head` and then exactly `length` octets of `file`, a small file in one piece with its head:
/// two small writes would be two segments. `false`: the file has ended before, because somebody
/// has shortened it.
///
/// # Errors
/// Those of the wire.
pub fn send(head: &str, file: &mut File, length: u64, wire: &mut impl Write) -> io::Result<bool> {
    let mut wire = BufWriter::with_capacity(CHUNK, wire);
    wire.write_all(head.as_bytes())?;
    let mut chunk = vec![0; CHUNK];
    let mut file = file.take(length);
    let mut copied = 0;
    loop {
        // An error of the disk cannot be told any more: the length is announced. The end of the
        // connection tells it.
        let count = file.read(&mut chunk).unwrap_or(0);
        if count == 0 {
            wire.flush()?;
            return Ok(copied == length);
        }
        wire.write_all(&chunk[..count])?;
        copied += count as u64;
    }
}

/// Why the disk could not do as asked.
#[derive(Debug)]
pub enum DiskError {
    /// The name was refused.
    Name(NameError),
    /// There is no such file.
    Missing(FileName),
    /// The name belongs to a folder, a symbolic link or a device.
    NotAFile(FileName),
    /// No room, in the disk's capacity or in the file system under it.
    Full,
    /// The operating system said no.
    Io(io::Error),
}

impl std::fmt::Display for DiskError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DiskError::Name(error) => error.fmt(out),
            DiskError::Missing(name) => write!(out, "there is no file '{name}' on this disk"),
            DiskError::NotAFile(name) => {
                write!(
                    out,
                    "'{name}' is not a regular file, so it is not part of this disk"
                )
            }
            DiskError::Full => {
                out.write_str("the disk is full: nothing was changed; remove a file and try again")
            }
            DiskError::Io(error) => write!(out, "the server's disk failed: {error}"),
        }
    }
}

impl std::error::Error for DiskError {}

impl From<NameError> for DiskError {
    fn from(error: NameError) -> Self {
        DiskError::Name(error)
    }
}

impl From<io::Error> for DiskError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // ENOSPC, EDQUOT, EFBIG: three ways of the system to say that it has no room.
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => DiskError::Full,
            // ENAMETOOLONG (a file system with a shorter limit than ours) and EINVAL.
            io::ErrorKind::InvalidFilename | io::ErrorKind::InvalidInput => {
                DiskError::Name(NameError::System)
            }
            _ => DiskError::Io(error),
        }
    }
}

/// Which side stopped a copy from the network to the disk.
#[derive(Debug)]
pub enum FillError {
    /// Reading from the client failed.
    Source(io::Error),
    /// Writing to the disk failed.
    Disk(DiskError),
}

#[cfg(test)]
mod tests;
