//! Chaos: jobs are submitted and checked by `observatory prove --target services` while servers and links fail. Every
//! fault must leave nothing lost, nothing doubled, nothing unexpected.

mod faults;
mod jobs;
mod programs;
mod run;
mod stage;

use std::process::ExitCode;

use anyhow::Result;
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use libtest_mimic::{Arguments, Failed, Trial};
use tokio::runtime::Runtime;

use faults::FAULTS;
use jobs::JOBS;
use stage::Stage;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Each fault has the servers for itself.
    arguments.test_threads = Some(1);
    let faults = FAULTS.iter().map(|fault| {
        Trial::test(fault.name, move || {
            on_stage(fault.name, |stage| run::run(stage, fault).boxed_local())
        })
    });
    let jobs = JOBS.iter().map(|trial| {
        Trial::test(trial.name, move || {
            on_stage(trial.name, |stage| jobs::run(stage, trial).boxed_local())
        })
    });
    libtest_mimic::run(&arguments, faults.chain(jobs).collect()).exit_code()
}

fn on_stage(
    name: &'static str,
    act: impl for<'s> FnOnce(&'s Stage) -> LocalBoxFuture<'s, Result<()>>,
) -> Result<(), Failed> {
    let outcome = Runtime::new()?.block_on(async {
        let stage = Stage::set(name).await?;
        act(&stage).await
    });
    outcome.map_err(|error| Failed::from(format!("{error:#}")))
}
