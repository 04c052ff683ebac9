//! `GET /live/changes`: tells open pages that the book was built anew.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::{self, Stream, StreamExt as _};
use serde_json::json;
use tokio::sync::broadcast;

use super::{Pages, Shared};

/// News that a page may be behind by.
const BEHIND: usize = 16;

/// Something about the book.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Notice {
    Building,
    /// The edition that is served now.
    Changed(u64),
    /// The edition that stays, and what the sources have wrong.
    Faults(u64, String),
}

/// What has become of the book, for whoever listens.
pub struct News {
    sender: broadcast::Sender<Notice>,
    /// The last faults, as long as the sources have them.
    faults: Mutex<Option<Notice>>,
}

impl Default for News {
    fn default() -> Self {
        Self {
            sender: broadcast::channel(BEHIND).0,
            faults: Mutex::default(),
        }
    }
}

impl News {
    /// A build begins.
    pub fn building(&self) {
        self.tell(Notice::Building, |_| ());
    }

    /// The pages of this edition are served now.
    pub fn changed(&self, edition: u64) {
        self.tell(Notice::Changed(edition), |faults| *faults = None);
    }

    /// The book could not be built; the pages are the old ones, of this edition.
    pub fn faults(&self, edition: u64, faults: &str) {
        let notice = Notice::Faults(edition, faults.to_owned());
        self.tell(notice.clone(), |faults| *faults = Some(notice));
    }

    fn tell(&self, notice: Notice, note: impl FnOnce(&mut Option<Notice>)) {
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        note(&mut faults);
        // Nobody may be listening.
        let _ = self.sender.send(notice);
    }

    /// What a page hears: of which edition the pages are (its own may be older), what is wrong, and then
    /// what comes.
    fn listen(&self, pages: &Pages) -> impl Stream<Item = Event> + use<> {
        let faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        let receiver = self.sender.subscribe();
        // Asked of the pages, and last: a page of an edition that nobody has announced yet must not be
        // told of the one before.
        let build = pages.edition();
        let mut first = vec![
            Event::default()
                .event("hello")
                .data(json!({ "build": build }).to_string()),
        ];
        first.extend(faults.as_ref().map(event));
        let rest = stream::unfold(receiver, |mut receiver| async {
            loop {
                match receiver.recv().await {
                    Ok(notice) => return Some((event(&notice), receiver)),
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => return None,
                }
            }
        });
        stream::iter(first).chain(rest)
    }
}

fn event(notice: &Notice) -> Event {
    let (name, data) = match notice {
        Notice::Building => ("building", json!({})),
        Notice::Changed(build) => ("changed", json!({ "build": build })),
        Notice::Faults(build, faults) => ("faults", json!({ "build": build, "faults": faults })),
    };
    Event::default().event(name).data(data.to_string())
}

pub(super) async fn changes(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    // It could not read the answer, but would hold a connection open, and another one.
    if shared.door.is_foreign(&headers) {
        let sentence = "Only a page of this server hears of changes.\n";
        return (StatusCode::FORBIDDEN, sentence).into_response();
    }
    let news = shared.news.listen(&shared.pages);
    Sse::new(news.map(Ok::<_, Infallible>))
        .keep_alive(KeepAlive::default())
        .into_response()
}
