//! `GET /live/changes`: tells open pages that the book was built anew.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream, StreamExt as _};
use tokio::sync::broadcast;

use super::Shared;

/// News that a page may be behind by.
const BEHIND: usize = 16;

/// Something about the book.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Notice {
    Building,
    Changed,
    Faults(String),
}

/// What has become of the book, for whoever listens.
pub struct News {
    sender: broadcast::Sender<(u128, Notice)>,
    state: Mutex<Latest>,
}

struct Latest {
    /// Of the pages that are served: another one after each build, and after each start.
    edition: u128,
    /// What the sources of now have wrong.
    faults: Option<String>,
}

impl Default for News {
    fn default() -> Self {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self {
            sender: broadcast::channel(BEHIND).0,
            state: Mutex::new(Latest {
                edition: since.as_millis(),
                faults: None,
            }),
        }
    }
}

impl News {
    /// A build begins.
    pub fn building(&self) {
        self.tell(Notice::Building, |_| ());
    }

    /// New pages are served.
    pub fn changed(&self) {
        self.tell(Notice::Changed, |latest| {
            latest.edition += 1;
            latest.faults = None;
        });
    }

    /// The book could not be built; the pages are the old ones.
    pub fn faults(&self, faults: &str) {
        let text = faults.to_owned();
        self.tell(Notice::Faults(text.clone()), |latest| {
            latest.faults = Some(text);
        });
    }

    fn tell(&self, notice: Notice, note: impl FnOnce(&mut Latest)) {
        let mut latest = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        note(&mut latest);
        // Nobody may be listening.
        let _ = self.sender.send((latest.edition, notice));
    }

    /// What a page hears that has seen the edition `seen`, if it was told of any: what it has missed,
    /// and then what comes.
    fn listen(&self, seen: Option<u128>) -> impl Stream<Item = Event> + use<> {
        let latest = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let receiver = self.sender.subscribe();
        let edition = latest.edition;
        // An event without data only tells the browser the edition, which it repeats when it comes again.
        let mut first = vec![Event::default().id(edition.to_string())];
        if seen.is_some_and(|seen| seen != edition) {
            first.push(event(edition, &Notice::Changed));
        }
        if let Some(faults) = &latest.faults {
            first.push(event(edition, &Notice::Faults(faults.clone())));
        }
        let rest = stream::unfold(receiver, |mut receiver| async {
            loop {
                match receiver.recv().await {
                    Ok((edition, notice)) => return Some((event(edition, &notice), receiver)),
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => return None,
                }
            }
        });
        stream::iter(first).chain(rest)
    }
}

fn event(edition: u128, notice: &Notice) -> Event {
    let (name, data) = match notice {
        Notice::Building => ("building", serde_json::json!({})),
        Notice::Changed => ("changed", serde_json::json!({})),
        Notice::Faults(faults) => ("faults", serde_json::json!({ "faults": faults })),
    };
    Event::default()
        .id(edition.to_string())
        .event(name)
        .data(data.to_string())
}

pub(super) async fn changes(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let seen = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok()?.parse().ok());
    Sse::new(shared.news.listen(seen).map(Ok)).keep_alive(KeepAlive::default())
}
