//! The pages: two folders of them, so that nobody sees half a book.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::{Context, Result};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
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

    /// Builds the book into a fresh folder; from then on its pages are served.
    ///
    /// # Errors
    /// When it has faults: the old pages stay.
    pub fn build_anew(&self) -> Result<()> {
        let dir = folder::Folder::create(Use::Pages).context("there is no folder for the pages")?;
        site::build(&self.layout, Some(dir.path()))?;
        let path = dir.path().canonicalize()?;
        let mut folders = self.folders.write().unwrap_or_else(PoisonError::into_inner);
        folders.insert(0, Arc::new(Folder { _dir: dir, path }));
        folders.truncate(2);
        Ok(())
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
    let found = folders.iter().find_map(|folder| folder.file(path));
    let meta = shared.door.meta(request.headers());
    match found {
        Some(file) if file.extension().is_some_and(|ending| ending == "html") => {
            html(&file, meta).map_or_else(missing, IntoResponse::into_response)
        }
        Some(file) => match ServeFile::new(file).try_call(request).await {
            Ok(response) => response.map(axum::body::Body::new),
            Err(_) => missing(),
        },
        None => {
            let file = folders.first().map(|folder| folder.path.join("404.html"));
            match file.and_then(|file| html(&file, meta)) {
                Some(page) => (StatusCode::NOT_FOUND, page).into_response(),
                None => missing(),
            }
        }
    }
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, "There is no such page.\n").into_response()
}

/// A page that says what its reader may do. It has no date: a browser that was given the key meanwhile
/// must not be told that nothing has changed.
fn html(file: &Path, meta: &str) -> Option<(HeaderMap, Html<String>)> {
    let page = fs::read_to_string(file).ok()?;
    let meta = format!("<meta name=\"live\" content=\"{meta}\"></head>");
    let mut headers = HeaderMap::new();
    headers.insert(header::VARY, HeaderValue::from_static("Cookie"));
    Some((headers, Html(page.replacen("</head>", &meta, 1))))
}
