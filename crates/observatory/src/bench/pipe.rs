//! The bare pipe: what the servers do at best with messages of this size, measured in the same run.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use serde::Deserialize;
use tokio::process::Command;
use tokio::time::timeout;

/// The program that measures it.
const PROGRAM: &str = "observatory-bare-pipe";
/// Fewer messages say nothing, and more nothing new.
const MESSAGES: std::ops::RangeInclusive<u64> = 2_000..=50_000;
/// How long it may take. It has a limit of its own, which is shorter.
const LIMIT: Duration = Duration::from_mins(6);

/// What it prints.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub(super) struct Pipe {
    /// Messages published, stored and acknowledged, by the time that took.
    pub(super) messages_per_second: f64,
}

/// Runs it. The servers are named by the variables that the roles have, too.
///
/// # Errors
/// When there is no such program, or it does not manage.
pub(super) async fn measure(bin_dir: Option<&Path>, jobs: u64, body: usize) -> anyhow::Result<Pipe> {
    let program = program(bin_dir)?;
    let messages = jobs.clamp(*MESSAGES.start(), *MESSAGES.end());
    let mut command = Command::new(&program);
    command
        .args([
            "--messages",
            &messages.to_string(),
            "--body-bytes",
            &body.to_string(),
        ])
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output = timeout(LIMIT, command.output())
        .await
        .with_context(|| format!("the bare pipe took longer than {LIMIT:?}"))?
        .with_context(|| format!("cannot start {}", program.display()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("the bare pipe failed ({}): {}", output.status, said.trim());
    }
    serde_json::from_slice(&output.stdout).context("what the bare pipe says does not read")
}

/// Where the program is: in `bin_dir` if that is given, otherwise beside ours, then in PATH.
fn program(bin_dir: Option<&Path>) -> anyhow::Result<PathBuf> {
    let name = format!("{PROGRAM}{}", env::consts::EXE_SUFFIX);
    let given = bin_dir
        .map(Path::to_owned)
        .or_else(|| env::var_os("OBSERVATORY_BIN_DIR").map(PathBuf::from));
    let directories = if let Some(directory) = given {
        vec![directory]
    } else {
        let own = env::current_exe().context("cannot find the observatory's own program file")?;
        let beside = own.parent().map(Path::to_owned);
        let path = env::var_os("PATH").unwrap_or_default();
        beside.into_iter().chain(env::split_paths(&path)).collect()
    };
    let found = directories
        .iter()
        .map(|directory| directory.join(&name))
        .find(|path| path.is_file());
    found.with_context(|| {
        format!("{PROGRAM} not found; build with `cargo build --release -p observatory-roles`, or use --bin-dir DIR")
    })
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    /// A directory with a program in the place of the bare pipe.
    fn with(script: &str) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(PROGRAM);
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
        directory
    }

    #[tokio::test]
    async fn its_figure_is_read_and_it_is_told_how_much_to_send() {
        let directory = with(r#"echo "{\"messages_per_second\":$2.5}"; test "$4" = 77"#);
        let pipe = measure(Some(directory.path()), 1, 77).await.unwrap();
        assert_eq!(
            pipe,
            Pipe {
                messages_per_second: 2_000.5
            }
        );
    }

    #[tokio::test]
    async fn what_it_complains_of_is_told() {
        let directory = with("echo 'error: no broker' >&2; exit 1");
        let error = measure(Some(directory.path()), 1, 1)
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains("no broker"), "{error}");
        let empty = tempfile::tempdir().unwrap();
        let error = measure(Some(empty.path()), 1, 1).await.unwrap_err().to_string();
        assert!(error.contains("cargo build"), "{error}");
    }
}
