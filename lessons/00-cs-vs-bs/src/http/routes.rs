//! What each method does to the disk.
//!
//! | method | path | what it does | answer |
//! |---|---|---|---|
//! | GET, HEAD | `/` | the page | 200 |
//! | POST | `/` | a form with files: stores each under its own name | 303 to `/` |
//! | GET, HEAD | `/files/<name>` | the file | 200 |
//! | PUT | `/files/<name>` | stores the body | 201 when new, 204 when it replaced a file |
//! | POST | `/files/<name>` | a form with one file: stores it under this name | 303 to `/` |
//! | DELETE | `/files/<name>` | deletes the file | 204 |
//! | POST | `/remove/<name>` | the same, for a form: HTML forms know only GET and POST | 303 to `/` |
//! | OPTIONS | any of these | says which methods work | 204 |

use super::body::Body;
use super::head::{Framing, Head};
use super::multipart::{Multipart, boundary};
use super::page;
use super::response::{Refusal, Response};
use crate::disk::{Disk, FillError, Stored, Upload};
use crate::name::FileName;
use crate::percent;
use std::io::{Read, Write};

/// The most files in one form. Each is an open file until the form is complete.
const MOST_FILES: usize = 32;

const ON_PAGE: &str = "GET, HEAD, POST, OPTIONS";
const ON_FILE: &str = "GET, HEAD, PUT, POST, DELETE, OPTIONS";
const ON_REMOVE: &str = "POST, OPTIONS";

/// Does what a request asks.
///
/// # Errors
/// The reason why not, with its status.
pub fn act<S: Read + Write>(
    head: &Head,
    body: &mut Body<'_, S>,
    disk: &Disk,
) -> Result<Response, Refusal> {
    let path = head.target.split('?').next().unwrap_or_default();
    let (place, allow) = match Place::of(path)? {
        Some(place) => place,
        None if path == "*" && head.method == "OPTIONS" => (Place::Page, ON_FILE),
        None => {
            return Err(Refusal::new(
                404,
                "there is nothing at this address: the page is at /",
            ));
        }
    };
    let reads = matches!(head.method.as_str(), "GET" | "HEAD" | "OPTIONS");
    if !reads && head.is_conditional() {
        // "Only if there is no such file yet" (If-None-Match: *) protects a file. A server that
        // does not understand the condition must not go on as if it were met (RFC 9110 §13.2.1).
        return Err(Refusal::new(
            412,
            "this server keeps no versions, so it can check no condition: nothing was changed",
        ));
    }
    // ANCHOR: act
    match (head.method.as_str(), place) {
        ("GET" | "HEAD", Place::Page) => Ok(page::protected(page::listing(&disk.list()?))),
        ("GET" | "HEAD", Place::File(name)) => {
            let (file, length) = disk.read(&name)?;
            Ok(Response::download(file, length, name.as_str()))
        }
        ("PUT", Place::File(name)) => put(head, body, disk, &name),
        ("DELETE", Place::File(name)) => {
            disk.remove(&name)?;
            Ok(Response::empty(204))
        }
        ("POST", Place::Remove(name)) => {
            disk.remove(&name)?;
            Ok(Response::see_other("/"))
        }
        ("POST", Place::Page) => form(head, body, disk, None),
        ("POST", Place::File(name)) => form(head, body, disk, Some(&name)),
        ("OPTIONS", _) => Ok(Response::empty(204).with("Allow", allow)),
        ("GET" | "HEAD" | "PUT" | "DELETE", _) => Err(Refusal::not_allowed(allow)),
        // 405 is for a method that exists; 501 for one that the server has never heard of.
        _ => Err(Refusal::new(501, "this server does not know that method")),
    }
    // ANCHOR_END: act
}

enum Place {
    Page,
    File(FileName),
    Remove(FileName),
}

impl Place {
    /// What a path means, and which methods work there.
    fn of(path: &str) -> Result<Option<(Place, &'static str)>, Refusal> {
        if path == "/" {
            return Ok(Some((Place::Page, ON_PAGE)));
        }
        let file = path.strip_prefix("/files/");
        let Some(encoded) = file.or_else(|| path.strip_prefix("/remove/")) else {
            return Ok(None);
        };
        // Decoded first and checked afterwards: a check before decoding would miss `%2e%2e%2f`.
        let octets = percent::decode(encoded.as_bytes())
            .map_err(|error| Refusal::new(400, &error.to_string()))?;
        let name = FileName::from_octets(&octets)
            .map_err(|error| Refusal::new(400, &error.to_string()))?;
        Ok(Some(if file.is_some() {
            (Place::File(name), ON_FILE)
        } else {
            (Place::Remove(name), ON_REMOVE)
        }))
    }
}

fn put<S: Read + Write>(
    head: &Head,
    body: &mut Body<'_, S>,
    disk: &Disk,
    name: &FileName,
) -> Result<Response, Refusal> {
    if head.framing == Framing::None {
        // Without a length there is no body: storing an empty file would surprise everybody.
        return Err(Refusal::new(
            411,
            "PUT needs Content-Length or Transfer-Encoding: chunked",
        ));
    }
    if head.one("content-range")?.is_some() {
        // A part must not replace the whole (RFC 9110 §14.5).
        return Err(Refusal::new(
            400,
            "this server stores whole files, not ranges of them",
        ));
    }
    let mut upload = disk.upload(name, body.announced())?;
    fill(&mut upload, body)?;
    Ok(match upload.commit()? {
        Stored::Created => {
            let place = format!("/files/{}", percent::encode(name.as_str()));
            Response::empty(201).with("Location", &place)
        }
        Stored::Replaced => Response::empty(204),
    })
}

/// Stores the files of a form: under `only`, or each under its own name. All are stored, or none:
/// no file takes its name before the last delimiter of the form has come, and there is room for all.
fn form<S: Read + Write>(
    head: &Head,
    body: &mut Body<'_, S>,
    disk: &Disk,
    only: Option<&FileName>,
) -> Result<Response, Refusal> {
    let media_type = head.one("content-type")?.unwrap_or_default();
    let boundary = boundary(media_type)
        .ok_or_else(|| Refusal::new(415, "a form with a file is sent as multipart/form-data"))?;
    let mut form = Multipart::new(body, boundary);
    let mut uploads = Vec::new();
    while let Some(part) = form.next_part().map_err(|error| Refusal::of_body(&error))? {
        // The file field of a form in which nobody has chosen a file has an empty file name.
        let Some(file) = part.file.filter(|file| !file.is_empty()) else {
            continue;
        };
        if uploads.len() == MOST_FILES || (only.is_some() && !uploads.is_empty()) {
            return Err(Refusal::new(
                400,
                "too many files in one form: nothing was changed",
            ));
        }
        let name = match only {
            Some(name) => name.clone(),
            None => FileName::new(&file).map_err(|error| Refusal::new(400, &error.to_string()))?,
        };
        if uploads
            .iter()
            .any(|earlier: &Upload<'_>| *earlier.name() == name)
        {
            return Err(Refusal::new(
                400,
                "two files of the form have the same name: nothing was changed",
            ));
        }
        let mut upload = disk.upload(&name, None)?;
        fill(&mut upload, &mut form)?;
        uploads.push(upload);
    }
    if uploads.is_empty() {
        return Err(Refusal::new(
            400,
            "no file was chosen: go back and choose one",
        ));
    }
    disk.commit(uploads)?;
    Ok(Response::see_other("/"))
}

fn fill(upload: &mut Upload<'_>, source: &mut impl Read) -> Result<(), Refusal> {
    match upload.fill_from(source) {
        Ok(_) => Ok(()),
        Err(FillError::Source(error)) => Err(Refusal::of_body(&error)),
        Err(FillError::Disk(error)) => Err(error.into()),
    }
}
