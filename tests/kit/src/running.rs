//! The student's code while it runs, and what it returns.

use std::fmt::Debug;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::failure::{Compared, Failure, Kind, Outcome, shown};
use crate::story;
use crate::wait::{self, TICK};

/// The student's code, started in a thread of its own.
pub struct Running<T> {
    name: String,
    end: Arc<End>,
    value: Arc<Mutex<Option<T>>>,
}

/// The end of a thread, for who waits for it. rustc compiles what has a type parameter anew for each
/// exercise, at each save: so this has none.
#[derive(Default)]
struct End {
    come: Mutex<bool>,
    news: Condvar,
}

impl End {
    fn come(&self) -> MutexGuard<'_, bool> {
        self.come.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn comes(&self) {
        *self.come() = true;
        self.news.notify_all();
    }

    /// Waits for one [`TICK`], as `wait::until` asks for it.
    fn wait(&self) -> Option<()> {
        let (come, _) = (self.news)
            .wait_timeout_while(self.come(), TICK, |come| !*come)
            .unwrap_or_else(PoisonError::into_inner);
        come.then_some(())
    }
}

/// Starts the student's code in a thread, which tells `end` when it has returned or panicked.
fn start(name: &str, end: Arc<End>, code: Box<dyn FnOnce() + Send>) {
    // Known before the thread runs: a waiting check sees at once that somebody is at work.
    let number = story::hire(name);
    let thread = move || {
        story::enter(number);
        // A panic is written down by the hook; here it only must not end the whole program.
        let _ = catch_unwind(AssertUnwindSafe(code));
        story::leave();
        end.comes();
    };
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(thread)
        .expect("a thread can be started");
}

/// Waits for the end of the student's code.
fn wait_for(end: &End, unmet: &str) -> Outcome {
    let what = || "waits for your code to return".to_owned();
    wait::until("the check", unmet, what, || io::Result::Ok(end.wait()))
}

/// A value that the student's code returned.
#[derive(Debug)]
pub struct Got<T> {
    /// What returned it, as the story writes it: `octet_to_bits(5)`.
    pub call: String,
    /// The value itself.
    pub value: T,
}

impl<T: Send + 'static> Running<T> {
    /// Starts `code` under a name such as `your server`.
    pub(crate) fn start(name: &str, code: impl FnOnce() -> T + Send + 'static) -> Self {
        let (end, value) = (Arc::<End>::default(), Arc::new(Mutex::new(None)));
        let returned = Arc::clone(&value);
        let code = Box::new(move || {
            let value = code();
            *returned.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
        });
        start(name, Arc::clone(&end), code);
        Self {
            name: name.to_owned(),
            end,
            value,
        }
    }

    /// Waits until the code returns.
    ///
    /// # Errors
    /// When it panics or does not return.
    pub fn returns(self) -> Outcome<Got<T>> {
        let unmet = format!("{} returns", self.name);
        self.value(&unmet)
    }

    pub(crate) fn value(self, unmet: &str) -> Outcome<Got<T>> {
        wait_for(&self.end, unmet)?;
        let mut value = self.value.lock().unwrap_or_else(PoisonError::into_inner);
        match value.take() {
            Some(value) => Ok(Got {
                call: self.name,
                value,
            }),
            None => Err(Failure::new(Kind::Panic, unmet, "panic")),
        }
    }

    /// The code must not have returned yet.
    ///
    /// # Errors
    /// When it has, or has panicked.
    pub fn still_runs(&self) -> Outcome {
        let unmet = format!("{} goes on", self.name);
        if *self.end.come() {
            return Err(Failure::new(Kind::Returned, unmet, "returned"));
        }
        Ok(())
    }
}

impl<T: Debug> Got<T> {
    /// The value must be this one.
    ///
    /// # Errors
    /// When it is another.
    pub fn is<E: Debug>(self, expected: E) -> Outcome
    where
        T: PartialEq<E>,
    {
        if self.value == expected {
            let what = format!("returned {}, as it should", shown(&self.value));
            story::step(&self.call, what, &[]);
            return Ok(());
        }
        story::step(&self.call, format!("returned {}", shown(&self.value)), &[]);
        let unmet = format!("{} returns {}", self.call, shown(&expected));
        Err(Failure::values(unmet, &expected, &self.value))
    }

    /// Like [`is`](Self::is), but a right value is no step of the story: for the many inputs that
    /// follow the few speaking ones, so that the one that is wrong stands out.
    ///
    /// # Errors
    /// When it is another.
    pub fn agrees<E: Debug>(self, expected: E) -> Outcome
    where
        T: PartialEq<E>,
    {
        if self.value == expected {
            return Ok(());
        }
        self.is(expected)
    }

    /// The value must have a property, which `what` names: `is at most 3`.
    ///
    /// # Errors
    /// When it has not.
    pub fn holds(self, what: &str, property: impl FnOnce(&T) -> bool) -> Outcome {
        story::step(&self.call, format!("returned {}", shown(&self.value)), &[]);
        if property(&self.value) {
            return Ok(());
        }
        let unmet = format!("what {} returns {what}", self.call);
        let mut failure = Failure::values(unmet, &"", &self.value);
        if let Some(Compared::Values { expected, .. }) = &mut failure.compared {
            what.clone_into(expected);
        }
        Err(failure)
    }
}

impl<T: AsRef<[u8]>> Got<T> {
    /// The value must be these octets.
    ///
    /// # Errors
    /// When it is others.
    pub fn octets(self, expected: impl AsRef<[u8]>) -> Outcome {
        let (expected, got) = (expected.as_ref(), self.value.as_ref());
        let count = crate::logged::octets(got.len());
        story::step(&self.call, format!("returned {count}"), got);
        if expected == got {
            return Ok(());
        }
        let unmet = format!("{} returns \"{}\"", self.call, expected.escape_ascii());
        Err(Failure::octets(unmet, expected, got))
    }
}

impl<T, E: Debug> Got<Result<T, E>> {
    /// The value must be `Ok`.
    ///
    /// # Errors
    /// When it is not.
    pub fn ok(self) -> Outcome<Got<T>> {
        match self.value {
            Ok(value) => {
                story::step(&self.call, "returned Ok, as it should", &[]);
                Ok(Got {
                    call: self.call,
                    value,
                })
            }
            Err(error) => {
                story::step(&self.call, format!("returned Err({})", shown(&error)), &[]);
                let unmet = format!("{} returns Ok", self.call);
                let mut failure = Failure::new(Kind::Value, &unmet, format!("{unmet}: Err"));
                failure.compared = Some(Compared::Values {
                    expected: "Ok(…)".into(),
                    got: format!("Err({})", shown(&error)),
                });
                Err(failure)
            }
        }
    }
}

impl<T: Debug, E> Got<Result<T, E>> {
    /// The value must be `Err`.
    ///
    /// # Errors
    /// When it is not.
    pub fn err(self) -> Outcome<Got<E>> {
        match self.value {
            Err(value) => {
                story::step(&self.call, "returned an error, as it should", &[]);
                Ok(Got {
                    call: self.call,
                    value,
                })
            }
            Ok(value) => {
                story::step(&self.call, format!("returned Ok({})", shown(&value)), &[]);
                let unmet = format!("{} returns Err", self.call);
                let got = format!("Ok({})", shown(&value));
                let mut failure = Failure::new(Kind::Value, &unmet, format!("{unmet}: {got}"));
                failure.compared = Some(Compared::Values {
                    expected: "Err(…)".into(),
                    got,
                });
                Err(failure)
            }
        }
    }
}
