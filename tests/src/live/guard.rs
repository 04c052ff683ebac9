//! Kills what a killed player has left behind.
//!
//! A player that ends kills its programs. One that is killed (SIGKILL) cannot; its pseudo-terminals
//! are closed then, which hangs the programs up, but a program may ignore that, and cargo has no
//! terminal. So another process, a few lines for the shell, is told every process group, and kills
//! those that are left when its input ends, in whichever way that came. (Where there is `pkill`, also
//! the other groups of their sessions.)

use std::io::{self, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Mutex, PoisonError};

const SCRIPT: &str = r#"
set -f
groups=' '
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) groups="${groups%% "$group" *} ${groups#* "$group" }" ;;
  esac
done
for group in $groups; do
  pkill -KILL -s "$group"
  kill -s KILL -- "-$group"
done
"#;

/// The other process.
pub struct Guard {
    shell: Child,
    orders: Mutex<Option<ChildStdin>>,
}

impl Guard {
    /// Starts it.
    ///
    /// # Errors
    /// When there is no shell.
    pub fn start() -> io::Result<Self> {
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // Ctrl-C in the terminal is not for it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut shell = command.spawn()?;
        let orders = Mutex::new(shell.stdin.take());
        Ok(Self { shell, orders })
    }

    /// From now on the process group is killed if this process is.
    pub(crate) fn watch(&self, group: u32) {
        self.order('+', group);
    }

    /// The group is gone.
    pub(crate) fn forget(&self, group: u32) {
        self.order('-', group);
    }

    fn order(&self, sign: char, group: u32) {
        let mut orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(orders) = orders.as_mut() {
            // Somebody may have killed the shell: the programs are still hung up then.
            let _ = orders.write_all(format!("{sign} {group}\n").as_bytes());
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let orders = self
            .orders
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        drop(orders.take());
        let _ = self.shell.wait();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};

    use super::*;

    #[test]
    fn what_is_left_is_killed_and_nothing_else() {
        let guard = Guard::start().unwrap();
        let mut programs: Vec<Child> = (0..3)
            .map(|_| {
                let mut command = Command::new("cat");
                command.stdin(Stdio::piped()).stdout(Stdio::null());
                command.process_group(0).spawn().unwrap()
            })
            .collect();
        for program in &programs {
            guard.watch(program.id());
        }
        guard.forget(programs[1].id());
        drop(guard);
        let ends: Vec<Option<i32>> = programs
            .iter_mut()
            .map(|program| {
                drop(program.stdin.take());
                program.wait().unwrap().signal()
            })
            .collect();
        assert_eq!(ends, [Some(9), None, Some(9)]);
    }
}
