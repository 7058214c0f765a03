//! `exec`: runs an allow-listed program. Off unless programs are named.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

use crate::{Context, Handler, HandlerError};

/// How much of each output stream is kept; the rest is read and dropped, so that the program never blocks.
const OUTPUT_LIMIT: u64 = 16 * 1024;

/// Runs programs by the names that its operator gave them, with an empty environment.
#[derive(Clone, Debug)]
pub struct Exec {
    programs: Arc<BTreeMap<String, PathBuf>>,
    slots: Arc<Semaphore>,
}

impl Exec {
    /// Allows `programs` (name in the payload → path of the program), at most `at_once` at a time.
    pub fn new(programs: BTreeMap<String, PathBuf>, at_once: usize) -> Self {
        Self {
            programs: Arc::new(programs),
            slots: Arc::new(Semaphore::new(at_once.max(1))),
        }
    }

    fn path(&self, name: &str) -> Result<&PathBuf, HandlerError> {
        self.programs.get(name).ok_or_else(|| {
            HandlerError::Fatal(format!("program `{name}` is not allowed here (see --allow-exec)"))
        })
    }
}

/// The payload of an `exec` job.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExecInput {
    /// The allow-listed name.
    pub program: String,
    /// Its arguments; no shell reads them.
    #[serde(default)]
    pub args: Vec<String>,
    /// Its environment, whole: nothing is inherited.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// What it reads on its standard input.
    #[serde(default)]
    pub stdin: Option<String>,
}

/// The result of an `exec` job whose program exited with 0.
#[derive(Clone, Debug, Serialize)]
pub struct ExecOutput {
    /// The first 16 KiB of standard output.
    pub stdout: String,
    /// The first 16 KiB of standard error.
    pub stderr: String,
}

impl Handler for Exec {
    type Input = ExecInput;
    type Output = ExecOutput;

    async fn run(&self, input: ExecInput, context: Context) -> Result<ExecOutput, HandlerError> {
        let path = self.path(&input.program)?;
        let _slot = self.slots.acquire().await.map_err(HandlerError::retry)?;
        let mut child = spawn(path, &input, &context)
            .map_err(|error| HandlerError::Fatal(format!("cannot start `{}`: {error}", input.program)))?;
        let family = Family::of(&child);
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let feed = async {
            // A program that does not read its input closes the pipe; that is its own business.
            if let (Some(mut pipe), Some(text)) = (stdin, &input.stdin) {
                let _ = pipe.write_all(text.as_bytes()).await;
            }
        };
        let ended = async { tokio::join!(feed, keep(stdout), keep(stderr), child.wait()) };
        let mut ended = pin!(ended);
        let ((), stdout, stderr, status) = tokio::select! {
            ended = &mut ended => ended,
            () = context.cancelled.cancelled() => {
                context.log.write("cancelled: asking the program to end");
                family.ask_to_end();
                ended.await
            }
        };
        judge(
            status.map_err(HandlerError::retry)?,
            ExecOutput { stdout, stderr },
        )
    }
}

fn spawn(path: &PathBuf, input: &ExecInput, context: &Context) -> std::io::Result<Child> {
    let stdin = if input.stdin.is_some() {
        Stdio::piped()
    } else {
        Stdio::null()
    };
    let mut command = Command::new(path);
    #[cfg(unix)]
    command.process_group(0);
    command
        .args(&input.args)
        .env_clear()
        .envs(&input.env)
        .env("OBSERVATORY_JOB_ID", context.job_id.to_string())
        .env("OBSERVATORY_ATTEMPT", context.attempt.to_string())
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
}

/// The program and whatever it started: all of it ends with the attempt, also at a time-out.
struct Family {
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

impl Family {
    fn of(child: &Child) -> Self {
        #[cfg(not(unix))]
        let _ = child;
        Self {
            #[cfg(unix)]
            leader: child
                .id()
                .and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?)),
        }
    }
}

impl Family {
    /// SIGTERM to all of it; what does not heed it is killed with the attempt.
    fn ask_to_end(&self) {
        #[cfg(unix)]
        if let Some(leader) = self.leader {
            // An error means that none of them is left.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::TERM);
        }
    }
}

impl Drop for Family {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(leader) = self.leader {
            // An error means that none of them is left.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

/// Reads a stream to its end and keeps its beginning.
async fn keep(stream: Option<impl AsyncRead + Unpin>) -> String {
    let Some(mut stream) = stream else {
        return String::new();
    };
    let mut kept = Vec::new();
    // An error here means that the program is gone, which its exit status tells better.
    let _ = (&mut stream).take(OUTPUT_LIMIT).read_to_end(&mut kept).await;
    let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    // NUL cannot be stored as text by every job store.
    String::from_utf8_lossy(&kept).replace('\0', "\u{fffd}")
}

fn judge(status: ExitStatus, output: ExecOutput) -> Result<ExecOutput, HandlerError> {
    if status.success() {
        return Ok(output);
    }
    let last = output.stderr.lines().last().unwrap_or("no error output");
    Err(HandlerError::Retry(format!(
        "program ended with {status}: {last}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    async fn exec(input: serde_json::Value) -> Result<ExecOutput, HandlerError> {
        let programs = [("sh".to_owned(), PathBuf::from("/bin/sh"))].into();
        let context = Context {
            attempt: 2,
            ..Context::detached(Uuid::from_u128(7))
        };
        Exec::new(programs, 1)
            .run(serde_json::from_value(input).unwrap(), context)
            .await
    }

    fn sh(script: &str) -> serde_json::Value {
        serde_json::json!({"program": "sh", "args": ["-c", script]})
    }

    #[tokio::test]
    async fn an_allowed_program_gets_its_input_and_gives_its_output() {
        let mut input = sh("cat; echo $OBSERVATORY_ATTEMPT $HOME >&2");
        input["stdin"] = "hello".into();
        let output = exec(input).await.unwrap();
        assert_eq!((output.stdout.as_str(), output.stderr.as_str()), ("hello", "2\n"));
    }

    #[tokio::test]
    async fn any_other_program_is_refused() {
        let error = exec(serde_json::json!({"program": "/bin/sh"})).await.unwrap_err();
        assert!(matches!(error, HandlerError::Fatal(text) if text.contains("not allowed")));
    }

    #[tokio::test]
    async fn a_failure_carries_the_last_line_of_its_errors() {
        let error = exec(sh("echo first >&2; echo last >&2; exit 3"))
            .await
            .unwrap_err();
        assert_eq!(
            error,
            HandlerError::Retry("program ended with exit status: 3: last".into())
        );
    }

    #[tokio::test]
    async fn what_the_program_started_ends_with_the_attempt() {
        let file = std::env::temp_dir().join(format!("observatory-exec-{}", std::process::id()));
        let script = format!("(sleep 60 & echo $! > {}; wait)", file.display());
        let limit = std::time::Duration::from_millis(300);
        assert!(tokio::time::timeout(limit, exec(sh(&script))).await.is_err());
        let grandchild = std::fs::read_to_string(&file).unwrap();
        let status = format!("/proc/{}/stat", grandchild.trim());
        // A killed process is gone or waits as a zombie for its new parent.
        let gone = || std::fs::read_to_string(&status).map_or(true, |stat| stat.contains(") Z "));
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(5);
        while !gone() && std::time::Instant::now() < deadline {
            tokio::task::yield_now().await;
        }
        assert!(gone(), "the grandchild {} lives on", grandchild.trim());
        std::fs::remove_file(file).unwrap();
    }

    #[tokio::test]
    async fn a_withdrawn_job_asks_its_program_to_end() {
        let programs = [("sh".to_owned(), PathBuf::from("/bin/sh"))].into();
        let context = Context::detached(Uuid::from_u128(7));
        let cancelled = context.cancelled.clone();
        let script = "trap 'echo tidy >&2; exit 9' TERM; echo ready; while :; do sleep 0.01; done";
        let input = serde_json::from_value(sh(script)).unwrap();
        cancelled.cancel();
        let error = Exec::new(programs, 1).run(input, context).await.unwrap_err();
        let HandlerError::Retry(text) = error else {
            panic!("{error}")
        };
        assert!(text.starts_with("program ended with"), "{text}");
    }

    #[tokio::test]
    async fn output_beyond_the_limit_is_dropped_and_does_not_block_the_program() {
        let output = exec(sh("head -c 1000000 /dev/zero | tr '\\0' x")).await.unwrap();
        assert_eq!(output.stdout.len() as u64, OUTPUT_LIMIT);
    }
}
