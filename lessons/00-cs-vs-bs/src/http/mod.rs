//! The browser's door: HTTP/1.1 (RFC 9110 for what it means, RFC 9112 for how it is written).
//!
//! | file | concept |
//! |---|---|
//! | [`head`] | the head of a request: a request line and header fields, and how long the body is |
//! | [`body`] | the body: so many octets, or chunks |
//! | [`multipart`] | the form that a browser sends with a file in it |
//! | [`guard`] | which requests a browser was tricked into sending |
//! | [`routes`] | what each method does to the disk |
//! | [`page`] | the screen, made by the server |
//! | [`response`] | the answer on the wire |

pub mod body;
pub mod date;
pub mod guard;
pub mod head;
pub mod multipart;
pub mod page;
pub mod response;
pub mod routes;

use crate::disk::Disk;
use crate::pace::Paced;
use crate::server::{Door, Log};
use crate::terminal::short;
use body::Body;
use head::{Incoming, read_head};
use response::Response;
use std::io::{self, BufReader};

/// Answers the requests of one connection, one after the other, until it ends.
///
/// # Errors
/// When the socket fails in a way that the client could not be told of.
pub fn converse(stream: Paced, disk: &Disk, hosts: &[String], log: Log<'_>) -> io::Result<()> {
    let mut wire = BufReader::new(stream);
    loop {
        wire.get_mut().expect_head();
        let head = match read_head(&mut wire)? {
            Incoming::Head(head) => head,
            Incoming::End => return Ok(()),
            Incoming::Refused(refusal) => {
                log(Door::Http, "connection", &format!("closed: {refusal}"));
                wire.get_mut().expect_head();
                Response::from(refusal).write(wire.get_mut(), false, false)?;
                wire.get_mut().linger();
                return Ok(());
            }
        };
        wire.get_mut().expect_transfer();
        let mut body = Body::new(&mut wire, head.framing, head.expects_continue);
        let outcome = guard::check(&head, hosts).and_then(|()| routes::act(&head, &mut body, disk));
        // What is left of the body stands before the next request. A little is read and thrown
        // away; for a lot it is cheaper to close the connection.
        let in_step = !matches!(&outcome, Err(refusal) if refusal.fatal) && body.discard_rest();
        let keep = head.keep_alive && in_step;
        let request = format!("{} {}", short(&head.method), short(&head.target));
        let mut response = match outcome {
            Ok(response) => {
                log(
                    Door::Http,
                    &request,
                    &format!("{} {}", response.status, response.reason()),
                );
                response
            }
            Err(refusal) => {
                log(Door::Http, &request, &refusal.for_log());
                if refusal.hopeless {
                    return Ok(());
                }
                Response::refusal(&refusal, head.wants_html())
            }
        };
        wire.get_mut().expect_transfer();
        let complete = response.write(wire.get_mut(), head.method == "HEAD", keep)?;
        if !keep || !complete {
            wire.get_mut().linger();
            return Ok(());
        }
    }
}
