//! Runs other programs and says what they are.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{ChildStdout, Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

/// The root of the workspace, wherever the task was started from.
pub(crate) fn root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap_or(manifest)
}

/// Runs cargo with `arguments` in the root of the workspace.
pub(crate) fn cargo(arguments: &[&str]) -> Result<()> {
    cargo_with(arguments, &[])
}

/// As [`cargo`], with variables in the environment.
pub(crate) fn cargo_with(arguments: &[&str], environment: &[(&str, &str)]) -> Result<()> {
    let status = prepared(arguments, environment)
        .status()
        .context("cannot start cargo")?;
    succeeded(arguments, status)
}

/// Runs tests, shows what they print, and returns how many passed.
pub(crate) fn cargo_test(arguments: &[&str], environment: &[(&str, &str)]) -> Result<u64> {
    let arguments = [&["test", "--locked"], arguments].concat();
    let mut child = prepared(&arguments, environment)
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start cargo")?;
    let passed = child.stdout.take().map_or(Ok(0), count)?;
    succeeded(&arguments, child.wait()?)?;
    Ok(passed)
}

/// Passes lines on and adds up what the harnesses say: `test result: ok. 12 passed; …`.
fn count(output: ChildStdout) -> std::io::Result<u64> {
    let mut passed = 0;
    for line in BufReader::new(output).split(b'\n') {
        let mut line = line?;
        let words = String::from_utf8_lossy(&line);
        let result = words.strip_prefix("test result: ok. ");
        let number = result.and_then(|rest| rest.split(' ').next());
        passed += number.and_then(|number| number.parse::<u64>().ok()).unwrap_or(0);
        line.push(b'\n');
        std::io::stdout().write_all(&line)?;
    }
    Ok(passed)
}

fn prepared(arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    say(&format!("$ cargo {}", arguments.join(" ")));
    let mut command = Command::new(cargo);
    command
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(root());
    command
}

fn succeeded(arguments: &[&str], status: ExitStatus) -> Result<()> {
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
