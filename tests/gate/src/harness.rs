//! Checks against one system, reported as the test runner reports tests.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use futures::future::LocalBoxFuture;
use libtest_mimic::{Arguments, Failed, Trial};
use tokio::runtime::Runtime;

use crate::containers::{keep_log, sweep};
use crate::system::System;

/// Something that must be true of a system.
#[derive(Clone, Copy)]
pub struct Check {
    /// What, in words.
    pub name: &'static str,
    /// Finds out.
    pub run: for<'s> fn(&'s System) -> LocalBoxFuture<'s, Result<()>>,
}

/// Runs the checks that the command line names, one after the other, against one system.
///
/// # Panics
/// When there is no runtime to be had.
pub fn run(checks: &[Check]) -> ExitCode {
    let mut arguments = Arguments::from_args();
    // They share a system, and each says how it was found.
    arguments.test_threads = Some(1);
    if arguments.list {
        return libtest_mimic::run(&arguments, trials(checks, None)).exit_code();
    }
    let runtime = Runtime::new().expect("a runtime");
    let system = match runtime.block_on(System::start()) {
        Ok(system) => Arc::new(system),
        Err(error) => {
            report(&format!("the system does not come up: {error:#}"));
            return ExitCode::FAILURE;
        }
    };
    let runtime = Arc::new(runtime);
    let stage = (Arc::clone(&runtime), Arc::clone(&system));
    let conclusion = libtest_mimic::run(&arguments, trials(checks, Some(&stage)));
    if conclusion.has_failed() {
        keep_logs(&runtime, &system);
    }
    drop(stage);
    // Containers are removed on the runtime that they were started on.
    runtime.block_on(async move { drop(Arc::into_inner(system)) });
    sweep();
    conclusion.exit_code()
}

fn trials(checks: &[Check], stage: Option<&(Arc<Runtime>, Arc<System>)>) -> Vec<Trial> {
    let trial = |check: &Check| {
        let (check, stage) = (*check, stage.cloned());
        Trial::test(check.name, move || {
            let Some((runtime, system)) = stage else {
                return Ok(());
            };
            let outcome = runtime.block_on((check.run)(&system));
            outcome.map_err(|error| Failed::from(format!("{error:#}")))
        })
    };
    checks.iter().map(trial).collect()
}

/// Where the logs of a failed run are kept.
fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/gate-logs")
}

fn keep_logs(runtime: &Runtime, system: &System) {
    let directory = directory();
    let kept = runtime.block_on(async {
        std::fs::create_dir_all(&directory).context("no directory for logs")?;
        for (name, container) in system.containers() {
            keep_log(container, &directory.join(format!("{name}.log"))).await?;
        }
        anyhow::Ok(())
    });
    match kept {
        Ok(()) => report(&format!(
            "the logs of all containers are in {}",
            directory.display()
        )),
        Err(error) => report(&format!("logs not kept: {error:#}")),
    }
}

#[expect(clippy::print_stderr, reason = "for the person who runs the tests")]
fn report(line: &str) {
    eprintln!("{line}");
}
