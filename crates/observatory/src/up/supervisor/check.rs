//! What can be told before anything is started.

use std::net::IpAddr;
use std::process::{Output, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::process::Command;
use tokio::time::timeout;

use super::plan::Member;
use crate::up::listeners::{self, Port};

/// How long a program may take to check its configuration.
const CHECK: Duration = Duration::from_secs(10);

/// Whether every port is free.
///
/// # Errors
/// Names the first that is not.
pub(super) async fn ports(address: IpAddr, members: &[Member]) -> anyhow::Result<()> {
    let mut held = Vec::new();
    for member in members {
        let port = Port {
            role: member.role.name(),
            number: member.address.port(),
        };
        // All are held together, so that one that is wanted twice is noticed too.
        held.push(listeners::one(address, port, 0).await?);
    }
    Ok(())
}

/// Whether every role can be told what it is told. Each checks that itself.
///
/// # Errors
/// Everything that is wrong, each thing once.
pub(super) async fn configuration(members: &[Member]) -> anyhow::Result<()> {
    let mut wrong: Vec<String> = Vec::new();
    for member in members {
        let output = checked(member).await?;
        // One that was killed says nothing of its configuration; the role itself will.
        if output.status.success() || output.status.code().is_none() {
            continue;
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim();
        let said = if said.is_empty() { "says nothing" } else { said };
        for line in said.lines() {
            let line = line.strip_prefix("error: ").unwrap_or(line).to_owned();
            if !wrong.contains(&line) {
                wrong.push(line);
            }
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    bail!(
        "the configuration of the roles is wrong (`PROGRAM check-config` tells what is in force):\n  {}",
        wrong.join("\n  ")
    )
}

async fn checked(member: &Member) -> anyhow::Result<Output> {
    let mut command = Command::new(&member.program);
    command
        .args(["check-config", "--quiet"])
        .envs(member.environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let program = member.program.display();
    let output = timeout(CHECK, command.output()).await;
    output
        .with_context(|| format!("{program} check-config took longer than {CHECK:?}"))?
        .with_context(|| format!("cannot start {program}"))
}
