//! `GET /live/run`: a scene, played while the page watches. One run for each connection.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use scenes::live::{self, End, Remote};
use scenes::scene::Scene;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::Shared;
use super::live::{Live, Place, Programs, Told};
use super::message::{self, FromPage, ToPage};

/// Messages on their way to a page: beyond them, programs wait.
const AHEAD: usize = 16;
/// A page that was told the end is given so long to close.
const FAREWELL: Duration = Duration::from_secs(2);

/// Ends a run whose page is gone, in whichever way.
struct EndOnDrop(Arc<Remote>);

impl Drop for EndOnDrop {
    fn drop(&mut self) {
        self.0.end(End::Stopped);
    }
}

/// Of the protocols that a page offers the server names one (RFC 6455, section 4.2.2): the key is none.
const PROTOCOL: &str = "layer-by-layer";

/// Lets a page of this server in, if it has the key.
pub(super) async fn run(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let refused = |sentence: &'static str| (StatusCode::FORBIDDEN, sentence).into_response();
    if !shared.door.is_own_page(&headers) {
        return refused("Only a page of this server may start programs.\n");
    }
    if !shared.door.has_key(&headers) {
        return refused("Open the address that the terminal shows: it has the key.\n");
    }
    let (upgrade, live) = match (upgrade, &shared.live) {
        (Ok(upgrade), Some(live)) => (upgrade, Arc::clone(live)),
        (Err(rejection), _) => return rejection.into_response(),
        (Ok(_), None) => return StatusCode::NOT_FOUND.into_response(),
    };
    upgrade
        .protocols([PROTOCOL])
        .max_message_size(message::LONGEST)
        .max_frame_size(message::LONGEST)
        .on_upgrade(move |socket| session(socket, live))
}

async fn session(socket: WebSocket, live: Arc<Live>) {
    let (mut to_page, mut from_page) = socket.split();
    let mut told = None;
    let last = converse(&live, &mut told, &mut to_page, &mut from_page).await;
    let farewell = async {
        if let Some(last) = last
            && to_page.send(last.message()).await.is_ok()
            && to_page.send(Message::Close(None)).await.is_ok()
        {
            // What the page has sent meanwhile is read: left unread, it would reset the connection, and
            // the page might never see the last message.
            while let Some(Ok(_)) = from_page.next().await {}
        }
    };
    let _ = timeout(FAREWELL, farewell).await;
    drop(told);
}

/// Why nothing more is heard from the page.
enum Silence {
    Closed,
    Stop,
    /// It said what no page of this server says.
    Wrong(String),
}

impl From<Silence> for End {
    fn from(silence: Silence) -> Self {
        match silence {
            Silence::Closed | Silence::Stop => Self::Stopped,
            Silence::Wrong(sentence) => Self::Failed(sentence),
        }
    }
}

/// The run from the page's wish to its end: the last message, if the page is still there.
async fn converse(
    live: &Arc<Live>,
    told: &mut Option<Told>,
    to_page: &mut SplitSink<WebSocket, Message>,
    from_page: &mut SplitStream<WebSocket>,
) -> Option<ToPage> {
    let refused = |sentence: &str| Some(ToPage::Refused(sentence.to_owned()));
    let wish = match timeout(live.limits.first_message, hear(from_page)).await {
        Ok(Ok(FromPage::Run(wish))) => wish,
        Ok(Ok(_)) => return refused("A page first says which scene it wants."),
        Ok(Err(Silence::Closed | Silence::Stop)) => return None,
        Ok(Err(Silence::Wrong(sentence))) => return refused(&sentence),
        Err(_) => return refused("The page did not say which scene it wants."),
    };
    let stepping = wish.step;
    let (reader, asked) = (Arc::clone(live), wish);
    let scene = tokio::task::spawn_blocking(move || reader.scene(&asked)).await;
    let (scene, own_values) = match scene {
        Ok(Ok(scene)) => scene,
        Ok(Err(sentence)) => return refused(&sentence),
        Err(_) => return refused("The scene could not be read."),
    };
    let place = match live.admit(&scene, stepping) {
        Ok(place) => place,
        Err(sentence) => return refused(&sentence),
    };
    *told = Some(Told::of(live));
    let remote = Arc::clone(&place.remote);
    let _end = EndOnDrop(Arc::clone(&remote));

    let (sender, mut inbox) = mpsc::channel(AHEAD);
    let began = Arc::new(Notify::new());
    let mut task: Option<JoinHandle<ToPage>> = None;
    let mut last = None;
    let playing = async {
        let lock = match live.programs {
            Programs::Build => Some(Arc::clone(&live.building).lock_owned().await),
            Programs::In(_) => None,
        };
        let work = Work {
            scene,
            own_values,
            place,
            sender,
            began: Arc::clone(&began),
        };
        let task = task.insert(tokio::task::spawn_blocking(move || work.all(lock)));
        loop {
            let message = tokio::select! {
                biased;
                message = inbox.recv() => message,
                done = &mut *task, if last.is_none() => {
                    last = Some(done.ok());
                    // Not for the end of the channel: a process that got away may hold a terminal open.
                    inbox.close();
                    continue;
                }
            };
            let Some(message) = message else { return };
            if to_page.send(message).await.is_err() {
                return;
            }
        }
    };
    let too_long = async {
        began.notified().await;
        tokio::time::sleep(live.limits.time).await;
    };
    let end = tokio::select! {
        () = playing => None,
        silence = obey(&remote, from_page) => Some(End::from(silence)),
        () = too_long => Some(End::Failed(format!(
            "The scene was stopped: it ran for {} minutes.",
            live.limits.time.as_secs_f64() / 60.0
        ))),
    };
    if let Some(end) = end {
        remote.end(end);
    }
    // Whoever waits to be heard need not wait any longer.
    drop(inbox);
    match (last, task) {
        (Some(last), _) => last,
        (None, Some(task)) => {
            remote.end(End::Stopped);
            task.await.ok()
        }
        (None, None) => remote.ended().map(ToPage::from),
    }
}

/// Does what the page says, until it says no more.
async fn obey(remote: &Remote, from_page: &mut SplitStream<WebSocket>) -> Silence {
    loop {
        match hear(from_page).await {
            Ok(FromPage::Next) => remote.next(),
            Ok(FromPage::Play) => remote.play(),
            Ok(FromPage::TakeOver) => remote.take_over(),
            Ok(FromPage::Type { terminal, text }) => remote.type_text(terminal, text),
            Ok(FromPage::Start(step)) => remote.start(step),
            Ok(FromPage::Stop) => return Silence::Stop,
            Ok(FromPage::Run(_)) => {
                return Silence::Wrong("One connection is for one run.".to_owned());
            }
            Err(silence) => return silence,
        }
    }
}

/// The next thing that the page says.
async fn hear(from_page: &mut SplitStream<WebSocket>) -> Result<FromPage, Silence> {
    loop {
        return match from_page.next().await {
            Some(Ok(Message::Text(text))) => serde_json::from_str(&text).map_err(|error| {
                Silence::Wrong(format!("The page said what is not known here: {error}."))
            }),
            Some(Ok(Message::Binary(_))) => Err(Silence::Wrong(
                "The page said what is not known here.".to_owned(),
            )),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
            Some(Ok(Message::Close(_))) | None => Err(Silence::Closed),
            Some(Err(error)) => Err(Silence::Wrong(format!(
                "The page could not be understood: {error}."
            ))),
        };
    }
}

/// What a run does on a thread of its own.
struct Work {
    scene: Scene,
    own_values: bool,
    place: Arc<Place>,
    sender: mpsc::Sender<Message>,
    began: Arc<Notify>,
}

impl Work {
    /// Builds and plays; `lock` is held while cargo builds.
    fn all(self, lock: Option<tokio::sync::OwnedMutexGuard<()>>) -> ToPage {
        let remote = &self.place.remote;
        let bin = match &self.place.live.programs {
            Programs::In(bin) => bin.clone(),
            Programs::Build => {
                let begun = Instant::now();
                let built = live::build(&self.scene, remote, |line| {
                    self.say(&ToPage::Building(line.to_owned()));
                });
                match (built, remote.ended()) {
                    (_, Some(end)) => return end.into(),
                    (Err(error), None) => {
                        return ToPage::Refused(message::sentence(&format!("{error:#}")));
                    }
                    (Ok(bin), None) => {
                        self.say(&ToPage::Built(begun.elapsed().as_secs_f64()));
                        bin
                    }
                }
            }
        };
        drop(lock);
        self.began.notify_one();
        let terminals = self.scene.terminals();
        self.say(&ToPage::Terminals(
            terminals.into_iter().map(str::to_owned).collect(),
        ));
        let lessons = self.place.live.lessons();
        let sender = self.sender.clone();
        let tell: live::Tell = Arc::new(move |event| {
            // The page may be gone; then the run is ended, too.
            let _ = sender.blocking_send(message::of_event(event, &lessons));
        });
        live::play(&self.scene, self.own_values, &bin, remote, &tell).into()
    }

    fn say(&self, said: &ToPage) {
        let _ = self.sender.blocking_send(said.message());
    }
}
