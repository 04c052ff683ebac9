//! The pages: two folders of them, so that nobody sees half a book.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use percent_encoding::percent_decode_str;
use scenes::folder::{self, Use};
use tower_http::services::ServeFile;

use super::Shared;
use crate::layout::Layout;
use crate::site;

/// The newest book, and the one before: a page that was loaded a moment ago may still ask for a style
/// or a script of its own time.
pub struct Pages {
    layout: Layout,
    folders: RwLock<Vec<Arc<Folder>>>,
}

/// One book. Its folder is deleted when nobody reads in it any more.
struct Folder {
    _dir: folder::Folder,
    edition: u64,
    /// Its real path.
    path: PathBuf,
}

impl Pages {
    /// Builds the book for the first time.
    ///
    /// # Errors
    /// When it has faults.
    pub fn build(layout: &Layout) -> Result<Self> {
        let pages = Self {
            layout: layout.clone(),
            folders: RwLock::default(),
        };
        pages.build_anew()?;
        Ok(pages)
    }

    /// Builds the book into a fresh folder; from then on its pages are served. Returns their edition.
    ///
    /// # Errors
    /// When it has faults: the old pages stay.
    pub fn build_anew(&self) -> Result<u64> {
        let dir = folder::Folder::create(Use::Pages).context("there is no folder for the pages")?;
        site::build(&self.layout, Some(dir.path()))?;
        let path = dir.path().canonicalize()?;
        let mut folders = self.folders.write().unwrap_or_else(PoisonError::into_inner);
        let edition = folders
            .first()
            .map_or_else(now, |newest| newest.edition + 1);
        let folder = Folder {
            _dir: dir,
            edition,
            path,
        };
        folders.insert(0, Arc::new(folder));
        folders.truncate(2);
        Ok(edition)
    }

    /// Deletes the pages: nobody reads them any more.
    pub(super) fn close(&self) {
        self.folders
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// The book's sources.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The number of the pages that are served now: a greater one after each build, and after each start
    /// of a server, so that an open page knows whether it is one of them.
    pub fn edition(&self) -> u64 {
        self.folders().first().map_or(0, |folder| folder.edition)
    }

    /// The folder that is served now.
    pub fn folder(&self) -> PathBuf {
        self.folders()
            .first()
            .map_or_else(PathBuf::new, |folder| folder.path.clone())
    }

    fn folders(&self) -> Vec<Arc<Folder>> {
        self.folders
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Milliseconds since 1970: JavaScript's numbers can count them.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    u64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
}

impl Folder {
    /// The file that a path of a request means, if it is one of this folder.
    fn file(&self, path: &str) -> Option<PathBuf> {
        let decoded = percent_decode_str(path.strip_prefix('/')?)
            .decode_utf8()
            .ok()?;
        let relative = Path::new(decoded.as_ref());
        let plain = relative
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if !plain || decoded.contains(['\0', '\\']) {
            return None;
        }
        let mut file = self.path.join(relative);
        if file.is_dir() {
            file.push("index.html");
        }
        // A link may lead out of the folder.
        let real = file.canonicalize().ok()?;
        (real.starts_with(&self.path) && real.is_file()).then_some(real)
    }
}

/// Answers with a page or a file of the book.
pub(super) async fn page(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let folders = shared.pages.folders();
    let path = request.uri().path();
    let is_page = |file: &Path| file.extension().is_some_and(|ending| ending == "html");
    // A page that the newest book lacks would load itself anew for ever, to become one of that book.
    let mut places = folders.iter().enumerate();
    let found = places.find_map(|(age, folder)| {
        let file = folder.file(path)?;
        (age == 0 || !is_page(&file)).then_some(file)
    });
    let edition = folders.first().map_or(0, |folder| folder.edition);
    let door = shared.door.meta();
    let meta = format!("<meta name=\"live\" {door} data-build=\"{edition}\"></head>");
    match found {
        Some(file) if is_page(&file) => {
            html(&file, &meta).map_or_else(missing, IntoResponse::into_response)
        }
        Some(file) => match ServeFile::new(file).try_call(request).await {
            Ok(response) => response.map(axum::body::Body::new),
            Err(_) => missing(),
        },
        None => {
            let file = folders.first().map(|folder| folder.path.join("404.html"));
            match file.and_then(|file| html(&file, &meta)) {
                Some(page) => (StatusCode::NOT_FOUND, page).into_response(),
                None => missing(),
            }
        }
    }
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, "There is no such page.\n").into_response()
}

/// A page that says what its reader may do, and of which edition it is. It has no date: after another
/// start of the server, the same file says something else.
fn html(file: &Path, meta: &str) -> Option<Html<String>> {
    let page = fs::read_to_string(file).ok()?;
    Some(Html(page.replacen("</head>", meta, 1)))
}
