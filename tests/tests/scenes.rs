//! Every scene, played; its transcript compared with its snapshot.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use scenes::needs;
use scenes::player::{self, LIMIT};
use scenes::scene::{self, Scene};

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // A scene waits for what it has to see more than it computes: one for each processor leaves them idle.
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    arguments.test_threads.get_or_insert(2 * processors);
    let root = scenes::root();
    let scenes = match scene::all(&root) {
        Ok(scenes) => scenes,
        Err(error) => {
            eprintln!("error: {error:#}");
            return ExitCode::FAILURE;
        }
    };
    let expected: BTreeSet<String> = scenes.iter().map(Scene::snapshot_name).collect();
    let mut trials = vec![Trial::test("no-snapshot-without-scene", move || {
        orphans(&expected)
    })];

    if !arguments.list && !scenes.is_empty() {
        let bin = match scenes::build_programs() {
            Ok(bin) => Arc::new(bin),
            Err(error) => {
                eprintln!("error: {error:#}");
                return ExitCode::FAILURE;
            }
        };
        trials.extend(
            scenes
                .into_iter()
                .map(|scene| trial(scene, Arc::clone(&bin))),
        );
    } else {
        trials.extend(scenes.into_iter().map(|scene| trial(scene, Arc::default())));
    }
    player_is_quiet();
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// insta reports a difference by itself; the panic that follows adds nothing.
fn player_is_quiet() {
    std::panic::set_hook(Box::new(|_| ()));
}

fn trial(scene: Scene, bin: Arc<PathBuf>) -> Trial {
    let missing = needs::missing(&scene);
    if let Some(need) = missing {
        eprintln!("{} is skipped: it needs {need}", scene.id);
    }
    Trial::test(scene.id.clone(), move || {
        let transcript = player::play(&scene, &bin, LIMIT, |_| Ok(()))
            .map_err(|error| Failed::from(format!("{error:#}")))?;
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(scenes::root().join("tests/snapshots"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_description(scene.caption.clone());
        settings.bind(|| insta::assert_snapshot!(scene.snapshot_name(), transcript));
        Ok(())
    })
    .with_ignored_flag(missing.is_some())
}

/// A snapshot whose scene is gone would stay in the tree for ever.
fn orphans(expected: &BTreeSet<String>) -> Result<(), Failed> {
    for entry in std::fs::read_dir(scenes::root().join("tests/snapshots"))? {
        let path = entry?.path();
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let is_snapshot = path.extension().is_some_and(|ending| ending == "snap");
        if is_snapshot && !expected.contains(&name) {
            return Err(format!("{} has no scene: delete it", path.display()).into());
        }
    }
    Ok(())
}
