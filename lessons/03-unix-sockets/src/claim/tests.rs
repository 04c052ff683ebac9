use super::*;
use std::sync::Barrier;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// A socket file whose server has ended: std leaves the file behind.
fn stale(path: &Path) {
    drop(UnixListener::bind(path).unwrap());
}

fn names(folder: &tempfile::TempDir) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_stale_socket_is_recognised_and_replaced() {
    let folder = folder();
    let path = folder.path().join("s");
    stale(&path);
    assert!(matches!(look(&path).unwrap(), Found::Stale));
    let (listener, claim) = listen(&path, 0o600).unwrap();
    assert!(claim.replaced_a_stale_socket());
    assert!(matches!(look(&path).unwrap(), Found::Live(Some(_))));
    drop((listener, claim));
    assert!(names(&folder).is_empty(), "{:?}", names(&folder));
}

#[test]
fn a_stale_datagram_socket_is_recognised_too() {
    let folder = folder();
    let path = folder.path().join("d");
    let live = UnixDatagram::bind(&path).unwrap();
    assert!(matches!(look(&path).unwrap(), Found::Live(None)));
    drop(live);
    assert!(matches!(look(&path).unwrap(), Found::Stale));
    let (_socket, claim) = receive(&path, 0o600).unwrap();
    assert!(claim.replaced_a_stale_socket());
}

#[test]
fn a_live_server_is_left_alone() {
    let folder = folder();
    let path = folder.path().join("s");
    // One that knows nothing of our lock, with and without room in its queue …
    let stranger = UnixListener::bind(&path).unwrap();
    assert!(matches!(listen(&path, 0o600), Err(ClaimError::Live(_))));
    assert!(matches!(receive(&path, 0o600), Err(ClaimError::Live(_))));
    drop(stranger);
    fs::remove_file(&path).unwrap();
    // … and one of ours.
    let (listener, _claim) = listen(&path, 0o600).unwrap();
    assert!(matches!(listen(&path, 0o600), Err(ClaimError::Live(_))));
    listener.set_nonblocking(true).unwrap();
    // Ours is not even disturbed: the lock answered, nobody connected.
    assert_eq!(
        listener.accept().unwrap_err().kind(),
        io::ErrorKind::WouldBlock
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_server_with_a_full_queue_counts_as_live() {
    let folder = folder();
    let path = folder.path().join("s");
    let socket = socket::open(SocketType::STREAM).unwrap();
    rustix::net::bind(&socket, &Address::from(&*path).to_sockaddr().unwrap()).unwrap();
    rustix::net::listen(&socket, 0).unwrap();
    let _waiting = socket::connect(&Address::from(&*path)).unwrap();
    assert!(matches!(look(&path).unwrap(), Found::Live(None)));
}

#[test]
fn what_is_not_a_socket_is_never_deleted() {
    let folder = folder();
    let path = folder.path().join("notes.txt");
    fs::write(&path, "keep me").unwrap();
    for error in [
        listen(&path, 0o600).unwrap_err(),
        listen_unlink_first(&path, 0o600).unwrap_err(),
    ] {
        assert!(
            matches!(error, ClaimError::NotASocket(_, "a regular file")),
            "{error}"
        );
    }
    assert_eq!(fs::read(&path).unwrap(), b"keep me");

    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(matches!(
        listen(&link, 0o600),
        Err(ClaimError::NotASocket(_, "a symbolic link"))
    ));
    assert!(matches!(
        listen(folder.path(), 0o600),
        Err(ClaimError::NotASocket(_, "a folder"))
    ));
    assert_eq!(names(&folder), ["link", "notes.txt"]);
}

#[test]
fn somebodys_file_at_the_lock_is_never_deleted() {
    let folder = folder();
    let path = folder.path().join("s");
    let lock = folder.path().join("s.lock");
    fs::write(&lock, "mine").unwrap();
    assert!(matches!(listen(&path, 0o600), Err(ClaimError::NotALock(_))));
    assert_eq!(fs::read(&lock).unwrap(), b"mine");
}

#[test]
fn a_folder_or_a_link_at_the_lock_is_no_lock() {
    let folder = folder();
    let (one, other) = (folder.path().join("one"), folder.path().join("other"));
    fs::create_dir(folder.path().join("one.lock")).unwrap();
    std::os::unix::fs::symlink("elsewhere", folder.path().join("other.lock")).unwrap();
    for path in [one, other] {
        assert!(matches!(listen(&path, 0o600), Err(ClaimError::NotALock(_))));
    }
    assert_eq!(names(&folder), ["one.lock", "other.lock"]);
}

#[test]
fn the_file_of_a_successor_is_left_alone() {
    let folder = folder();
    let path = folder.path().join("s");
    let (_listener, claim) = listen(&path, 0o600).unwrap();
    fs::remove_file(&path).unwrap();
    fs::write(&path, "something else").unwrap();
    drop(claim);
    assert_eq!(names(&folder), ["s"]);
}

#[test]
fn to_unlink_first_hides_a_live_server() {
    let folder = folder();
    let path = folder.path().join("s");
    let (first, _claim) = listen(&path, 0o600).unwrap();
    let (second, _claim) = listen_unlink_first(&path, 0o600).unwrap();
    let _client = UnixStream::connect(&path).unwrap();
    first.set_nonblocking(true).unwrap();
    second.set_nonblocking(true).unwrap();
    assert!(second.accept().is_ok());
    assert!(first.accept().is_err());
}

#[test]
fn a_folder_that_is_missing_is_named() {
    let folder = folder();
    let error = listen(&folder.path().join("no/s"), 0o600).unwrap_err();
    assert!(error.to_string().contains("make the folder"), "{error}");
}

/// The race: many start at once over a stale file. Exactly one may win, and it stays reachable.
#[test]
fn of_many_that_start_at_once_one_wins() {
    for _ in 0..20 {
        let folder = folder();
        let path = folder.path().join("s");
        stale(&path);
        let start = Barrier::new(8);
        let won: Vec<_> = std::thread::scope(|scope| {
            let runs: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        start.wait();
                        listen(&path, 0o600).ok()
                    })
                })
                .collect();
            runs.into_iter()
                .filter_map(|run| run.join().unwrap())
                .collect()
        });
        assert_eq!(won.len(), 1);
        let (listener, _claim) = &won[0];
        let _client = UnixStream::connect(&path).unwrap();
        listener.set_nonblocking(true).unwrap();
        assert!(listener.accept().is_ok());
    }
}

/// The same, with holders that end while others start: the lock's name comes and goes.
#[test]
fn starts_and_ends_in_a_row_never_overlap() {
    let folder = folder();
    let path = folder.path().join("s");
    let alive = std::sync::atomic::AtomicU32::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..200 {
                    if let Ok((listener, claim)) = listen(&path, 0o600) {
                        use std::sync::atomic::Ordering::SeqCst;
                        assert_eq!(alive.fetch_add(1, SeqCst), 0);
                        assert!(path.exists());
                        alive.fetch_sub(1, SeqCst);
                        drop(listener);
                        drop(claim);
                    }
                }
            });
        }
    });
    assert!(names(&folder).is_empty(), "{:?}", names(&folder));
}
