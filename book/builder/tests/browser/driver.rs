//! A real browser, driven over WebDriver (W3C WebDriver) as a person would use it.

use std::io::{BufRead as _, BufReader};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::wd::{TimeoutConfiguration, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use futures_util::FutureExt as _;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// No wait is longer. It is long because the machine may be busy.
pub const DEADLINE: Duration = Duration::from_secs(120);

/// How often ChromeDriver may find its port taken.
const TRIES: usize = 20;

/// How the browser is set up.
#[derive(Clone, Copy)]
pub struct Setting {
    /// Whether pages may run scripts.
    pub scripts: bool,
}

impl Default for Setting {
    fn default() -> Self {
        Self { scripts: true }
    }
}

/// Runs `test` with a browser of its own, and ends the browser whatever becomes of it.
///
/// Where there is no browser, a reader's machine is told so in one line. CI has one, and fails without.
pub async fn with(setting: Setting, test: impl AsyncFnOnce(&Client)) {
    let (Some(chromium), Some(driver)) = (
        found(&["chromium", "chromium-browser", "google-chrome"]),
        found(&["chromedriver"]),
    ) else {
        assert!(
            std::env::var_os("CI").is_none(),
            "Chromium and ChromeDriver are missing: Debian: `apt install chromium chromium-driver`"
        );
        eprintln!("not tried: no Chromium here (Debian: `apt install chromium chromium-driver`)");
        return;
    };
    let mut driver = Driver::start(&driver);
    let profile = tempfile::tempdir().unwrap();
    let mut args = vec![
        "--headless".to_owned(),
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        "--hide-scrollbars".to_owned(),
        format!("--user-data-dir={}", profile.path().display()),
    ];
    // No name is looked up: a page that asks another host gets an error, and a test sees it.
    args.push("--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1".to_owned());
    let mut options = json!({ "binary": chromium, "args": args });
    if !setting.scripts {
        // A setting of the browser, as a reader would choose it: 2 is "block".
        options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": 2 });
    }
    let capabilities = json!({
        "browserName": "chrome",
        "goog:chromeOptions": options,
        "goog:loggingPrefs": { "browser": "ALL" },
    });
    let Value::Object(capabilities) = capabilities else {
        unreachable!("it is an object")
    };
    let client = ClientBuilder::new(HttpConnector::new())
        .capabilities(capabilities)
        .connect(&format!("http://127.0.0.1:{}", driver.port))
        .await
        .expect("the browser starts");
    let timeouts = TimeoutConfiguration::new(Some(DEADLINE), Some(DEADLINE), None);
    client
        .update_timeouts(timeouts)
        .await
        .expect("it takes limits");
    window(&client, (1280, 900), 1).await;
    let result = AssertUnwindSafe(test(&client)).catch_unwind().await;
    // It may have died; the driver is ended all the same.
    let _ = client.close().await;
    let _ = driver.child.kill();
    let _ = driver.child.wait();
    if let Err(panic) = result {
        resume_unwind(panic);
    }
}

/// Makes the inside of the window, which is what a page has, so large, in CSS pixels, and each of these so many
/// device pixels wide: with 2 it is a page at 200 %.
pub async fn window(client: &Client, (width, height): (u32, u32), scale: u32) {
    let metrics = json!({
        "width": width, "height": height, "deviceScaleFactor": scale, "mobile": false
    });
    cdp(client, "Emulation.setDeviceMetricsOverride", metrics).await;
}

/// The first of these programs that the PATH has.
fn found(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let files = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    files.into_iter().find(|file| file.is_file())
}

struct Driver {
    child: Child,
    port: u16,
}

impl Driver {
    /// ChromeDriver lets the system choose a free port of ::1, and then needs the same one of 127.0.0.1. When
    /// somebody has that one, it ends; another try gets another port.
    fn start(program: &Path) -> Self {
        (0..TRIES)
            .find_map(|_| Self::try_start(program))
            .expect("chromedriver names its port")
    }

    fn try_start(program: &Path) -> Option<Self> {
        let mut child = Command::new(program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let output = child.stdout.take().expect("it has an output");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            let (_, rest) = line.split_once("started successfully on port ")?;
            rest.trim_end_matches('.').parse().ok()
        });
        let mut driver = Self { child, port: 0 };
        driver.port = port?;
        // What it says later is of no use, but it must find a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Some(driver)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command of the Chrome DevTools Protocol, which WebDriver has no word for.
pub async fn cdp(client: &Client, command: &str, parameters: Value) -> Value {
    own(
        client,
        "goog/cdp/execute",
        json!({ "cmd": command, "params": parameters }),
    )
    .await
}

/// What the browser's console has said since the last time.
pub async fn console(client: &Client) -> Vec<String> {
    let entries = own(client, "se/log", json!({ "type": "browser" })).await;
    let entries = entries.as_array().expect("a list").iter();
    entries.map(|entry| entry["message"].to_string()).collect()
}

/// A command that is ChromeDriver's own.
async fn own(client: &Client, path: &'static str, body: Value) -> Value {
    let answer = client.issue_cmd(Own { path, body }).await;
    answer.expect("the browser obeys")
}

#[derive(Debug)]
struct Own {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Own {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        let session = session.unwrap_or_default();
        base.join(&format!("session/{session}/{}", self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}
