//! The player itself: what it shows, and how it fails.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::path::Path;
use std::time::{Duration, Instant};

use scenes::player::{self, LIMIT};
use scenes::scene::Scene;

fn play_within(limit: Duration, text: &str) -> Result<String, String> {
    let scene = Scene::parse("test/player", Path::new("player.scene"), text).unwrap();
    player::play(&scene, Path::new("/nowhere"), limit, |_| Ok(()))
        .map(|transcript| transcript.to_string())
        .map_err(|error| format!("{error:#}"))
}

fn play(text: &str) -> String {
    play_within(LIMIT, text).unwrap()
}

/// For scenes that wait in vain: not as long as usual, and long enough for a busy machine.
fn complaint(text: &str) -> String {
    play_within(Duration::from_secs(3), text).unwrap_err()
}

#[test]
fn two_terminals_one_after_another() {
    let shown = play(
        "# c\nfile a.txt\n| one two\na $ cat a.txt\nb $ cat\nb > hello\nb ? hello\nb ! ctrl-d\n\
         a $ ls missing\na ? missing\na = 2\n",
    );
    assert!(
        shown.starts_with("== a\n$ cat a.txt\n|one two\n$ ls missing\n|ls: "),
        "{shown}"
    );
    assert!(
        shown.ends_with("[exit 2]\n== b\n$ cat\n|«hello»\n|hello\n"),
        "{shown}"
    );
}

#[test]
fn what_varies_is_named() {
    let shown = play("# c\nport 8080\na $ printf '%s\\n' 'x 8080 18080'\na ? {word} 8080\n");
    assert_eq!(
        shown,
        "== a\n$ printf '%s\\n' 'x 8080 18080'\n|⟨word⟩ 8080 18080\n"
    );
    let shown = play("# c\na $ printf '%s' '{dir}'\na ? {dir}\n");
    assert_eq!(shown, "== a\n$ printf '%s' '{dir}'\n|⟨dir⟩\n");
}

#[test]
fn the_next_line_is_typed_only_at_the_prompt() {
    let error = complaint("# c\nprompt ok\na $ cat\na >> not yet\na > too early\n");
    assert!(error.contains("a did not show the prompt `ok`"), "{error}");
}

#[test]
fn keys_reach_the_program() {
    assert!(play("# c\na $ cat\na ! ctrl-c\na = 130\n").ends_with("[exit 130]\n"));
    assert!(play("# c\na $ cat\na ! close\na = 129\n").ends_with("[exit 129]\n"));
    assert!(play("# c\na $ cat\na ! terminate\na = 143\n").ends_with("[exit 143]\n"));
}

#[test]
fn a_program_that_hangs_fails_with_the_transcript_so_far_and_is_gone() {
    let started = Instant::now();
    let error = complaint("# c\na $ cat\na > hello\na ? never\n");
    assert!(
        error.contains("player.scene:4: a did not show `never` within"),
        "{error}"
    );
    assert!(
        error.contains("«hello»\n|hello"),
        "the transcript so far: {error}"
    );
    assert!(started.elapsed() < LIMIT);
}

#[test]
fn a_program_that_ends_early_fails_at_once() {
    let started = Instant::now();
    let error = play_within(LIMIT, "# c\na $ ls missing\na ? something\n").unwrap_err();
    assert!(
        error.contains("player.scene:3: a ended (exit code 2) without showing"),
        "{error}"
    );
    let error = play_within(LIMIT, "# c\na $ ls missing\n").unwrap_err();
    assert!(
        error.contains("a ended with exit code 2, expected 0"),
        "{error}"
    );
    assert!(started.elapsed() < LIMIT);
}

#[test]
fn a_failed_scene_leaves_no_process_and_no_folder_behind() {
    let error = complaint("# c\na $ cat\nb $ cat | cat\na > x{dir}\na ? x{dir}\na = 0\n");
    assert!(
        error.contains("player.scene:6: a did not end within"),
        "{error}"
    );
    let dir = error
        .split("|x")
        .nth(1)
        .and_then(|rest| rest.lines().next())
        .unwrap();
    assert!(dir.contains("scene-"), "{error}");
    assert!(!Path::new(dir).exists(), "{dir} is left");

    no_process_is_left_of(dir);
}

#[test]
fn what_a_program_leaves_in_the_background_is_gone_after_the_scene() {
    // It ignores the hang-up of its terminal, and holds it open: the terminal's output never ends.
    let error = complaint(
        "# c\na $ printf 'x%s\\n' {dir}; trap '' HUP; while :; do :; done & printf 'done\\n'\na = 0\n",
    );
    assert!(error.contains("a did not end within"), "{error}");
    let dir = error
        .split("|x")
        .nth(1)
        .and_then(|rest| rest.lines().next());
    no_process_is_left_of(dir.unwrap());
}

/// Every process of a scene has its folder as HOME. Not all are our children: they have been sent
/// SIGKILL, and the kernel may need a moment.
fn no_process_is_left_of(dir: &str) {
    let left = || {
        let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        processes
            .filter_map(|process| std::fs::read(process.path().join("environ")).ok())
            .any(|environ| String::from_utf8_lossy(&environ).contains(&format!("HOME={dir}")))
    };
    let deadline = Instant::now() + LIMIT;
    while left() {
        assert!(
            Instant::now() < deadline,
            "a process of the scene is still running"
        );
        std::thread::yield_now();
    }
}

#[test]
fn a_character_of_the_transcript_in_the_output_is_an_error_that_says_where() {
    let error = complaint("# c\na $ printf 'a «b» c'\na = 0\n");
    assert!(
        error.starts_with(
            "player.scene:3: a shows «, which has a meaning in transcripts: `a «b» c`"
        ),
        "{error}"
    );
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let error = complaint(
        "# c\nfile NAME\na $ ls\n"
            .replace("NAME", &"x".repeat(300))
            .as_str(),
    );
    assert!(
        error.starts_with("player.scene: cannot write the file `xxx"),
        "{error}"
    );
}

#[test]
fn a_program_that_prints_without_end_is_stopped_at_once() {
    let started = Instant::now();
    let error = play_within(
        LIMIT,
        "# c\na $ printf x; while :; do printf 'again\\n'; done\na ? never\n",
    );
    let error = error.unwrap_err();
    assert!(
        error.contains("more lines than a scene can show"),
        "{error}"
    );
    assert!(started.elapsed() < LIMIT);
}

#[test]
fn too_much_output_is_an_error() {
    let error = complaint(
        "# c\na $ printf '%0.s\\n' {x*0} | head -c 0; printf '%02000d\\n%040000d\\n' 1 2\na = 0\n",
    );
    assert!(
        error.contains("more lines than a scene can show"),
        "{error}"
    );
}

#[test]
fn a_list_that_nobody_reads_to_its_end_ends_quietly() {
    let mut list = std::process::Command::new(env!("CARGO_BIN_EXE_scenes"))
        .arg("list")
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(list.stdout.take());
    let output = list.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(
        output.status.code().is_some_and(|code| code < 2),
        "{output:?}"
    );
}

#[test]
fn the_readers_umask_changes_nothing() {
    // For all threads of this test program: no other test may notice it either.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let shown =
        play("# c\nfile a.txt\n| x\na $ touch b.txt\na $ ls -ld . a.txt b.txt | cut -c 1-10\n");
    assert!(
        shown.ends_with("|drwxr-xr-x\n|-rw-r--r--\n|-rw-r--r--\n"),
        "{shown}"
    );
}
