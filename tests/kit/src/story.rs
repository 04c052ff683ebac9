//! The story of the check that runs: who did what, and who is in which call right now.
//!
//! There is one story for the whole program, because the student's code may start threads of its own.
//! Every check has a number, and a socket remembers the number of the check it was made in: what a
//! left-over thread of an earlier check still does is not part of the story.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fs::File;
use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::failure::Panic;
use crate::report::{Event, OCTETS_SHOWN, Step};

/// So many steps of a check are reported when they happen; a story that goes on is in a loop.
const STEPS_KEPT: usize = 120;

/// Of a longer story so many steps are reported at its end: they led to the failure.
const LAST_KEPT: usize = 12;

/// After so many reads in a row that return nothing, nobody expects another result.
const SPINS: u64 = 1000;

static STORY: Mutex<Option<Story>> = Mutex::new(None);
static NEWS: Condvar = Condvar::new();

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

struct Story {
    report: Option<File>,
    said: Vec<Event>,
    check: u64,
    steps: usize,
    last_step: Option<Step>,
    late: VecDeque<Step>,
    actors: BTreeMap<u64, Actor>,
    next_actor: u64,
    last_news: Instant,
    panics: Vec<Panic>,
    spin: Option<String>,
    names: HashMap<SocketAddr, String>,
    read: HashMap<Route, usize>,
}

/// One thread of the student's code.
#[derive(Clone)]
struct Actor {
    name: String,
    check: u64,
    call: Option<Call>,
    /// Started by the check, not by the student's code.
    main: bool,
}

/// A call that the student's code is in.
#[derive(Clone, Copy)]
struct Call {
    name: &'static str,
    route: Route,
    /// It returns by itself after a time limit.
    timed: bool,
}

/// A connection as the student's code sees it: own address, address of the other side. Unix sockets
/// of clients have none; those of a check are counted together.
pub(crate) type Route = Option<(SocketAddr, SocketAddr)>;

fn lock() -> MutexGuard<'static, Option<Story>> {
    STORY.lock().unwrap_or_else(PoisonError::into_inner)
}

fn with<T>(act: impl FnOnce(&mut Story) -> T) -> T {
    let mut story = lock();
    act(story.get_or_insert_with(|| Story {
        report: None,
        said: Vec::new(),
        check: 0,
        steps: 0,
        last_step: None,
        late: VecDeque::new(),
        actors: BTreeMap::new(),
        next_actor: 0,
        last_news: Instant::now(),
        panics: Vec::new(),
        spin: None,
        names: HashMap::new(),
        read: HashMap::new(),
    }))
}

impl Story {
    fn say(&mut self, event: Event) {
        match &mut self.report {
            Some(report) => {
                // A full disk: the runner sees a report without an end, and says so.
                let _ = report.write_all(format!("{}\n", event.line()).as_bytes());
            }
            None => self.said.push(event),
        }
    }

    fn step(&mut self, who: &str, what: String, octets: &[u8]) {
        self.last_news = Instant::now();
        if let Some(last) = &mut self.last_step
            && last.who == who
            && last.what == what
            && last.octets == octets[..octets.len().min(OCTETS_SHOWN)]
        {
            last.times += 1;
            // A tight loop would fill the report with its count: say it at 2, 4, 8, …
            let again = last.clone();
            if let Some(late) = self.late.back_mut() {
                *late = again;
            } else if again.times.is_power_of_two() {
                self.say(Event::Step(again));
            }
            return;
        }
        let step = Step {
            index: self.steps,
            who: who.to_owned(),
            what,
            octets: octets[..octets.len().min(OCTETS_SHOWN)].to_vec(),
            total: octets.len() as u64,
            times: 1,
        };
        self.steps += 1;
        if self.steps <= STEPS_KEPT {
            self.say(Event::Step(step.clone()));
        } else {
            self.late.push_back(step.clone());
            if self.late.len() > LAST_KEPT {
                self.late.pop_front();
            }
        }
        self.last_step = Some(step);
    }
}

/// Where the report goes from now on.
pub(crate) fn report_to(file: File) {
    with(|story| story.report = Some(file));
}

/// Reports an event that is no step.
pub(crate) fn say(event: Event) {
    with(|story| {
        if matches!(event, Event::Fail(_)) {
            for step in std::mem::take(&mut story.late) {
                story.say(Event::Step(step));
            }
        }
        story.say(event);
    });
}

/// Everything that was reported while there was no file for it.
pub(crate) fn said() -> Vec<Event> {
    with(|story| std::mem::take(&mut story.said))
}

/// A new check begins, with an empty story.
pub(crate) fn begin(name: &str) {
    with(|story| {
        story.check += 1;
        story.steps = 0;
        story.last_step = None;
        story.late.clear();
        story.last_news = Instant::now();
        story.panics.clear();
        story.spin = None;
        story.names.clear();
        story.read.clear();
        story.say(Event::Begin(name.to_owned()));
    });
}

/// The number of the check that runs.
pub(crate) fn check() -> u64 {
    with(|story| story.check)
}

/// Somebody of the check's own side does something.
pub(crate) fn step(who: &str, what: impl Into<String>, octets: &[u8]) {
    with(|story| story.step(who, what.into(), octets));
    NEWS.notify_all();
}

/// A thread of the student's code is about to start, under this name. Returns its number.
pub(crate) fn hire(name: &str) -> u64 {
    with(|story| {
        let check = story.check;
        story.enter(name.to_owned(), check, true)
    })
}

/// The calling thread is the one of this number.
pub(crate) fn enter(number: u64) {
    ME.with(|me| me.replace(Some(Me { number })));
}

/// The calling thread has no more part in the story.
pub(crate) fn leave() {
    ME.with(|me| me.replace(None));
    NEWS.notify_all();
}

impl Story {
    fn enter(&mut self, name: String, check: u64, main: bool) -> u64 {
        self.next_actor += 1;
        self.actors.insert(
            self.next_actor,
            Actor {
                name,
                check,
                call: None,
                main,
            },
        );
        self.next_actor
    }
}

/// The calling thread's number. A thread that is not known yet was started by the student's code.
fn me() -> u64 {
    // While a thread ends, its place is gone already: it is nobody.
    ME.try_with(|me| {
        let mut me = me.borrow_mut();
        let known = me.get_or_insert_with(|| {
            let own = std::thread::current();
            let number = with(|story| {
                let name = match own.name() {
                    Some(name) => format!("your thread `{name}`"),
                    None => format!("your thread {}", story.threads() + 1),
                };
                let check = story.check;
                story.enter(name, check, false)
            });
            Me { number }
        });
        known.number
    })
    .unwrap_or(0)
}

impl Story {
    fn threads(&self) -> usize {
        let check = self.check;
        let own = |actor: &&Actor| actor.check == check && !actor.main;
        self.actors.values().filter(own).count()
    }
}

/// The student's code is in a call for as long as this lives.
pub(crate) struct InCall {
    number: u64,
}

/// The student's code calls something that may wait. `check` is the number of the check that the
/// socket was made in.
pub(crate) fn call(check: u64, route: Route, name: &'static str, timed: bool) -> InCall {
    let number = me();
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

/// The student's code has done something with a socket of the check `check`.
pub(crate) fn done(check: u64, what: impl Into<String>, octets: &[u8]) {
    let number = me();
    with(|story| {
        if story.check != check {
            return;
        }
        let name = story
            .actors
            .get(&number)
            .map_or_else(|| "your program".to_owned(), |actor| actor.name.clone());
        story.step(&name, what.into(), octets);
    });
    NEWS.notify_all();
}

/// The student's code has read `count` octets more from a connection.
pub(crate) fn has_read(check: u64, route: Route, count: usize) {
    with(|story| {
        if story.check == check {
            *story.read.entry(route).or_default() += count;
        }
    });
    NEWS.notify_all();
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
        let number = me();
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

/// Has the calling thread read nothing, many times in a row?
fn spins() -> bool {
    EMPTY
        .try_with(|count| *count.borrow() > SPINS)
        .unwrap_or(false)
}

/// A name for an address, for the story.
pub(crate) fn name_address(address: SocketAddr, name: &str) {
    with(|story| story.names.insert(address, name.to_owned()));
}

/// The address as the story writes it: `the client (127.0.0.1:50312)`.
pub(crate) fn name_of(address: SocketAddr) -> String {
    with(|story| match story.names.get(&address) {
        Some(name) => format!("{name} ({address})"),
        None => address.to_string(),
    })
}

/// A panic in a thread of the student's code.
pub(crate) fn panicked(message: &str, place: &str) {
    let number = me();
    with(|story| {
        let Some(actor) = story.actors.get(&number) else {
            return;
        };
        if actor.check != story.check {
            return;
        }
        let who = actor.name.clone();
        story.step(&who, format!("panicked: {message}, at {place}"), &[]);
        story.panics.push(Panic {
            who,
            message: message.to_owned(),
            place: place.to_owned(),
        });
    });
    NEWS.notify_all();
}

/// The first panic of the student's code in this check.
pub(crate) fn first_panic() -> Option<Panic> {
    with(|story| story.panics.first().cloned())
}

/// How many octets the student's code has read from a connection.
pub(crate) fn read_from(route: Route) -> usize {
    with(|story| story.read.get(&route).copied().unwrap_or(0))
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

/// Where the student's code is.
pub(crate) struct Whereabouts {
    /// For each thread of this check: its name, and the call it is in.
    pub threads: Vec<(String, Option<&'static str>)>,
    /// Every thread is in a call that ends only when somebody else does something, and nothing has
    /// happened for this long.
    pub stuck_for: Option<Duration>,
    /// What goes on again and again without an effect.
    pub spin: Option<String>,
}

/// Looks where the student's code is.
pub(crate) fn whereabouts() -> Whereabouts {
    with(|story| {
        let check = story.check;
        let own: Vec<&Actor> = story
            .actors
            .values()
            .filter(|actor| actor.check == check)
            .collect();
        let stuck = own
            .iter()
            .all(|actor| actor.call.is_some_and(|call| !call.timed));
        Whereabouts {
            threads: own
                .iter()
                .map(|actor| (actor.name.clone(), actor.call.map(|call| call.name)))
                .collect(),
            stuck_for: stuck.then(|| story.last_news.elapsed()),
            spin: story.spin.clone(),
        }
    })
}

/// Sleeps until something has happened, or for `limit`.
pub(crate) fn wait_for_news(limit: Duration) {
    let story = lock();
    drop(
        NEWS.wait_timeout(story, limit)
            .unwrap_or_else(PoisonError::into_inner),
    );
}
