//! The other end of a talk in Unix datagrams: the check's own side.

use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};

use crate::check::prepared;
use crate::failure::{Failure, Kind, Outcome};
use crate::logged::octets;
use crate::story;
use crate::wait::{self, TICK};
use crate::{Check, unix};

/// A Unix datagram socket of the check, bound to a path.
pub struct UnixDatagrams {
    name: String,
    socket: UnixDatagram,
}

impl Check {
    /// A datagram socket of the check at a path. `name` is what the story calls it.
    ///
    /// # Errors
    /// When the path is taken.
    pub fn datagrams_path(&self, name: &str, path: &Path) -> Outcome<UnixDatagrams> {
        let make = || {
            let socket = UnixDatagram::bind(path)?;
            socket.set_read_timeout(Some(TICK))?;
            socket.set_write_timeout(Some(TICK))?;
            let bound = format!("is bound to `{}`", unix::file_name(path));
            story::step(name, bound, &[]);
            Ok(UnixDatagrams {
                name: name.to_owned(),
                socket,
            })
        };
        prepared("a datagram socket", make())
    }
}

impl UnixDatagrams {
    /// Receives one datagram: its octets, and the path of who sent it, if the sender has one.
    ///
    /// # Errors
    /// When none comes.
    pub fn receive(&mut self) -> Outcome<(Vec<u8>, Option<PathBuf>)> {
        let unmet = format!("{} receives a datagram", self.name);
        let mut buffer = vec![0; 65_536];
        let what = || "waits for a datagram".to_owned();
        let (count, from) = wait::until(&self.name, &unmet, what, || {
            self.socket.recv_from(&mut buffer).map(Some)
        })?;
        buffer.truncate(count);
        let sender = unix::sender(&from);
        let what = format!("received a datagram of {} from {sender}", octets(count));
        story::step(&self.name, what, &buffer);
        Ok((buffer, from.as_pathname().map(Path::to_owned)))
    }

    /// Receives one datagram, which must be these octets. Returns the path of who sent it.
    ///
    /// # Errors
    /// When none or another one comes.
    pub fn expect(&mut self, expected: impl AsRef<[u8]>) -> Outcome<Option<PathBuf>> {
        let expected = expected.as_ref();
        let (got, from) = self.receive()?;
        if got == expected {
            return Ok(from);
        }
        let unmet = format!(
            "{} receives a datagram of {}: \"{}\"",
            self.name,
            octets(expected.len()),
            expected.escape_ascii()
        );
        Err(Failure::octets(unmet, expected, &got))
    }

    /// Sends one datagram.
    ///
    /// # Errors
    /// When the kernel refuses it: nobody has that name, or a connected socket there takes datagrams
    /// of another peer only.
    pub fn send(&mut self, data: impl AsRef<[u8]>, to: &Path) -> Outcome {
        let data = data.as_ref();
        let name = unix::file_name(to);
        let what = format!("sent a datagram of {} to `{name}`", octets(data.len()));
        let result = self.socket.send_to(data, to);
        let Err(error) = result else {
            story::step(&self.name, what, data);
            return Ok(());
        };
        story::step(
            &self.name,
            format!("could not send to `{name}`: {error}"),
            data,
        );
        Err(Failure::new(
            Kind::Error,
            format!("{} sends a datagram to `{name}`: {error}", self.name),
            format!("{:?}", error.kind()),
        ))
    }
}
