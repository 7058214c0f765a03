//! The program as a child process, which never outlives its owner.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use testkit::wait_for;

/// Variables of the caller's environment that would change what the program does.
const VARIABLES: [&str; 22] = [
    "ALERTMANAGER_URL",
    "NO_COLOR",
    "OBSERVATORY_ALLOWED_ORIGINS",
    "OBSERVATORY_ALLOW_PRIVATE_ADDRESSES",
    "OBSERVATORY_BIND",
    "OBSERVATORY_BIN_DIR",
    "OBSERVATORY_CONCURRENCY",
    "OBSERVATORY_CONFIG",
    "OBSERVATORY_DATA_DIR",
    "OBSERVATORY_DRAIN",
    "OBSERVATORY_FALLBACK",
    "OBSERVATORY_GATEWAY",
    "OBSERVATORY_LOG",
    "OBSERVATORY_LOG_FORMAT",
    "OBSERVATORY_PORT_OFFSET",
    "OBSERVATORY_PROCESSORS",
    "OBSERVATORY_READ_MODEL",
    "OBSERVATORY_RETENTION",
    "OBSERVATORY_TARGET",
    "PROMETHEUS_URL",
    "RUST_LOG",
    "XDG_DATA_HOME",
];

/// A running `observatory`. Dropping it kills the process and waits until the system has let go of it.
pub(crate) struct Process {
    child: Child,
    stdout: PathBuf,
    stderr: PathBuf,
}

impl Process {
    /// The program with a home of its own and nothing of the caller's settings.
    pub(crate) fn command(home: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_observatory"));
        for name in VARIABLES {
            command.env_remove(name);
        }
        command.env("HOME", home).stdin(Stdio::null());
        command
    }

    /// Starts `command`, which writes what it says to files in `directory`.
    pub(crate) fn spawn(command: &mut Command, directory: &Path) -> Self {
        let (stdout, stderr) = (directory.join("stdout"), directory.join("stderr"));
        let file = |path: &Path| File::create(path).unwrap();
        let child = command
            .stdout(file(&stdout))
            .stderr(file(&stderr))
            .spawn()
            .unwrap();
        Self {
            child,
            stdout,
            stderr,
        }
    }

    /// Starts `command` with a stdout that nobody reads any more.
    pub(crate) fn spawn_unheard(command: &mut Command, directory: &Path) -> Self {
        let (stdout, stderr) = (directory.join("stdout"), directory.join("stderr"));
        File::create(&stdout).unwrap();
        let errors = File::create(&stderr).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(errors).spawn().unwrap();
        drop(child.stdout.take());
        Self {
            child,
            stdout,
            stderr,
        }
    }

    /// What it has written to stdout so far.
    pub(crate) fn stdout(&self) -> String {
        std::fs::read_to_string(&self.stdout).unwrap()
    }

    /// What it has written to stderr so far.
    pub(crate) fn stderr(&self) -> String {
        std::fs::read_to_string(&self.stderr).unwrap()
    }

    /// Whether it still runs.
    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits until it has ended and returns its exit code, or -1 where a signal ended it.
    pub(crate) async fn exit_code(&mut self, limit: Duration) -> i32 {
        let child = &mut self.child;
        let status = wait_for(limit, "the end of the process", || {
            let status = child.try_wait().unwrap();
            async move { status.ok_or("it runs") }
        });
        status.await.code().unwrap_or(-1)
    }

    /// Sends a signal, such as `TERM`. The process cannot be another one: it is not waited for before it ended.
    pub(crate) fn signal(&mut self, name: &str) {
        assert!(
            self.is_running(),
            "nobody is there to hear the signal: {}",
            self.stderr()
        );
        let told = Command::new("/bin/sh")
            .args(["-c", "kill -s \"$0\" \"$1\"", name, &self.child.id().to_string()])
            .status();
        assert!(told.unwrap().success(), "signal {name} was not sent");
    }

    /// Ends the process at once, as a power cut would.
    pub(crate) fn kill(&mut self) {
        // Fails only where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            eprintln!("the observatory said: {}", self.stderr());
        }
    }
}
