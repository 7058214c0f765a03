//! Runs other programs and says what they are.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The root of the workspace, wherever the task was started from.
pub(crate) fn root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap_or(manifest)
}

/// Runs cargo with `arguments` in the root of the workspace.
pub(crate) fn cargo(arguments: &[&str]) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    say(&format!("$ cargo {}", arguments.join(" ")));
    let mut command = Command::new(cargo);
    let status = command
        .args(arguments)
        .current_dir(root())
        .status()
        .context("cannot start cargo")?;
    if !status.success() {
        bail!("`cargo {}` ended with {status}", arguments.join(" "));
    }
    Ok(())
}

/// Runs a program and says that it does. Its output goes where ours goes.
pub(crate) fn program(name: &str, arguments: &[&str]) -> Result<()> {
    say(&format!("$ {name} {}", arguments.join(" ")));
    let status = Command::new(name)
        .args(arguments)
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot start {name}"))?;
    if !status.success() {
        bail!("`{name} {}` ended with {status}", arguments.join(" "));
    }
    Ok(())
}

/// Whether a program runs and succeeds; it says nothing.
pub(crate) fn succeeds(name: &str, arguments: &[&str]) -> bool {
    let status = Command::new(name)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

#[expect(clippy::print_stderr, reason = "a task talks to the person who started it")]
pub(crate) fn say(line: &str) {
    eprintln!("{line}");
}
