//! Programs of others, each with a limit. They end when nobody waits for them any more, with all that they started.

use std::ffi::OsString;
use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::failure::Failure;
use crate::client::style::printable;

/// How much of what a program said is passed on: its last lines.
const SAID_LINES: usize = 12;

/// A program.
#[derive(Clone, Debug)]
pub(super) struct Tool {
    name: &'static str,
    program: OsString,
    /// What every call begins with.
    first: Vec<String>,
    /// Where it is to be had.
    source: &'static str,
}

impl Tool {
    /// The program of that name in PATH, or the one that `OBSERVATORY_NAME` names.
    pub(super) fn new(name: &'static str, source: &'static str) -> Self {
        let variable = format!("OBSERVATORY_{}", name.to_uppercase());
        let program = std::env::var_os(variable).filter(|program| !program.is_empty());
        Self {
            name,
            program: program.unwrap_or_else(|| name.into()),
            first: Vec::new(),
            source,
        }
    }

    /// The same, which begins every call with `arguments`.
    pub(super) fn always(self, arguments: &[&str]) -> Self {
        let first = arguments.iter().map(ToString::to_string).collect();
        Self { first, ..self }
    }

    /// What it prints.
    pub(super) async fn ask(&self, arguments: &[&str], limit: Duration) -> Result<String, Failure> {
        self.tell(arguments, None, limit).await
    }

    /// What it prints when it is given `input`. That is in no message: it may be secret.
    pub(super) async fn tell(
        &self,
        arguments: &[&str],
        input: Option<&[u8]>,
        limit: Duration,
    ) -> Result<String, Failure> {
        let called = format!("`{} {}`", self.name, arguments.join(" "));
        let output = timeout(limit, self.call(arguments, input))
            .await
            .map_err(|_elapsed| {
                Failure::new(format!("{called} did not end within {} s", limit.as_secs())).hint(format!(
                    "see whether {} answers at all, then run the same command again",
                    self.name
                ))
            })?;
        let output = output.map_err(|error| self.not_started(&error))?;
        if !output.status.success() {
            let said = last_lines(&output.stderr);
            return Err(Failure::new(format!(
                "{called} failed ({}):\n{said}",
                output.status
            )));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    async fn call(&self, arguments: &[&str], input: Option<&[u8]>) -> std::io::Result<Output> {
        let mut command = Command::new(&self.program);
        // Ctrl-C is ours: a program that gets it, too, would look as if it had failed by itself.
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command
            .args(&self.first)
            .args(arguments)
            .stdin(if input.is_some() {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let group = Group::of(&child);
        if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input) {
            // One that does not read all of it has its reasons, and says them.
            let _not_all = stdin.write_all(input).await;
        }
        let output = child.wait_with_output().await;
        group.over();
        output
    }

    fn not_started(&self, error: &std::io::Error) -> Failure {
        let program = self.program.to_string_lossy();
        Failure::new(format!("cannot start {program}: {error}")).hint(format!(
            "install {} ({}), or name it in OBSERVATORY_{}",
            self.name,
            self.source,
            self.name.to_uppercase()
        ))
    }
}

/// A program with all that it started: kind has docker do its work, which would go on without it. Its processes are
/// ended with it, unless it is over.
struct Group(Option<u32>);

impl Group {
    fn of(child: &Child) -> Self {
        Self(child.id())
    }

    /// Its number may be another one's from here on.
    fn over(mut self) {
        self.0.take();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.0 {
            kill_group(leader);
        }
    }
}

#[cfg(unix)]
fn kill_group(leader: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(leader) = i32::try_from(leader).ok().and_then(Pid::from_raw) {
        let _gone_already = kill_process_group(leader, Signal::KILL);
    }
}

/// There are no such groups here.
#[cfg(not(unix))]
fn kill_group(_leader: u32) {}

fn last_lines(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let lines: Vec<_> = text.trim_end().lines().collect();
    let start = lines.len().saturating_sub(SAID_LINES);
    lines[start..]
        .iter()
        .map(|line| format!("    {}", printable(line)))
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell() -> Tool {
        Tool {
            name: "sh",
            program: "sh".into(),
            first: vec!["-c".into()],
            source: "everywhere",
        }
    }

    #[tokio::test]
    async fn a_program_that_fails_is_quoted_and_what_it_was_given_is_not() {
        let script = "cat >/dev/null; echo lost the way >&2; exit 3";
        let failed = shell()
            .tell(&[script], Some(b"hush"), Duration::from_secs(10))
            .await
            .unwrap_err();
        assert!(
            failed.message.contains("lost the way") && failed.message.contains("exit status: 3"),
            "{failed}"
        );
        assert!(!failed.to_string().contains("hush"), "{failed}");
    }

    #[tokio::test]
    async fn a_program_that_does_not_end_is_ended() {
        let late = shell()
            .ask(&["sleep 60"], Duration::from_millis(50))
            .await
            .unwrap_err();
        assert!(late.message.contains("did not end within"), "{late}");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn what_a_program_started_ends_with_it() {
        let directory = tempfile::tempdir().unwrap();
        let mark = directory.path().join("mark");
        let script = format!("(sleep 1; touch {}) & wait", mark.display());
        shell()
            .ask(&[&script], Duration::from_millis(200))
            .await
            .unwrap_err();
        tokio::time::sleep(Duration::from_millis(1500)).await;
        assert!(!mark.exists());
    }

    #[tokio::test]
    async fn a_program_that_is_not_there_is_named_with_where_it_is_to_be_had() {
        let tool = Tool {
            program: "/nowhere/kind".into(),
            name: "kind",
            ..shell()
        };
        let missing = tool.ask(&[], Duration::from_secs(1)).await.unwrap_err();
        assert!(
            missing.message.contains("/nowhere/kind") && missing.hint.contains("OBSERVATORY_KIND"),
            "{missing}"
        );
    }
}
