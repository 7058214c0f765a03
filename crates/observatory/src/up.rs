//! `observatory up`: the whole observatory, in one process or each role in its own.
//!
//! In one process this is the composition root, which sees services and adapters at once. The services shape has one
//! of its own, in the programs of the roles; here they are only started, watched and stopped, so that this command
//! needs no driver of a server.

mod adapters;
mod args;
mod banner;
mod data_dir;
mod embedded;
mod listeners;
mod services;
mod supervisor;
mod target;

use std::process::ExitCode;

use anyhow::bail;
use processor::HandlerRegistry;

use crate::{cluster, interrupt};

use args::Stray;
pub use args::{UpArgs, builtin_handlers};
pub(crate) use supervisor::{Role, port as role_port};
pub use target::{ServicesArgs, Target};

/// Runs the observatory until it is told to stop. The handlers are for the one in this process; a processor of its own
/// has those of its program.
///
/// # Errors
/// In words for a person.
pub async fn run(args: UpArgs, handlers: HandlerRegistry) -> anyhow::Result<ExitCode> {
    if args.until_end_of_input {
        interrupt::at_end_of_input()?;
    }
    if let Some(Stray { option, targets }) = args.stray() {
        bail!(
            "{option} is not for --target {}, but for --target {targets}",
            args.target
        )
    }
    match args.target {
        Target::Kind => cluster::up(&args.cluster, true).await,
        Target::Cluster => cluster::up(&args.cluster, false).await,
        Target::Services => supervisor::run(args).await,
        Target::Embedded => embedded::run(args, handlers).await,
    }
}
