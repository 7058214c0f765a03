//! A role as a child process.

use std::io::{self, Write};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::time::timeout;

use super::plan::Member;

/// The longest line that is passed on in one piece, in bytes.
const LONGEST_LINE: u64 = 64 * 1024;

/// How long the system may take to let go of a killed process.
const REAP: Duration = Duration::from_secs(5);

/// Says how a role writes its log lines.
const LOG_FORMAT: &str = "OBSERVATORY_LOG_FORMAT";

/// What a child writes.
type Output = Box<dyn AsyncRead + Send + Unpin>;

/// A role that runs. It is killed when this is dropped.
pub(super) struct Running {
    child: Child,
    /// Its input, which it takes as a wish to stop when it ends. Waiting for a child would end it.
    input: Option<ChildStdin>,
}

impl Running {
    /// Starts a role. On a terminal each of its lines gets its name in front; elsewhere they are JSON and stay as they
    /// are.
    pub(super) fn start(member: &Member, on_terminal: bool) -> io::Result<Self> {
        let mut child = command(member, on_terminal).spawn()?;
        let outputs: [Option<Output>; 2] = [
            child.stdout.take().map(|output| Box::new(output) as Output),
            child.stderr.take().map(|output| Box::new(output) as Output),
        ];
        for output in outputs.into_iter().flatten() {
            tokio::spawn(pass_on(output, member.name.clone()));
        }
        let input = child.stdin.take();
        Ok(Self { child, input })
    }

    /// How it ended, once it has.
    pub(super) async fn ended(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Asks it to stop: by SIGTERM where there is such a thing, by the end of its input elsewhere.
    pub(super) fn ask_to_stop(&mut self) {
        #[cfg(unix)]
        if let Some(id) = self.child.id().and_then(|id| i32::try_from(id).ok())
            && let Some(process) = rustix::process::Pid::from_raw(id)
        {
            // Fails only where it has ended already: it is not waited for before.
            let _ = rustix::process::kill_process(process, rustix::process::Signal::TERM);
            return;
        }
        drop(self.input.take());
    }

    /// Ends it at once.
    pub(super) async fn kill(mut self) {
        if !matches!(timeout(REAP, self.child.kill()).await, Ok(Ok(()))) {
            tracing::warn!("a killed process is still there");
        }
    }
}

fn command(member: &Member, on_terminal: bool) -> Command {
    let mut command = Command::new(&member.program);
    command
        .arg("--until-end-of-input")
        .envs(member.environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::piped())
        .kill_on_drop(true);
    if on_terminal {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        if std::env::var_os(LOG_FORMAT).is_none() {
            command.env(LOG_FORMAT, "text");
        }
    }
    // A Ctrl-C at the terminal is for us alone; we stop the roles in their order.
    #[cfg(unix)]
    command.process_group(0);
    command
}

/// Passes on what a role writes, line by line, until it ends.
async fn pass_on(output: Output, name: String) {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut output)
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)
            .await;
        if !read.is_ok_and(|length| length > 0) {
            return;
        }
        if line.last() != Some(&b'\n') {
            line.push(b'\n');
        }
        // Nobody may be listening, which is fine.
        let _ = io::stderr().write_all(&[format!("{name:14} | ").as_bytes(), &line].concat());
    }
}
