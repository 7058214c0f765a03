//! An observatory of our own: `observatory up` as a child process, on free ports, with a log file.

mod log;
mod memory;
mod port_offset;
mod roster;
mod shape;
mod signal;

use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::Context;
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::{Instant, sleep, timeout};

use crate::http_client::{Session, Target};

pub(crate) use memory::Memory;
pub(crate) use port_offset::choose as choose_port_offset;
pub(crate) use roster::{Process, Roster};
pub(crate) use shape::{Fleet, Post, Shape, ShapeArgs, role_name};
pub(crate) use signal::Signal;

/// How often a starting server is asked whether it is ready, and a process looked for.
const POLL: Duration = Duration::from_millis(5);
/// How long a question to a starting server may take.
const READY_QUESTION: Duration = Duration::from_secs(2);
/// How long the system may take to let go of killed processes.
const REAP: Duration = Duration::from_secs(10);

/// Why a started server did not become ready.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotReady {
    /// It ended by itself.
    #[error("the observatory ended by itself ({0})")]
    Ended(ExitStatus),
    /// It runs and does not answer.
    #[error("the observatory was not ready within {limit:?}: {missing} is not")]
    Late {
        /// How long it had.
        limit: Duration,
        /// What did not answer.
        missing: String,
    },
    /// Its state cannot be told.
    #[error("cannot watch the observatory")]
    Unknown(#[from] io::Error),
}

/// A child process that runs `observatory up`, or that will.
///
/// The process is killed when this is dropped, and those of its roles stop by themselves then; [`Server::kill`] ends
/// them all, and waits until they are gone.
#[derive(Debug)]
pub(crate) struct Server {
    program: PathBuf,
    shape: Shape,
    log: PathBuf,
    port_offset: u16,
    process: Option<Child>,
    /// Its standard input, which must stay open for as long as it lives.
    input: Option<ChildStdin>,
}

impl Server {
    /// A server of this shape that writes what it says to `log`.
    ///
    /// # Errors
    /// When it cannot be told which program we are.
    pub(crate) fn new(shape: Shape, log: &Path, port_offset: u16) -> anyhow::Result<Self> {
        Ok(Self {
            program: std::env::current_exe().context("cannot find the observatory's own program file")?,
            shape,
            log: log.to_owned(),
            port_offset,
            process: None,
            input: None,
        })
    }

    /// Starts the process.
    ///
    /// # Errors
    /// When the log cannot be opened or the program not started.
    pub(crate) fn start(&mut self) -> anyhow::Result<()> {
        let log = log::open(&self.log)?;
        let mut command = Command::new(&self.program);
        command
            .arg("up")
            .args(self.shape.arguments())
            .arg("--port-offset")
            .arg(self.port_offset.to_string())
            .arg("--bind")
            .arg(Ipv4Addr::LOCALHOST.to_string())
            // It ends with us, even if we are killed: nobody else knows of it.
            .stdin(Stdio::piped())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true);
        #[cfg(unix)]
        command.arg("--until-end-of-input");
        if let Shape::Embedded(_) = self.shape {
            for variable in shape::SERVICES_VARIABLES {
                command.env_remove(variable);
            }
        }
        // A Ctrl-C at the terminal is for us alone; we end the child ourselves.
        #[cfg(unix)]
        command.process_group(0);
        let mut process = command
            .spawn()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        // Waiting for a process closes what is left with it.
        self.input = process.stdin.take();
        self.process = Some(process);
        Ok(())
    }

    /// Where jobs are submitted.
    pub(crate) fn gateway(&self) -> Target {
        Target::local(port_offset::GATEWAY + self.port_offset)
    }

    /// Where questions are answered.
    pub(crate) fn read_model(&self) -> Target {
        Target::local(port_offset::READ_MODEL + self.port_offset)
    }

    /// What it runs.
    pub(crate) fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Where the process writes what it says.
    pub(crate) fn log(&self) -> &Path {
        &self.log
    }

    /// The last that it has said, as far as that is of help.
    pub(crate) fn last_words(&self) -> String {
        log::last_words(&self.log)
    }

    /// Returns when everything is ready that says whether it is.
    ///
    /// # Errors
    /// When that takes longer than `limit`, or the process ends.
    pub(crate) async fn wait_ready(&mut self, limit: Duration) -> Result<(), NotReady> {
        let deadline = Instant::now() + limit;
        let mut questions = self.questions();
        let mut done = 0;
        loop {
            while let Some((_, session, path)) = questions.get_mut(done)
                && answers(session, path).await
            {
                done += 1;
            }
            let Some((name, ..)) = questions.get(done) else {
                return Ok(());
            };
            if let Some(status) = self.ended()? {
                return Err(NotReady::Ended(status));
            }
            if Instant::now() >= deadline {
                let missing = name.clone();
                return Err(NotReady::Late { limit, missing });
            }
            sleep(POLL).await;
        }
    }

    /// Who is asked what to find out whether all is ready.
    fn questions(&self) -> Vec<(String, Session, &'static str)> {
        let ask = |target, path| (Session::new(target, READY_QUESTION), path);
        let mut all = Vec::new();
        if let Shape::Services(fleet) = &self.shape {
            for post in fleet.posts() {
                let target = Target::local(post.port() + self.port_offset);
                let (session, path) = ask(target, post.role.health());
                all.push((post.name(), session, path));
            }
        } else {
            let (session, path) = ask(self.gateway(), "/readyz");
            all.push(("gateway".to_owned(), session, path));
        }
        let (session, path) = ask(self.read_model(), "/stats");
        all.push(("read-model".to_owned(), session, path));
        all
    }

    /// How the process ended, if it has.
    ///
    /// # Errors
    /// When the system does not say.
    pub(crate) fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.process.as_mut().map_or(Ok(None), Child::try_wait)
    }

    /// Whether there is a process: it was started, and not ended by us since.
    pub(crate) fn is_started(&self) -> bool {
        self.process.is_some()
    }

    /// Returns how the process ended, once it has. Never returns where none was started.
    pub(crate) async fn wait_end(&mut self) -> io::Result<ExitStatus> {
        match &mut self.process {
            Some(process) => process.wait().await,
            None => std::future::pending().await,
        }
    }

    /// Ends the process and those of its roles with SIGKILL, and waits until the system has let go of them.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) async fn kill(&mut self) -> anyhow::Result<()> {
        let roles = match (self.pid(), &self.shape) {
            (Some(pid), Shape::Services(_)) => {
                // It must not start a role between our look and its end.
                signal::send(pid, Signal::Freeze)?;
                self.roster()?
            }
            _ => Roster::new(),
        };
        for role in roles.values() {
            signal::send(role.pid, Signal::Kill)?;
        }
        if let Some(mut process) = self.process.take() {
            process.kill().await?;
        }
        for (post, role) in roles {
            if !gone(role, REAP).await {
                anyhow::bail!("{} was killed and is still there", post.name());
            }
        }
        Ok(())
    }

    /// Asks the process to stop and waits until it has. None where it takes longer than `limit`; then it is killed.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) async fn stop(&mut self, limit: Duration) -> anyhow::Result<Option<ExitStatus>> {
        if let Some(pid) = self.pid() {
            signal::send(pid, Signal::Terminate)?;
        }
        let Ok(ended) = timeout(limit, self.wait_end()).await else {
            self.kill().await?;
            return Ok(None);
        };
        self.process = None;
        Ok(Some(ended?))
    }

    /// Who serves which post at the moment; nobody where all roles are in one process.
    ///
    /// # Errors
    /// When the system does not tell.
    pub(crate) fn roster(&self) -> anyhow::Result<Roster> {
        match (self.pid(), &self.shape) {
            (Some(pid), Shape::Services(_)) => roster::of(pid, self.port_offset),
            _ => Ok(Roster::new()),
        }
    }

    /// Returns who serves a post, as soon as there is somebody; none where that takes longer than `limit`.
    ///
    /// # Errors
    /// When the system does not tell.
    pub(crate) async fn serving(&self, post: Post, limit: Duration) -> anyhow::Result<Option<Process>> {
        let deadline = Instant::now() + limit;
        loop {
            let found = self.roster()?.get(&post).copied();
            if found.is_some() || Instant::now() >= deadline {
                return Ok(found);
            }
            sleep(POLL).await;
        }
    }

    /// What each process takes of the machine's memory, where the system tells.
    pub(crate) fn memory(&self) -> Vec<(String, Memory)> {
        let named = |name: String, pid| Some((name, memory::of(pid)?));
        match &self.shape {
            Shape::Embedded(_) => {
                let own = self.pid().and_then(|pid| named("observatory".to_owned(), pid));
                own.into_iter().collect()
            }
            Shape::Services(_) => {
                let roster = self.roster().unwrap_or_default().into_iter();
                roster
                    .filter_map(|(post, process)| named(post.name(), process.pid))
                    .collect()
            }
        }
    }

    fn pid(&self) -> Option<u32> {
        self.process.as_ref()?.id()
    }
}

/// Sends a role a signal.
///
/// # Errors
/// When the system does not let us.
pub(crate) fn send(process: Process, signal: Signal) -> io::Result<()> {
    signal::send(process.pid, signal)
}

/// Whether a process is gone within a time.
pub(crate) async fn gone(process: Process, limit: Duration) -> bool {
    let deadline = Instant::now() + limit;
    while !process.is_gone() {
        if Instant::now() >= deadline {
            return false;
        }
        sleep(POLL).await;
    }
    true
}

async fn answers(session: &mut Session, path: &str) -> bool {
    matches!(session.get(path).await, Ok(answer) if answer.status == 200)
}
