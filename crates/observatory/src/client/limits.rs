//! `observatory limits`: how many jobs of a type may run at once and start in a span of time.

mod clear;
mod list;
mod set;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::Common;

/// What it is for.
pub(super) const ABOUT: &str = "\
How many jobs of a type may run at once, and how many may start in a span of time.

Limits hold for all workers together and change at once: what is held back by a limit that is lifted starts. A job that \
is held back says so: `observatory jobs state:held`.";

/// How it is used.
pub(super) const AFTER: &str = "\
Examples:
  observatory limits
  observatory limits set email --concurrency 5 --rate 100/1s
  observatory limits set email --rate none
  observatory limits clear email

Exit codes:
  0    listed, set or cleared
  2    it could not be done
  130  interrupted";

/// What to do; without anything they are listed.
#[derive(Args, Clone, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct LimitsArgs {
    #[command(subcommand)]
    command: Option<LimitsCommand>,

    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand, Clone, Debug)]
enum LimitsCommand {
    /// List every limit that is set
    List,
    /// Set limits of a type; what is not named stays as it is
    Set(set::SetArgs),
    /// Lift every limit of a type, a pause too
    Clear(clear::ClearArgs),
}

/// Does it.
pub(super) async fn run(args: LimitsArgs) -> anyhow::Result<ExitCode> {
    match args.command.unwrap_or(LimitsCommand::List) {
        LimitsCommand::List => list::run(&args.common).await,
        LimitsCommand::Set(set) => set::run(&args.common, &set).await,
        LimitsCommand::Clear(clear) => clear::run(&args.common, &clear).await,
    }
}
