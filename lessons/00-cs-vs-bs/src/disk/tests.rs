use super::*;
use std::io::Cursor;

fn disk(capacity: Option<u64>) -> (tempfile::TempDir, Disk) {
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::open(folder.path(), capacity).unwrap();
    (folder, disk)
}

fn name(text: &str) -> FileName {
    FileName::new(text).unwrap()
}

fn put(disk: &Disk, file: &str, content: &[u8]) -> Result<Stored, DiskError> {
    let mut upload = disk.upload(&name(file), None)?;
    match upload.fill_from(&mut Cursor::new(content)) {
        Ok(_) => upload.commit(),
        Err(FillError::Disk(error)) => Err(error),
        Err(FillError::Source(error)) => panic!("a cursor cannot fail: {error}"),
    }
}

fn content(disk: &Disk, file: &str) -> Vec<u8> {
    let mut octets = Vec::new();
    disk.read(&name(file))
        .unwrap()
        .0
        .read_to_end(&mut octets)
        .unwrap();
    octets
}

/// What really lies in the folder, temporary files too.
fn in_folder(disk: &Disk) -> usize {
    fs::read_dir(disk.folder()).unwrap().count()
}

/// Gives some octets, and then the error of a connection that was cut.
struct Cut(Cursor<Vec<u8>>);

impl Read for Cut {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.0.read(into)? {
            0 => Err(io::ErrorKind::ConnectionReset.into()),
            count => Ok(count),
        }
    }
}

#[test]
fn create_read_update_delete() {
    let (_folder, disk) = disk(None);
    assert_eq!(put(&disk, "b", b"one").unwrap(), Stored::Created);
    assert_eq!(put(&disk, "a", b"").unwrap(), Stored::Created);
    assert_eq!(put(&disk, "b", b"three").unwrap(), Stored::Replaced);
    assert_eq!(content(&disk, "b"), b"three");
    let sizes: Vec<_> = disk
        .list()
        .unwrap()
        .iter()
        .map(|e| (e.name.to_string(), e.size))
        .collect();
    assert_eq!(sizes, [("a".to_owned(), 0), ("b".to_owned(), 5)]);
    disk.remove(&name("b")).unwrap();
    assert!(matches!(
        disk.remove(&name("b")),
        Err(DiskError::Missing(_))
    ));
    assert!(matches!(disk.read(&name("b")), Err(DiskError::Missing(_))));
    assert_eq!(in_folder(&disk), 1);
}

#[test]
fn an_interrupted_upload_leaves_the_old_file_whole() {
    let (_folder, disk) = disk(None);
    put(&disk, "a", b"the old content").unwrap();
    let mut upload = disk.upload(&name("a"), Some(1_000_000)).unwrap();
    let cut = upload.fill_from(&mut Cut(Cursor::new(vec![b'x'; 200_000])));
    assert!(matches!(cut, Err(FillError::Source(_))));
    assert_eq!(in_folder(&disk), 2);
    drop(upload);
    assert_eq!(content(&disk, "a"), b"the old content");
    assert_eq!(in_folder(&disk), 1);
}

#[test]
fn a_reader_of_the_old_file_keeps_it() {
    let (_folder, disk) = disk(None);
    put(&disk, "a", b"old").unwrap();
    let (mut reader, size) = disk.read(&name("a")).unwrap();
    put(&disk, "a", b"brand new").unwrap();
    let mut octets = String::new();
    reader.read_to_string(&mut octets).unwrap();
    assert_eq!((octets.as_str(), size), ("old", 3));
}

#[test]
fn a_full_disk_changes_nothing() {
    let (_folder, disk) = disk(Some(10));
    put(&disk, "a", b"123456").unwrap();
    assert!(matches!(
        disk.upload(&name("b"), Some(5)),
        Err(DiskError::Full)
    ));
    assert!(matches!(put(&disk, "b", b"12345"), Err(DiskError::Full)));
    assert_eq!(in_folder(&disk), 1);
    // Replacing counts the file that goes away as free.
    assert_eq!(put(&disk, "a", b"1234567890").unwrap(), Stored::Replaced);
    assert!(matches!(
        put(&disk, "a", b"12345678901"),
        Err(DiskError::Full)
    ));
    assert_eq!(content(&disk, "a"), b"1234567890");
}

#[test]
fn two_uploads_at_once_cannot_share_the_same_room() {
    let (_folder, disk) = disk(Some(10));
    let mut one = disk.upload(&name("one"), Some(8)).unwrap();
    let mut two = disk.upload(&name("two"), Some(8)).unwrap();
    one.fill_from(&mut Cursor::new([0; 8])).unwrap();
    two.fill_from(&mut Cursor::new([0; 8])).unwrap();
    one.commit().unwrap();
    assert!(matches!(two.commit(), Err(DiskError::Full)));
    assert_eq!(in_folder(&disk), 1);
}

#[test]
fn old_unfinished_uploads_are_swept_and_young_ones_kept() {
    let (folder, _disk) = disk(None);
    let make = |name: String| File::create(folder.path().join(name)).unwrap();
    let two_hours_ago = SystemTime::now() - Duration::from_secs(7200);
    for name in [format!("{UNFINISHED}old"), ".unfinished-symphony".into()] {
        make(name).set_modified(two_hours_ago).unwrap();
    }
    make(format!("{UNFINISHED}young"));
    // What is no file cannot be removed, and does not keep the disk from opening.
    let strange = folder.path().join(format!("{UNFINISHED}folder"));
    fs::create_dir(&strange).unwrap();
    #[cfg(unix)]
    File::open(&strange)
        .unwrap()
        .set_modified(two_hours_ago)
        .unwrap();
    let disk = Disk::open(folder.path(), None).unwrap();
    assert!(!folder.path().join(format!("{UNFINISHED}old")).exists());
    assert!(folder.path().join(".unfinished-symphony").exists());
    assert_eq!(in_folder(&disk), 3);
    assert!(disk.list().unwrap().is_empty());
}

#[test]
fn several_uploads_are_stored_together_or_not_at_all() {
    let (folder, disk) = disk(Some(20));
    put(&disk, "a", b"old").unwrap();
    let filled = |file: &str, octets: usize| {
        let mut upload = disk.upload(&name(file), None).unwrap();
        upload.fill_from(&mut Cursor::new(vec![0; octets])).unwrap();
        upload
    };
    let full = disk.commit(vec![filled("a", 15), filled("b", 15)]);
    assert!(matches!(full, Err(DiskError::Full)));
    assert_eq!(
        (content(&disk, "a").as_slice(), in_folder(&disk)),
        (&b"old"[..], 1)
    );
    let uploads = vec![filled("a", 1), filled("b", 1)];
    fs::create_dir(folder.path().join("b")).unwrap();
    assert!(matches!(disk.commit(uploads), Err(DiskError::NotAFile(_))));
    assert_eq!(content(&disk, "a"), b"old");
    fs::remove_dir(folder.path().join("b")).unwrap();
    let stored = disk.commit(vec![filled("a", 10), filled("b", 10)]).unwrap();
    assert_eq!(stored, [Stored::Replaced, Stored::Created]);
}

#[test]
fn a_sum_of_sizes_has_an_end() {
    let entry = |file: &str| Entry {
        name: name(file),
        size: u64::MAX - 1,
    };
    assert_eq!(total(&[entry("a"), entry("b")]), u64::MAX);
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    #[test]
    fn a_link_out_of_the_folder_is_not_followed() {
        let outside = tempfile::NamedTempFile::new().unwrap();
        fs::write(outside.path(), "secret").unwrap();
        let (folder, disk) = disk(None);
        symlink(outside.path(), folder.path().join("link")).unwrap();
        fs::create_dir(folder.path().join("folder")).unwrap();
        for file in ["link", "folder"] {
            assert!(matches!(
                disk.read(&name(file)),
                Err(DiskError::NotAFile(_))
            ));
            assert!(matches!(
                put(&disk, file, b"x"),
                Err(DiskError::NotAFile(_))
            ));
            assert!(matches!(
                disk.remove(&name(file)),
                Err(DiskError::NotAFile(_))
            ));
        }
        assert!(disk.list().unwrap().is_empty());
        assert_eq!(fs::read(outside.path()).unwrap(), b"secret");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn opening_a_named_pipe_or_a_link_does_not_wait_and_does_not_follow() {
        use rustix::fs::{CWD, FileType, Mode, mknodat};
        let (folder, disk) = disk(None);
        let (pipe, link) = (folder.path().join("pipe"), folder.path().join("link"));
        mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR, 0).unwrap();
        symlink("pipe", &link).unwrap();
        assert!(matches!(
            disk.read(&name("pipe")),
            Err(DiskError::NotAFile(_))
        ));
        // As if they had come between the two looks.
        assert!(!careful().open(&pipe).unwrap().metadata().unwrap().is_file());
        assert!(careful().open(&link).is_err());
    }

    #[test]
    fn a_private_file_stays_private_when_it_is_replaced() {
        let (folder, disk) = disk(None);
        put(&disk, "a", b"old").unwrap();
        let path = folder.path().join("a");
        // Set-user-ID is no matter of who may read, and not kept.
        for (old, kept) in [(0o600, 0o600), (0o4755, 0o755)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(old)).unwrap();
            put(&disk, "a", b"new").unwrap();
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o7777, kept);
        }
    }

    #[test]
    fn an_uploaded_file_has_ordinary_permissions() {
        let (folder, disk) = disk(None);
        let plain = folder.path().join("plain");
        fs::write(&plain, "").unwrap();
        put(&disk, "up", b"").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&folder.path().join("up")), mode(&plain));
    }
}
