//! The threads of the student's code, and the call that each is in.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{NEWS, Route, Story, with};

/// After so many reads in a row that return nothing, nobody expects another result.
const SPINS: u64 = 1000;

/// Who has failed so often in a row when the time is over does not look at what fails, or at the clock.
const FAILS: u64 = 20;

thread_local! {
    static ME: RefCell<Option<Me>> = const { RefCell::new(None) };
}

/// The thread's part in the story. Without one it is a thread that the student's code has started.
struct Me {
    number: u64,
}

impl Drop for Me {
    fn drop(&mut self) {
        with(|story| {
            story.actors.remove(&self.number);
        });
    }
}

/// One thread of the student's code.
#[derive(Clone)]
pub(super) struct Actor {
    pub(super) name: String,
    pub(super) check: u64,
    /// The check has started it, and not the student's code.
    hired: bool,
    call: Option<Call>,
    /// So many calls in a row have failed, and the last of them is this one.
    failing: (u64, &'static str),
    /// The thread's file in proc(5), where the system has one.
    stat: Option<PathBuf>,
}

/// A call that the student's code is in.
#[derive(Clone, Copy)]
pub(super) struct Call {
    name: &'static str,
    route: Route,
    /// It returns by itself after a time limit.
    timed: bool,
}

/// A thread of the student's code is about to start, under this name. Returns its number.
pub(crate) fn hire(name: &str) -> u64 {
    with(|story| {
        let check = story.check;
        story.enter(name.to_owned(), check, true, None)
    })
}

/// The calling thread is the one of this number.
pub(crate) fn enter(number: u64) {
    ME.with(|me| me.replace(Some(Me { number })));
    let stat = stat();
    with(|story| {
        if let Some(actor) = story.actors.get_mut(&number) {
            actor.stat = stat;
        }
    });
}

/// The file of the calling thread in proc(5).
fn stat() -> Option<PathBuf> {
    let own = std::fs::read_link("/proc/thread-self").ok()?;
    Some(Path::new("/proc").join(own).join("stat"))
}

/// Is a thread at work, and not asleep? The third field of its file says so (proc(5)); the second is
/// its name in parentheses, which may contain anything.
fn at_work(stat: &Path) -> Option<bool> {
    let text = std::fs::read_to_string(stat).ok()?;
    let (_, rest) = text.rsplit_once(") ")?;
    Some(rest.starts_with('R'))
}

/// Do all threads of the program sleep, but for the calling one? Not where the system does not tell.
pub(crate) fn all_sleep() -> bool {
    let Some(own) = stat() else {
        return false;
    };
    let Some(threads) = own.parent().and_then(Path::parent) else {
        return false;
    };
    let sleeps = |thread: &Path| {
        let stat = thread.join("stat");
        // Which has no file any more has ended.
        stat == own || at_work(&stat) != Some(true)
    };
    std::fs::read_dir(threads)
        .is_ok_and(|threads| threads.flatten().all(|thread| sleeps(&thread.path())))
}

/// The calling thread has no more part in the story.
pub(crate) fn leave() {
    ME.with(|me| me.replace(None));
    NEWS.notify_all();
}

impl Story {
    fn enter(&mut self, name: String, check: u64, hired: bool, stat: Option<PathBuf>) -> u64 {
        self.next_actor += 1;
        self.actors.insert(
            self.next_actor,
            Actor {
                name,
                check,
                hired,
                call: None,
                failing: (0, ""),
                stat,
            },
        );
        self.next_actor
    }
}

/// The number of the check's own thread, which has no part in the story.
pub(super) const NOBODY: u64 = 0;

/// The calling thread is the check's own.
pub(crate) fn enter_as_check() {
    enter(NOBODY);
}

/// The number of the check that the calling thread works for: its own if the check has started it,
/// else the one that runs.
pub(crate) fn check() -> u64 {
    // While a thread ends, its place is gone already.
    let number = ME.try_with(|me| me.borrow().as_ref().map(|me| me.number));
    let number = number.ok().flatten();
    with(|story| {
        let own = number.and_then(|number| story.actors.get(&number));
        own.map_or(story.check, |actor| actor.check)
    })
}

/// The calling thread's number. A thread that is not known yet was started by the student's code, for
/// the check `check`.
pub(super) fn me(check: u64) -> u64 {
    // While a thread ends, its place is gone already: it is nobody.
    ME.try_with(|me| {
        let mut me = me.borrow_mut();
        let known = me.get_or_insert_with(|| {
            let own = std::thread::current();
            let stat = stat();
            let number = with(|story| {
                let name = match own.name() {
                    Some(name) => format!("your thread `{name}`"),
                    None => "a thread of your code".to_owned(),
                };
                story.enter(name, check, false, stat)
            });
            Me { number }
        });
        known.number
    })
    .unwrap_or(NOBODY)
}

/// From now on the story calls the calling thread `name`: for code of the check, such as a function
/// that the student's code is given, which runs in a thread of the student's.
pub fn called(name: &str) {
    let number = me(check());
    with(|story| {
        if let Some(actor) = story.actors.get_mut(&number) {
            name.clone_into(&mut actor.name);
        }
    });
}

/// The student's code is in a call for as long as this lives.
pub(crate) struct InCall {
    number: u64,
}

/// The student's code calls something that may wait. `check` is the number of the check that the
/// socket was made in.
pub(crate) fn call(check: u64, route: Route, name: &'static str, timed: bool) -> InCall {
    let number = me(check);
    let left_over = with(|story| {
        if let Some(actor) = story.actors.get_mut(&number) {
            actor.call = Some(Call { name, route, timed });
        }
        story.check != check
    });
    NEWS.notify_all();
    if left_over && spins() {
        // A loop of an earlier check would take the processor from this one.
        loop {
            std::thread::park();
        }
    }
    InCall { number }
}

impl Drop for InCall {
    fn drop(&mut self) {
        with(|story| {
            if let Some(actor) = story.actors.get_mut(&self.number) {
                actor.call = None;
            }
        });
    }
}

thread_local! {
    static EMPTY: RefCell<u64> = const { RefCell::new(0) };
}

/// Counts reads of the calling thread that brought nothing, and starts anew after one that did.
pub(crate) fn empty_read(check: u64, call: &str, empty: bool) {
    let count = EMPTY
        .try_with(|count| {
            let mut count = count.borrow_mut();
            *count = if empty { *count + 1 } else { 0 };
            *count
        })
        .unwrap_or(0);
    if count == SPINS {
        let number = me(check);
        with(|story| {
            if story.check == check {
                let who = story.actors.get(&number).map(|actor| actor.name.clone());
                story.spin = Some(format!(
                    "{} calls `{call}` again and again, and each call returns 0 octets",
                    who.as_deref().unwrap_or("your program")
                ));
            }
        });
        NEWS.notify_all();
    }
}

/// The calling thread's call has failed, or not.
pub(crate) fn call_failed(check: u64, call: &'static str, failed: bool) {
    let number = me(check);
    with(|story| {
        if let Some(actor) = story.actors.get_mut(&number) {
            let count = if failed { actor.failing.0 + 1 } else { 0 };
            actor.failing = (count, call);
        }
    });
}

/// Has the calling thread read nothing, many times in a row?
fn spins() -> bool {
    EMPTY
        .try_with(|count| *count.borrow() > SPINS)
        .unwrap_or(false)
}

/// Has the student's code done with what it has read from a connection? It has when it reads on, or
/// when all its threads wait for something else, or have ended.
pub(crate) fn rests(route: Route) -> bool {
    with(|story| {
        let check = story.check;
        let mut own = story.actors.values().filter(|actor| actor.check == check);
        let reads_on = |call: Call| call.name == "read" && call.route == route;
        own.clone().any(|actor| actor.call.is_some_and(reads_on))
            || own.all(|actor| actor.call.is_some())
    })
}

/// A thread of the student's code.
pub(crate) struct Thread {
    /// Its name in the story.
    pub name: String,
    /// The call it is in.
    pub call: Option<&'static str>,
    /// That call returns by itself after a time limit.
    pub timed: bool,
    failing: (u64, &'static str),
    stat: Option<PathBuf>,
}

impl Thread {
    /// The call that it makes again and again although each one fails.
    pub(crate) fn fails_at(&self) -> Option<&'static str> {
        let (count, call) = self.failing;
        (count >= FAILS).then_some(call)
    }

    /// Is it at work, and not asleep? `None` where the system does not tell.
    pub(crate) fn at_work(&self) -> Option<bool> {
        at_work(self.stat.as_deref()?)
    }
}

/// Where the student's code is.
pub(crate) struct Whereabouts {
    /// The threads of this check.
    pub threads: Vec<Thread>,
    /// Every thread is in a call that ends only when somebody else does something, and nothing has
    /// happened for this long.
    pub stuck_for: Option<Duration>,
    /// What goes on again and again without an effect.
    pub spin: Option<String>,
    /// The student's code has panicked.
    pub panicked: bool,
}

/// Looks where the student's code is.
pub(crate) fn whereabouts() -> Whereabouts {
    with(|story| {
        let check = story.check;
        let mut own: Vec<&Actor> = story
            .actors
            .values()
            .filter(|actor| actor.check == check)
            .collect();
        // Which of its threads makes the first call is not the same in every run.
        own.sort_by_key(|actor| {
            let call = actor.call.map(|call| call.name);
            (!actor.hired).then_some((&actor.name, call))
        });
        let stuck = own
            .iter()
            .all(|actor| actor.call.is_some_and(|call| !call.timed));
        Whereabouts {
            threads: own
                .iter()
                .map(|actor| Thread {
                    name: actor.name.clone(),
                    call: actor.call.map(|call| call.name),
                    timed: actor.call.is_some_and(|call| call.timed),
                    failing: actor.failing,
                    stat: actor.stat.clone(),
                })
                .collect(),
            stuck_for: stuck.then(|| story.last_news.elapsed()),
            spin: story.spin.clone(),
            panicked: !story.panics.is_empty(),
        }
    })
}

/// How long nothing has happened, while every thread of the student's code is in a call or has ended.
/// A thread that is in a call and still at work has lost the processor before it fell asleep: what the
/// call does at once, it has not done yet.
pub(crate) fn still_for() -> Option<Duration> {
    let (files, long) = with(|story| {
        let check = story.check;
        let mut own = story.actors.values().filter(|actor| actor.check == check);
        let in_call = own.clone().all(|actor| actor.call.is_some());
        let files: Vec<_> = own
            .by_ref()
            .filter_map(|actor| actor.stat.clone())
            .collect();
        (files, in_call.then(|| story.last_news.elapsed()))
    });
    long.filter(|_| !files.iter().any(|stat| at_work(stat) == Some(true)))
}
