//! The story of the check that runs: who did what, and who is in which call right now.
//!
//! There is one story for the whole program, because the student's code may start threads of its own.
//! Every check has a number, and a socket remembers the number of the check it was made in: what a
//! left-over thread of an earlier check still does is not part of the story.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::fs::File;
use std::io::{self, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::failure::Panic;
use crate::kernel;
use crate::report::{Event, OCTETS_SHOWN, Step};

/// So many steps of a check are reported at once.
const FIRST_STEPS: usize = 100;

/// Of what follows, so many are kept: those just before the failure.
const LAST_STEPS: usize = 30;

mod actors;

pub use actors::called;
use actors::{Actor, NOBODY, me};
pub(crate) use actors::{
    Thread, Whereabouts, all_sleep, call, call_failed, check, empty_read, enter, enter_as_check,
    hire, leave, rests, still_for, whereabouts,
};

static STORY: Mutex<Option<Story>> = Mutex::new(None);
static NEWS: Condvar = Condvar::new();

struct Story {
    report: Option<File>,
    said: Vec<Event>,
    check: u64,
    steps: usize,
    last_step: Option<Step>,
    /// The last steps of a long story, not reported yet.
    tail: VecDeque<Step>,
    actors: BTreeMap<u64, Actor>,
    next_actor: u64,
    last_news: Instant,
    /// A step has not come true. What the student's code does now, it does because the check closes
    /// its sockets, and that is no part of the story.
    over: bool,
    panics: Vec<Panic>,
    spin: Option<String>,
    names: HashMap<SocketAddr, String>,
    read: HashMap<Route, usize>,
    /// The connections whose octets are counted there.
    logged: HashSet<Route>,
    /// Where the student's code listens with a logbook.
    listens: HashSet<SocketAddr>,
    /// A client of the check is in `connect`: its address is not known yet.
    connecting: bool,
    /// Connections that the logbook has seen nobody accept: the client's address, and the server's.
    backlog: HashMap<SocketAddr, SocketAddr>,
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
        tail: VecDeque::new(),
        actors: BTreeMap::new(),
        next_actor: 0,
        last_news: Instant::now(),
        over: false,
        panics: Vec::new(),
        spin: None,
        names: HashMap::new(),
        read: HashMap::new(),
        logged: HashSet::new(),
        listens: HashSet::new(),
        connecting: false,
        backlog: HashMap::new(),
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
            if last.times.is_power_of_two() {
                let again = last.clone();
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
        let before = self.last_step.replace(step.clone());
        if self.steps <= FIRST_STEPS {
            self.say(Event::Step(step));
        } else if let Some(before) = before.filter(|step| step.index >= FIRST_STEPS) {
            self.tail.push_back(before);
            if self.tail.len() >= LAST_STEPS {
                self.tail.pop_front();
            }
        }
    }

    /// Reports what has been kept back: the end of a long story, and how often its last step happened.
    fn catch_up(&mut self) {
        let mut kept = std::mem::take(&mut self.tail);
        kept.extend(self.last_step.take());
        for step in kept {
            self.say(Event::Step(step));
        }
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
            story.catch_up();
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
        story.tail.clear();
        story.over = false;
        story.last_news = Instant::now();
        story.panics.clear();
        story.spin = None;
        story.names.clear();
        story.read.clear();
        story.logged.clear();
        story.listens.clear();
        story.backlog.clear();
        story.say(Event::Begin(name.to_owned()));
    });
}

/// Somebody of the check's own side does something.
pub(crate) fn step(who: &str, what: impl Into<String>, octets: &[u8]) {
    with(|story| {
        // A check that has looked at a failure and goes on: the story goes on too.
        story.over = false;
        story.step(who, what.into(), octets);
    });
    NEWS.notify_all();
}

/// Says in the story what somebody else does: for what a check does where it has no `Check` at hand,
/// such as in `Check::at`.
pub fn tell(who: &str, what: &str) {
    step(who, what, &[]);
}

/// The student's code has done something with a socket of the check `check`.
pub(crate) fn done(check: u64, what: impl Into<String>, octets: &[u8]) {
    let number = me(check);
    with(|story| {
        if story.check != check || story.over || number == NOBODY {
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

/// The student's code has a connection whose socket keeps a logbook.
pub(crate) fn logs(route: Route) {
    with(|story| story.logged.insert(route));
}

/// Does the student's socket of a connection keep a logbook?
pub(crate) fn is_logged(route: Route) -> bool {
    with(|story| story.logged.contains(&route))
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

/// The student's code listens here.
pub(crate) fn listens(address: SocketAddr) {
    with(|story| story.listens.insert(address));
}

/// A client of the check calls `connect` with `connect`, and says so under this name.
pub(crate) fn connect(
    name: &str,
    server: SocketAddr,
    connect: impl FnOnce() -> io::Result<TcpStream>,
) -> io::Result<TcpStream> {
    with(|story| story.connecting = true);
    let result = connect().and_then(|stream| Ok((stream.local_addr()?, stream)));
    let stream = with(|story| {
        story.connecting = false;
        let (own, stream) = result?;
        story.names.insert(own, name.to_owned());
        // The kernel has completed the handshake, whoever accepts the connection, and when.
        if story.listens.contains(&server) {
            story.backlog.insert(own, server);
        }
        story.step(name, format!("connected from {own}"), &[]);
        Ok(stream)
    });
    NEWS.notify_all();
    stream
}

/// The student's code has accepted a connection.
pub(crate) fn accepted(client: SocketAddr) {
    // `accept` may return before the `connect` on the other side does: first things first.
    const LONG_ENOUGH: Duration = Duration::from_millis(500);
    let story = lock();
    let connecting = |story: &mut Option<Story>| story.as_ref().is_some_and(|it| it.connecting);
    let (mut story, _) = NEWS
        .wait_timeout_while(story, LONG_ENOUGH, connecting)
        .unwrap_or_else(PoisonError::into_inner);
    if let Some(story) = story.as_mut() {
        story.backlog.remove(&client);
    }
}

/// Does a connection of this name wait for `accept`?
pub(crate) fn waits_for_accept(name: &str) -> bool {
    with(|story| {
        let named = |client| story.names.get(client).is_some_and(|own| own == name);
        story.backlog.iter().any(|(client, server)| {
            // A listening socket of `std` may have accepted it: the kernel knows.
            named(client) && kernel::in_backlog(*server, *client) != Some(false)
        })
    })
}

/// A panic in a thread of the student's code.
pub(crate) fn panicked(message: &str, place: &str) {
    let number = me(check());
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

/// A step has not come true. Returns the first panic of the student's code in this check.
pub(crate) fn failed() -> Option<Panic> {
    with(|story| {
        story.over = true;
        story.panics.first().cloned()
    })
}

/// How many octets the student's code has read from a connection.
pub(crate) fn read_from(route: Route) -> usize {
    with(|story| story.read.get(&route).copied().unwrap_or(0))
}

/// Sleeps until something has happened, or for `limit`.
pub(crate) fn wait_for_news(limit: Duration) {
    let story = lock();
    drop(
        NEWS.wait_timeout(story, limit)
            .unwrap_or_else(PoisonError::into_inner),
    );
}
