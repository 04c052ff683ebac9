//! An open file descriptor travels to another process.

use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut, Read as _};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};

use crate::stop::{Stop, Wait};

/// The longest note that may travel with a descriptor, in octets.
pub const LONGEST_NOTE: usize = 1024;

// ANCHOR: send
/// Send an open descriptor over `stream`, together with a `note` of 1 to
/// [`LONGEST_NOTE`] octets.
///
/// The descriptor's *number* means nothing to the other process. The kernel sees
/// the control message SCM_RIGHTS and makes a new descriptor there, for the same
/// open file: the position in the file is shared from then on, and no permission is
/// asked again.
///
/// A stream carries a control message only beside at least one octet of data
/// (unix(7)).
///
/// # Errors
/// `InvalidInput` for a note that is empty or too long; what sendmsg(2) says.
pub fn send(stream: &UnixStream, file: impl AsFd, note: &[u8]) -> io::Result<()> {
    if note.is_empty() || note.len() > LONGEST_NOTE {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let files = [file.as_fd()];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    control.push(SendAncillaryMessage::ScmRights(&files));
    let sent = sendmsg(
        stream,
        &[IoSlice::new(note)],
        &mut control,
        SendFlags::empty(),
    )?;
    if sent == note.len() {
        Ok(())
    } else {
        Err(io::ErrorKind::WriteZero.into())
    }
}
// ANCHOR_END: send

/// What arrived over a stream.
#[derive(Debug)]
pub struct Received {
    /// The octets that came with it.
    pub note: Vec<u8>,
    /// The descriptor, if one came. It is closed in programs that this one starts.
    pub file: Option<OwnedFd>,
    /// Whether more descriptors came than one. The others are closed.
    pub more: bool,
}

/// Receive a note and the descriptor that travels with it. `None`: the stream has ended.
///
/// # Errors
/// What recvmsg(2) says; `WouldBlock` or `TimedOut` under a read timeout.
pub fn receive(stream: &UnixStream) -> io::Result<Option<Received>> {
    let mut note = vec![0; LONGEST_NOTE];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    // Without this flag the new descriptor would leak into every program that we start.
    #[cfg(target_os = "linux")]
    let flags = RecvFlags::CMSG_CLOEXEC;
    #[cfg(not(target_os = "linux"))]
    let flags = RecvFlags::empty();
    let message = recvmsg(
        stream,
        &mut [IoSliceMut::new(&mut note)],
        &mut control,
        flags,
    )?;
    if message.bytes == 0 {
        return Ok(None);
    }
    note.truncate(message.bytes);
    let mut files = Vec::new();
    for part in control.drain() {
        if let RecvAncillaryMessage::ScmRights(rights) = part {
            // Take every one: a descriptor that nobody takes would stay open for ever.
            files.extend(rights);
        }
    }
    // A peer that sends more than there is room for: the kernel closes what did not fit.
    let more = files.len() > 1 || message.flags.contains(ReturnFlags::CTRUNC);
    files.truncate(1);
    let file = files.pop();
    #[cfg(not(target_os = "linux"))]
    if let Some(file) = &file {
        rustix::io::fcntl_setfd(file, rustix::io::FdFlags::CLOEXEC)?;
    }
    Ok(Some(Received { note, file, more }))
}

/// Read `most` octets of a passed file, or all of them, for `patience` at most.
///
/// A descriptor may lead anywhere: to a file, or to a pipe into which nobody writes.
///
/// # Errors
/// `TimedOut` if the end did not come in time; what read(2) says.
pub fn read(mut file: File, most: u64, patience: Duration) -> io::Result<Vec<u8>> {
    let stop = Stop::new()?;
    let end = Instant::now() + patience;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut octets = Vec::new();
    while octets.len() < most {
        let left = end.saturating_duration_since(Instant::now());
        if stop.wait(&file, Some(left))? != Wait::Ready {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let mut chunk = [0; 4096];
        // Not more than asked for: the position in the file is shared.
        let wanted = chunk.len().min(most - octets.len());
        let count = file.read(&mut chunk[..wanted])?;
        if count == 0 {
            break;
        }
        octets.extend_from_slice(&chunk[..count]);
    }
    Ok(octets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::{Seek as _, Write as _};

    #[test]
    fn a_silent_pipe_is_not_waited_for_for_ever() {
        let (out, mut into) = io::pipe().unwrap();
        let file = || File::from(OwnedFd::from(out.try_clone().unwrap()));
        let moment = Duration::from_millis(10);
        let kind = read(file(), 10, moment).unwrap_err().kind();
        assert_eq!(kind, io::ErrorKind::TimedOut);
        into.write_all(b"one and two").unwrap();
        let long = Duration::from_secs(10);
        assert_eq!(read(file(), 3, long).unwrap(), b"one");
        drop(into);
        assert_eq!(read(file(), 100, long).unwrap(), b" and two");
    }

    #[test]
    fn the_file_arrives_although_its_name_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.txt");
        fs::write(&path, "one\ntwo\n").unwrap();
        let mut original = File::open(&path).unwrap();
        fs::remove_file(&path).unwrap();

        let (here, there) = UnixStream::pair().unwrap();
        send(&here, &original, b"notes").unwrap();
        let received = receive(&there).unwrap().unwrap();
        assert_eq!(received.note, b"notes");
        assert!(!received.more);
        let mut copy = File::from(received.file.unwrap());
        let mut line = [0; 4];
        copy.read_exact(&mut line).unwrap();
        assert_eq!(&line, b"one\n");
        // One open file, two descriptors: the position is shared.
        assert_eq!(original.stream_position().unwrap(), 4);
    }

    #[test]
    fn octets_without_a_descriptor_and_the_end_are_told_apart() {
        let (mut here, there) = UnixStream::pair().unwrap();
        here.write_all(b"just text").unwrap();
        let received = receive(&there).unwrap().unwrap();
        assert_eq!(received.note, b"just text");
        assert!(received.file.is_none());
        drop(here);
        assert!(receive(&there).unwrap().is_none());
    }

    #[test]
    fn more_descriptors_than_asked_for_are_noticed() {
        let (here, there) = UnixStream::pair().unwrap();
        let files = [here.as_fd(), there.as_fd(), here.as_fd()];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(3))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        assert!(control.push(SendAncillaryMessage::ScmRights(&files)));
        sendmsg(
            &here,
            &[IoSlice::new(b"x")],
            &mut control,
            SendFlags::empty(),
        )
        .unwrap();
        let received = receive(&there).unwrap().unwrap();
        assert!(received.more);
    }

    #[test]
    fn an_empty_note_is_refused() {
        let (here, _there) = UnixStream::pair().unwrap();
        let kind = send(&here, &here, b"").unwrap_err().kind();
        assert_eq!(kind, io::ErrorKind::InvalidInput);
    }
}
