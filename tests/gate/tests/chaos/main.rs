//! Chaos: jobs are submitted and checked by `observatory prove --target services` while servers and links fail. Every
//! fault must leave nothing lost, nothing doubled, nothing unexpected.

mod faults;
mod run;
mod stage;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use tokio::runtime::Runtime;

use faults::FAULTS;
use stage::Stage;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Each fault has the servers for itself.
    arguments.test_threads = Some(1);
    let trial = |fault: &'static faults::Fault| {
        Trial::test(fault.name, move || {
            let runtime = Runtime::new()?;
            let outcome = runtime.block_on(async {
                let stage = Stage::set(fault.name).await?;
                run::run(&stage, fault).await
            });
            outcome.map_err(|error| Failed::from(format!("{error:#}")))
        })
    };
    libtest_mimic::run(&arguments, FAULTS.iter().map(trial).collect()).exit_code()
}
