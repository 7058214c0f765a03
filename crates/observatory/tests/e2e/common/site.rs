//! Where an observatory lives: its data outlast its process.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use testkit::{DataDir, wait_for};

use super::{Observatory, PATIENCE, Process, free_offset};

/// How often another offset is tried when somebody else was faster.
const TRIES: usize = 5;

/// A data directory with a home beside it. Both go with it, unless the test fails.
pub(crate) struct Site(DataDir);

impl Site {
    pub(crate) fn new() -> Arc<Self> {
        let site = Self(DataDir::new());
        std::fs::create_dir(site.home()).unwrap();
        Arc::new(site)
    }

    /// What `--data-dir` says.
    pub(crate) fn data(&self) -> PathBuf {
        self.0.join("data")
    }

    /// What the program takes for the user's home.
    pub(crate) fn home(&self) -> PathBuf {
        self.0.join("home")
    }

    /// `observatory` with `arguments`, started, and whatever comes of it.
    pub(crate) fn run(&self, arguments: &[&str]) -> Process {
        self.spawn(Process::command(&self.home()).args(arguments))
    }

    /// A command, started, that writes what it says to files of this site.
    pub(crate) fn spawn(&self, command: &mut Command) -> Process {
        Process::spawn(command, self.0.path())
    }

    /// `observatory up` on these data, once it says that it is ready.
    pub(crate) async fn start(self: &Arc<Self>, arguments: &[&str]) -> Observatory {
        self.start_with(arguments, &[]).await
    }

    /// As [`Self::start`], with variables in its environment.
    pub(crate) async fn start_with(
        self: &Arc<Self>,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Observatory {
        for _ in 0..TRIES {
            let offset = free_offset();
            let mut command = Process::command(&self.home());
            command
                .arg("up")
                .args(["--port-offset", &offset.to_string()])
                .arg("--data-dir")
                .arg(self.data())
                .args(arguments)
                .envs(variables.iter().copied());
            let mut process = self.spawn(&mut command);
            if ready(&mut process).await {
                return Observatory::new(Arc::clone(self), process, offset);
            }
            let said = process.stderr();
            assert!(said.contains("is taken"), "did not start: {said}");
        }
        panic!("found no free ports {TRIES} times");
    }
}

/// Whether the process says that it is ready; `false` where it ends instead.
async fn ready(process: &mut Process) -> bool {
    wait_for(PATIENCE, "a ready observatory", || {
        let state = match process.stdout().contains("is ready") {
            true => Ok(true),
            false if process.is_running() => Err("it starts"),
            false => Ok(false),
        };
        async move { state }
    })
    .await
}
