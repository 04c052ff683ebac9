//! Showing parts of the machine's files under a new root.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::mount::{MsFlags, mount};

/// The place of a path under the new root.
pub fn below(root: &Path, path: &Path) -> PathBuf {
    root.join(path.strip_prefix("/").unwrap_or(path))
}

/// Shows a file or a folder under the new root, if there is one. A symbolic link stays one.
pub fn show(root: &Path, path: &Path) -> Result<()> {
    let at = below(root, path);
    let Ok(kind) = path.symlink_metadata() else {
        return Ok(());
    };
    // Its folder may be shown already, and itself with it.
    if at.symlink_metadata().is_ok() && !at.is_dir() {
        return Ok(());
    }
    if kind.is_symlink() && path.parent() == Some(Path::new("/")) {
        return symlink(fs::read_link(path)?, &at).context("cannot make a link");
    }
    super::mount_point(&at, path)?;
    let nothing = None::<&str>;
    mount(
        Some(path),
        &at,
        nothing,
        MsFlags::MS_BIND | MsFlags::MS_REC,
        nothing,
    )
    .with_context(|| format!("cannot show {}", path.display()))
}

/// Makes everything under the new root read-only, except what is `writable` and the root itself, whose
/// files are in memory and end with it.
pub fn protect(root: &Path, writable: &[PathBuf]) -> Result<()> {
    let table = fs::read_to_string("/proc/self/mountinfo").context("the table of mounts")?;
    for (at, options) in table.lines().filter_map(mounted) {
        if !at.starts_with(root) || at == root {
            continue;
        }
        // A flag that the machine has set cannot be taken off, and must be named again.
        let mut flags = MsFlags::MS_BIND | MsFlags::MS_REMOUNT | MsFlags::MS_NOSUID;
        if !writable.contains(&at) {
            flags |= MsFlags::MS_RDONLY;
        }
        for option in options.split(',') {
            flags |= match option {
                "ro" => MsFlags::MS_RDONLY,
                "nodev" => MsFlags::MS_NODEV,
                "noexec" => MsFlags::MS_NOEXEC,
                "noatime" => MsFlags::MS_NOATIME,
                "nodiratime" => MsFlags::MS_NODIRATIME,
                "relatime" => MsFlags::MS_RELATIME,
                _ => MsFlags::empty(),
            };
        }
        let nothing = None::<&str>;
        match mount(nothing, &at, nothing, flags, nothing) {
            // A mount that another one covers.
            Ok(()) | Err(Errno::EINVAL | Errno::ENOENT) => {}
            Err(error) => {
                return Err(error).with_context(|| format!("cannot protect {}", at.display()));
            }
        }
    }
    Ok(())
}

/// The place and the options of a line of `/proc/self/mountinfo` (proc(5)).
fn mounted(line: &str) -> Option<(PathBuf, &str)> {
    let mut fields = line.split(' ').skip(4);
    let (at, options) = (fields.next()?, fields.next()?);
    // Spaces and the like are written as three octal digits.
    let mut octets = Vec::new();
    let mut rest = at.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let code = (*first == b'\\')
            .then(|| str::from_utf8(more.get(..3)?).ok())
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 8).ok());
        if let Some(octet) = code {
            octets.push(octet);
            rest = &more[3..];
        } else {
            octets.push(*first);
            rest = more;
        }
    }
    let at = PathBuf::from(OsString::from_vec(octets));
    Some((at, options))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_with_a_space_is_read() {
        let line = "36 35 98:0 / /mnt/my\\040disk rw,noatime master:1 - ext3 /dev/root rw";
        let (at, options) = mounted(line).unwrap();
        assert_eq!(at, Path::new("/mnt/my disk"));
        assert_eq!(options, "rw,noatime");
        assert_eq!(mounted("36 35"), None);
    }
}
