//! The network disk itself: files in one folder, without any network.
//!
//! Both architectures call the same four operations (create, read, update, delete) here. That is
//! why a file written through one door is seen through the other.

mod error;

pub use error::{DiskError, FillError};

use crate::name::FileName;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use tempfile::NamedTempFile;

/// Uploads are written under a name with this beginning. [`FileName`] refuses a leading dot, so no
/// client can name, list or read an upload that is not complete. The name is long because old ones
/// are deleted: nobody else must have a file that is called so.
const UNFINISHED: &str = ".network-disk-unfinished-";

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

/// The octets of all files together. Files with holes in them can be larger than any disk, so the
/// sum stops at the largest number instead of beginning again at 0.
pub fn total(entries: &[Entry]) -> u64 {
    let sizes = entries.iter().map(|entry| entry.size);
    sizes.fold(0, u64::saturating_add)
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
    /// them for an hour. One that cannot be removed stays; it harms nobody.
    ///
    /// # Errors
    /// When `folder` is not a folder that can be read.
    pub fn open(folder: &Path, capacity: Option<u64>) -> io::Result<Disk> {
        let hour = Duration::from_secs(3600);
        for entry in fs::read_dir(folder)?.flatten() {
            let unfinished = entry.file_name().to_string_lossy().starts_with(UNFINISHED);
            let written = entry.metadata().and_then(|data| data.modified());
            if unfinished && written.is_ok_and(|at| at < SystemTime::now() - hour) {
                let _ = fs::remove_file(entry.path());
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
        // Look before opening: opening a device can already do something.
        self.regular(name)?
            .ok_or_else(|| DiskError::Missing(name.clone()))?;
        let file = careful().open(self.folder.join(name.as_str()))?;
        // And look again: between the two calls somebody may have put something in its place.
        let opened = file.metadata()?;
        if !opened.is_file() {
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
        let room = self.room(&[name])?.min(largest_file());
        if announced.is_some_and(|octets| octets > room) {
            return Err(DiskError::Full);
        }
        let file = unfinished_file(&self.folder)?;
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

    /// How many octets there are for files with these names when every other file keeps its size.
    fn room(&self, names: &[&FileName]) -> Result<u64, DiskError> {
        let Some(capacity) = self.capacity else {
            return Ok(u64::MAX);
        };
        let mut others = self.list()?;
        others.retain(|entry| !names.contains(&&entry.name));
        Ok(capacity.saturating_sub(total(&others)))
    }

    // ANCHOR: commit
    /// Gives each upload its name: all of them, or none when the disk has no room for all. From
    /// this moment every reader sees the new content; a reader that opened an old file before goes
    /// on reading the old one. Says of each what it did.
    ///
    /// # Errors
    /// [`DiskError::Full`], [`DiskError::NotAFile`]: nothing has changed. [`DiskError::Denied`],
    /// [`DiskError::Io`]: the upload whose turn it was, and those behind it, are dropped.
    pub fn commit(&self, uploads: Vec<Upload<'_>>) -> Result<Vec<Stored>, DiskError> {
        for upload in &uploads {
            // `fsync`: a rename may reach the disk before the content does, and a power cut
            // between the two would leave an empty file under a good name.
            upload.file.as_file().sync_all()?;
        }
        let turn = self.committing.lock();
        let _turn = turn.unwrap_or_else(PoisonError::into_inner);
        let names: Vec<_> = uploads.iter().map(|upload| &upload.name).collect();
        let written = uploads.iter().map(|upload| upload.written);
        if written.fold(0, u64::saturating_add) > self.room(&names)? {
            return Err(DiskError::Full);
        }
        let old = names.iter().map(|name| self.regular(name));
        let old = old.collect::<Result<Vec<_>, _>>()?;
        for (upload, old) in uploads.into_iter().zip(&old) {
            if let Some(old) = old {
                keep_mode(old, upload.file.as_file())?;
            }
            // `rename(2)` is atomic: there is no moment at which the name means nothing or half a
            // file.
            let path = self.folder.join(upload.name.as_str());
            upload.file.persist(path).map_err(|failed| failed.error)?;
        }
        sync_folder(&self.folder)?;
        let stored = |old: Option<_>| old.map_or(Stored::Created, |_| Stored::Replaced);
        Ok(old.into_iter().map(stored).collect())
    }
    // ANCHOR_END: commit
}

/// How to open a file whose name may change its meaning at any moment: a symbolic link is not
/// followed, and a named pipe does not make `open` wait for a writer for ever.
fn careful() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        // The bits are the C library's constants, whose type is `int`.
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        options.custom_flags(flags.bits().cast_signed());
    }
    options
}

/// Makes an empty file in `folder` under a name of its own. Dropping it removes it, and
/// [`NamedTempFile::persist`] gives it its real name.
///
/// # Errors
/// When no file can be made there.
pub fn unfinished_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED);
    #[cfg(unix)]
    {
        // `tempfile` makes files that only their owner may read. This one becomes an ordinary
        // file, so it gets the ordinary mode; the kernel takes the umask off.
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// The largest file that this process may write (`ulimit -f`), in octets. At the first octet beyond it
/// the kernel does not only say no: it ends the process with the signal SIGXFSZ (setrlimit(2)).
#[cfg(unix)]
fn largest_file() -> u64 {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Fsize);
    limit.current.unwrap_or(u64::MAX)
}

/// Windows has no such limit.
#[cfg(not(unix))]
fn largest_file() -> u64 {
    u64::MAX
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
    /// The name that the file will get.
    pub fn name(&self) -> &FileName {
        &self.name
    }

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

    /// [`Disk::commit`] for a single upload.
    ///
    /// # Errors
    /// As [`Disk::commit`]. The old file is whole then.
    pub fn commit(self) -> Result<Stored, DiskError> {
        let stored = self.disk.commit(vec![self])?;
        Ok(stored.first().copied().unwrap_or(Stored::Created))
    }
}

/// A file that replaces another is readable for the same people: a private file stays private.
///
/// # Errors
/// When the file system cannot do it.
#[cfg(unix)]
pub fn keep_mode(old: &fs::Metadata, new: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    // Not set-user-ID and its like: the new content must not run with the rights of the owner.
    let mode = old.permissions().mode() & 0o777;
    new.set_permissions(fs::Permissions::from_mode(mode))
}

/// Does nothing: on Windows a file gets its rights from its folder.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn keep_mode(_: &fs::Metadata, _: &File) -> io::Result<()> {
    Ok(())
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

#[cfg(test)]
mod tests;
