//! Two connected sockets without any name, for a parent and its child.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};

// ANCHOR: child
/// Start `command` with one end of a socketpair as its standard input *and* output.
/// The other end comes back.
///
/// The child needs to know nothing of sockets: it reads and writes. Its end has no
/// name, so nobody else can connect to it, and there is no file to remove.
///
/// # Errors
/// Too many open files, or the program could not be started.
pub fn start_with_pair(mut command: Command) -> io::Result<(Child, UnixStream)> {
    let (ours, theirs) = UnixStream::pair()?;
    let output = theirs.try_clone()?;
    command.stdin(Stdio::from(OwnedFd::from(theirs)));
    command.stdout(Stdio::from(OwnedFd::from(output)));
    let child = command.spawn()?;
    // `command` still holds this process's copies of the child's end, and a stream
    // ends only when the last copy is closed. Keep them, and we wait for an end
    // that never comes.
    drop(command);
    Ok((child, ours))
}
// ANCHOR_END: child

#[cfg(test)]
mod tests {
    use super::start_with_pair;
    use std::io::{Read as _, Write as _};
    use std::net::Shutdown;
    use std::process::Command;
    use std::time::Duration;

    #[test]
    fn a_child_that_knows_nothing_of_sockets_answers() {
        let (mut child, mut ours) = start_with_pair(Command::new("cat")).unwrap();
        ours.set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        ours.write_all(b"hello\n").unwrap();
        ours.shutdown(Shutdown::Write).unwrap();
        let mut text = String::new();
        // The end is seen because nobody here holds a copy of the child's end.
        ours.read_to_string(&mut text).unwrap();
        assert_eq!(text, "hello\n");
        assert!(child.wait().unwrap().success());
    }

    #[test]
    fn a_program_that_does_not_exist_is_an_error() {
        assert!(start_with_pair(Command::new("/nowhere/at/all")).is_err());
    }
}
