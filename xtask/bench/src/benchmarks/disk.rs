//! What both benchmarks of the net disk need: the servers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::context::Context;
use crate::process::quiet;
use crate::server::{Server, free_port, listens, until};

/// A server that is ready, and its port of HTTP.
pub(super) struct Ready {
    /// The running program.
    pub(super) server: Server,
    /// The port for HTTP.
    pub(super) http: u16,
    /// The port for the line protocol; 0 if there is none.
    pub(super) line: u16,
    /// The folder that it serves.
    pub(super) folder: PathBuf,
}

impl Ready {
    /// Where a file is, for an HTTP client.
    pub(super) fn url(&self, file: &str) -> String {
        format!("http://127.0.0.1:{}/{file}", self.http)
    }
}

/// Starts the server of lesson 00. As the others, it writes a line about each request to a file.
/// The clients of the benchmark are more than its usual limit allows.
pub(super) fn ours(context: &Context) -> Result<Ready> {
    let program = context.program("lesson-00-cs-vs-bs", "lesson-00-cs-vs-bs")?;
    let folder = folder(context, "ours")?;
    let mut command = Command::new(program);
    command
        .args(["serve", "--port", "0", "--http-port", "0"])
        .args(["--max-connections", "128", "--folder"])
        .arg(&folder);
    let log = context.scratch("ours.log");
    let server = Server::logging(&mut command, &log)?;
    let port_for = |whom: &str| {
        let said = fs::read_to_string(&log).ok()?;
        port(said.lines().find(|line| line.contains(whom))?)
    };
    let (mut line, mut http) = (None, None);
    until("the net disk", || {
        (line, http) = (
            port_for("for the installed client"),
            port_for("for any browser"),
        );
        line.is_some() && http.is_some()
    })?;
    let (line, http) = line.zip(http).context("it is ready")?;
    Ok(Ready {
        server,
        http,
        line,
        folder,
    })
}

/// The number behind the last colon of the address in `listening on 127.0.0.1:8080 for …`.
fn port(line: &str) -> Option<u16> {
    line.split_whitespace()
        .find_map(|word| word.rsplit_once(':')?.1.parse().ok())
}

/// Starts nginx as an ordinary user: static files, and PUT into the same folder.
pub(super) fn nginx(context: &Context) -> Result<Option<Ready>> {
    let Some(program) = context.peer("nginx") else {
        return Ok(None);
    };
    let folder = folder(context, "nginx")?;
    let own = folder.join("own");
    fs::create_dir_all(own.join("temporary"))?;
    let http = free_port()?;
    let (own_name, root) = (own.display(), folder.display());
    let file = own.join("nginx.conf");
    fs::write(
        &file,
        format!(
            "daemon off;\nworker_processes auto;\npid {own_name}/pid;\nerror_log {own_name}/errors;\n\
             events {{ worker_connections 1024; }}\n\
             http {{\n  access_log {own_name}/log;\n  sendfile on;\n  keepalive_requests 1000000000;\n  \
             client_max_body_size 0;\n  client_body_temp_path {own_name}/temporary;\n  \
             proxy_temp_path {own_name}/a;\n  fastcgi_temp_path {own_name}/b;\n  \
             uwsgi_temp_path {own_name}/c;\n  scgi_temp_path {own_name}/d;\n  \
             server {{\n    listen 127.0.0.1:{http};\n    root {root};\n    \
             location / {{ dav_methods PUT; }}\n  }}\n}}\n"
        ),
    )?;
    let mut command = quiet(program);
    command.arg("-c").arg(&file).arg("-p").arg(&own);
    // Workers change to the user `nobody` when root starts them: the folder must be open to it.
    open_to_all(context, &[&folder, &own, &own.join("temporary")])?;
    let server = Server::start(&mut command)?;
    until("nginx", || listens(http))?;
    Ok(Some(Ready {
        server,
        http,
        line: 0,
        folder,
    }))
}

/// Starts Python's server of static files.
pub(super) fn python(context: &Context) -> Result<Option<Ready>> {
    let Some(program) = context.peer("python3") else {
        return Ok(None);
    };
    let folder = folder(context, "python")?;
    let http = free_port()?;
    let mut command = quiet(program);
    // Without the option it speaks HTTP/1.0, and keeps no connection.
    command
        .args(["-m", "http.server", "--protocol", "HTTP/1.1"])
        .args(["--bind", "127.0.0.1", "--directory"])
        .arg(&folder)
        .arg(http.to_string());
    listening(context, "python", &mut command, http, folder).map(Some)
}

/// The same, with `TCP_NODELAY`.
pub(super) fn python_nodelay(context: &Context) -> Result<Option<Ready>> {
    let Some(program) = context.peer("python3") else {
        return Ok(None);
    };
    let folder = folder(context, "python-nodelay")?;
    let script = context.scratch("http_nodelay.py");
    fs::write(&script, include_str!("../../peers/http_nodelay.py"))?;
    let http = free_port()?;
    let mut command = quiet(program);
    command.arg(&script).arg(&folder).arg(http.to_string());
    listening(context, "python-nodelay", &mut command, http, folder).map(Some)
}

/// Starts a server of Python's, and waits until it listens.
fn listening(
    context: &Context,
    name: &str,
    command: &mut Command,
    http: u16,
    folder: PathBuf,
) -> Result<Ready> {
    let server = Server::logging(command, &context.scratch(&format!("{name}.log")))?;
    until("Python", || listens(http))?;
    Ok(Ready {
        server,
        http,
        line: 0,
        folder,
    })
}

fn folder(context: &Context, name: &str) -> Result<PathBuf> {
    let folder = context.scratch(name);
    fs::create_dir_all(&folder).context("cannot make a folder for a server")?;
    Ok(folder)
}

fn open_to_all(context: &Context, folders: &[&Path]) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let scratch = context.scratch("");
    for folder in folders.iter().copied().chain([scratch.as_path()]) {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o777))?;
    }
    Ok(())
}
