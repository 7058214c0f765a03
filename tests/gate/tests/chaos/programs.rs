//! The programs that are tested, on the servers of a stage.

use std::ffi::OsString;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result};
use tokio::process::Command;

use crate::stage::Stage;

/// Where the programs are.
const PROGRAMS: &str = "OBSERVATORY_TEST_PROGRAMS";

/// The command `observatory`, told of the servers; it ends with this process.
pub(crate) fn observatory(stage: &Stage) -> Result<Command> {
    let mut command = Command::new(directory()?.join("observatory"));
    command
        .envs(stage.environment())
        .stdin(Stdio::null())
        .kill_on_drop(true);
    Ok(command)
}

/// What it is told of places: its ports, and where the roles are.
pub(crate) fn placed(offset: u16) -> Result<[OsString; 4]> {
    let offset = offset.to_string();
    Ok([
        "--port-offset".into(),
        offset.into(),
        "--bin-dir".into(),
        directory()?.into(),
    ])
}

/// An offset under which no port of the observatory is taken.
pub(crate) fn free_offset() -> Result<u16> {
    let is_free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    let ports = [3000, 8000, 8002, 8011, 8080, 8081];
    (10_000..20_000)
        .step_by(37)
        .find(|offset| ports.iter().all(|port| is_free(port + offset)))
        .context("no free ports")
}

fn directory() -> Result<PathBuf> {
    let directory = std::env::var_os(PROGRAMS).with_context(|| {
        format!("{PROGRAMS} does not say where the programs are; `cargo xtask test --stage chaos` does")
    })?;
    Ok(directory.into())
}
