//! Removes a container when the process that started it is gone.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

/// Waits for the end of its input, which comes with the end of whoever holds the other side, even if that was killed.
const SCRIPT: &str = "cat >/dev/null; exec docker rm --force --volumes \"$0\" >/dev/null 2>&1";

/// A process that outlives this one by the time it takes to remove a container.
#[derive(Debug)]
pub(super) struct Reaper(Child);

impl Reaper {
    /// Watches over a container. Its own group of processes keeps it from an interrupt at the keyboard.
    pub(super) fn of(container: &str) -> io::Result<Self> {
        let child = Command::new("sh")
            .args(["-c", SCRIPT, container])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        Ok(Self(child))
    }
}

impl Drop for Reaper {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _removed = self.0.wait();
    }
}
