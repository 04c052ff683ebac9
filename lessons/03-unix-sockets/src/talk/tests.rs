use super::*;
use crate::socket::{connect, listen};
use proptest::prelude::*;
use std::path::Path;
use std::sync::mpsc;

const SOON: Duration = Duration::from_secs(10);

/// Run `client` against a server at `path`; what the server told comes back as text.
fn with_server(path: &Path, client: impl FnOnce()) -> Vec<String> {
    let listener = listen(&Address::from(path), 0o600).unwrap();
    let stop = Stop::new().unwrap();
    let (sender, told) = mpsc::channel();
    thread::scope(|scope| {
        let server = scope.spawn(|| {
            serve(&listener, &stop, &move |event| {
                let text = match event {
                    Event::Called(number, _) => format!("{number} called"),
                    Event::Said(number, line) => format!("{number} said {}", line.len()),
                    Event::Gone(number) => format!("{number} gone"),
                    Event::Lost(number, error) => format!("{number} lost: {error}"),
                    Event::Refused(error) => format!("refused: {error}"),
                };
                sender.send(text).map_err(io::Error::other)
            })
        });
        client();
        stop.now();
        server.join().unwrap().unwrap();
    });
    told.iter().collect()
}

#[test]
fn the_server_answers_in_capitals_and_survives_its_callers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let told = with_server(&path, || {
        for _ in 0..2 {
            let stream = connect(&Address::from(&*path)).unwrap();
            let mut talk = Talk::new(stream, SOON).unwrap();
            assert_eq!(talk.ask(b"hello").unwrap().unwrap(), b"HELLO");
            assert_eq!(
                talk.ask("grüße".as_bytes()).unwrap().unwrap(),
                "GRÜSSE".as_bytes()
            );
            assert_eq!(talk.ask(b"").unwrap().unwrap(), b"");
            assert_eq!(talk.ask(b"\xff").unwrap().unwrap(), "\u{fffd}".as_bytes());
        }
    });
    assert!(told.contains(&"2 said 5".to_owned()), "{told:?}");
}

#[test]
fn a_line_without_end_is_cut_off_and_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let told = with_server(&path, || {
        let mut hostile = connect(&Address::from(&*path)).unwrap();
        let chunk = vec![b'x'; LONGEST_LINE];
        // The server hangs up after the limit; until then the writes succeed.
        while hostile.write_all(&chunk).is_ok() {}
        let mut talk = Talk::new(connect(&Address::from(&*path)).unwrap(), SOON).unwrap();
        assert_eq!(talk.ask(b"still there?").unwrap().unwrap(), b"STILL THERE?");
    });
    assert!(told[1].contains("lost: the line is longer"), "{told:?}");
}

#[test]
fn one_caller_too_many_is_refused_and_comes_in_when_another_has_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let call = || Talk::new(connect(&Address::from(&*path)).unwrap(), SOON).unwrap();
    let told = with_server(&path, || {
        let mut inside: Vec<_> = (0..CALLERS).map(|_| call()).collect();
        for talk in &mut inside {
            assert_eq!(talk.ask(b"a").unwrap().unwrap(), b"A");
        }
        assert!(!matches!(call().ask(b"b"), Ok(Some(_))));
        assert_eq!(inside[0].ask(b"c").unwrap().unwrap(), b"C");
        drop(inside.pop());
        let begun = std::time::Instant::now();
        while !matches!(call().ask(b"d"), Ok(Some(answer)) if answer == b"D") {
            assert!(begun.elapsed() < SOON);
        }
    });
    assert!(told.contains(&"refused: 64 at a time are the most".to_owned()));
}

#[test]
fn the_talk_goes_on_when_the_name_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    with_server(&path, || {
        let mut talk = Talk::new(connect(&Address::from(&*path)).unwrap(), SOON).unwrap();
        talk.ask(b"before").unwrap();
        assert_eq!(fs::symlink_metadata(&path).unwrap().size(), 0);
        fs::remove_file(&path).unwrap();
        assert_eq!(talk.ask(b"after").unwrap().unwrap(), b"AFTER");
        let error = connect(&Address::from(&*path)).unwrap_err();
        assert!(why_not_connected(&Address::from(&*path), &error).contains("there is no"));
    });
}

#[test]
fn a_silent_server_is_not_waited_for_for_ever() {
    let (ours, _theirs) = UnixStream::pair().unwrap();
    let mut talk = Talk::new(ours, Duration::from_millis(10)).unwrap();
    let kind = talk.ask(b"hello").unwrap_err().kind();
    assert!(matches!(
        kind,
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    ));
}

#[test]
fn a_failing_listener_to_events_stops_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let listener = listen(&Address::from(&*path), 0o600).unwrap();
    let _caller = connect(&Address::from(&*path)).unwrap();
    let stop = Stop::new().unwrap();
    let error = serve(&listener, &stop, &|_| Err(io::ErrorKind::BrokenPipe.into())).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
}

#[test]
fn each_reason_has_its_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let why = |name: &str| {
        let address = Address::from(&*folder.path().join(name));
        why_not_connected(&address, &connect(&address).unwrap_err())
    };
    assert!(why("none").contains("there is no"));
    fs::write(folder.path().join("file"), "").unwrap();
    assert!(why("file").contains("is not a socket"), "{}", why("file"));
    drop(UnixListener::bind(folder.path().join("stale")).unwrap());
    assert!(why("stale").contains("left behind"));
    let _receiver = std::os::unix::net::UnixDatagram::bind(folder.path().join("d")).unwrap();
    assert!(why("d").contains("use the command send"), "{}", why("d"));
    assert!(why(&"x".repeat(200)).contains("sun_path"));
}

proptest! {
    /// The oracle: std's `split`, which has the whole text at once.
    #[test]
    fn lines_are_those_that_split_gives(octets: Vec<u8>, size in 1_usize..9) {
        let mut reader = BufReader::with_capacity(size, &*octets);
        let (mut lines, mut line) = (Vec::new(), Vec::new());
        while read_line(&mut reader, &mut line).unwrap() {
            lines.push(line.clone());
        }
        let mut expected: Vec<_> = octets.split(|&octet| octet == b'\n').map(<[u8]>::to_vec).collect();
        if expected.last().is_some_and(Vec::is_empty) {
            expected.pop();
        }
        prop_assert_eq!(lines, expected);
    }
}
