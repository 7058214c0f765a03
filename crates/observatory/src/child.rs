//! An observatory of our own: `observatory up` as a child process, on free ports, with a log file.

mod memory;
mod port_offset;

use std::fs::OpenOptions;
use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use anyhow::Context;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

use crate::http_client::{Session, Target};

pub(crate) use memory::Memory;
pub(crate) use port_offset::choose as choose_port_offset;

/// How often a starting server is asked whether it is ready.
const READY_POLL: Duration = Duration::from_millis(5);
/// How long a question to a starting server may take.
const READY_QUESTION: Duration = Duration::from_secs(2);

/// Why a started server did not become ready.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotReady {
    /// It ended by itself.
    #[error("the observatory ended by itself ({0})")]
    Ended(ExitStatus),
    /// It runs and does not answer.
    #[error("the observatory was not ready within {0:?}")]
    Late(Duration),
    /// Its state cannot be told.
    #[error("cannot watch the observatory")]
    Unknown(#[from] io::Error),
}

/// A child process that runs `observatory up`, or that will.
///
/// The process is killed when this is dropped; [`Server::kill`] also waits until it is gone.
#[derive(Debug)]
pub(crate) struct Server {
    program: PathBuf,
    data_dir: PathBuf,
    log: PathBuf,
    port_offset: u16,
    process: Option<Child>,
}

impl Server {
    /// A server that keeps its data in `data_dir` and writes what it says to `log`.
    ///
    /// # Errors
    /// When it cannot be told which program we are.
    pub(crate) fn new(data_dir: &Path, log: &Path, port_offset: u16) -> anyhow::Result<Self> {
        Ok(Self {
            program: std::env::current_exe().context("cannot find the observatory's own program file")?,
            data_dir: data_dir.to_owned(),
            log: log.to_owned(),
            port_offset,
            process: None,
        })
    }

    /// Starts the process.
    ///
    /// # Errors
    /// When the log cannot be opened or the program not started.
    pub(crate) fn start(&mut self) -> anyhow::Result<()> {
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.log)
            .with_context(|| format!("cannot open {}", self.log.display()))?;
        let mut command = Command::new(&self.program);
        command
            .arg("up")
            .arg("--data-dir")
            .arg(&self.data_dir)
            .arg("--port-offset")
            .arg(self.port_offset.to_string())
            .arg("--bind")
            .arg(Ipv4Addr::LOCALHOST.to_string())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true);
        // A Ctrl-C at the terminal is for us alone; we end the child ourselves.
        #[cfg(unix)]
        command.process_group(0);
        let process = command
            .spawn()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
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

    /// Where the process writes what it says.
    pub(crate) fn log(&self) -> &Path {
        &self.log
    }

    /// Returns when the gateway and the read model are ready.
    ///
    /// # Errors
    /// When that takes longer than `limit`, or the process ends.
    pub(crate) async fn wait_ready(&mut self, limit: Duration) -> Result<(), NotReady> {
        let deadline = Instant::now() + limit;
        let mut gateway = Session::new(self.gateway(), READY_QUESTION);
        let mut read_model = Session::new(self.read_model(), READY_QUESTION);
        loop {
            if answers(&mut gateway, "/readyz").await && answers(&mut read_model, "/stats").await {
                return Ok(());
            }
            if let Some(status) = self.ended()? {
                return Err(NotReady::Ended(status));
            }
            if Instant::now() >= deadline {
                return Err(NotReady::Late(limit));
            }
            sleep(READY_POLL).await;
        }
    }

    /// How the process ended, if it has.
    ///
    /// # Errors
    /// When the system does not say.
    pub(crate) fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.process.as_mut().map_or(Ok(None), Child::try_wait)
    }

    /// Returns how the process ended, once it has. Never returns where none was started.
    pub(crate) async fn wait_end(&mut self) -> io::Result<ExitStatus> {
        match &mut self.process {
            Some(process) => process.wait().await,
            None => std::future::pending().await,
        }
    }

    /// Ends the process with SIGKILL and waits until the system has let go of it.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) async fn kill(&mut self) -> io::Result<()> {
        if let Some(mut process) = self.process.take() {
            process.kill().await?;
        }
        Ok(())
    }

    /// What the process takes of the machine's memory, where the system tells.
    pub(crate) fn memory(&self) -> Option<Memory> {
        memory::of(self.process.as_ref()?.id()?)
    }
}

async fn answers(session: &mut Session, path: &str) -> bool {
    matches!(session.get(path).await, Ok(answer) if answer.status == 200)
}
