//! `observatory schedules`: jobs that are made when the clock says so.

mod change;
mod create;
mod list;
mod preview;
mod run_now;
mod show;
mod view;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use domain::schedule::ScheduleName;

use super::Common;

/// What it is for.
pub(super) const ABOUT: &str = "\
Make jobs when the clock says so.

A schedule is a cron expression of five fields (minute, hour, day of month, month, day of week), or six with the second \
first, read in a time zone, and a job. Its firings are neither missed nor doubled, whoever is killed at which moment; \
what happens to those that come due while nothing runs says --catch-up.";

/// How it is used.
pub(super) const AFTER: &str = "\
Examples:
  observatory schedules
  observatory schedules create nightly --cron '0 3 * * *' --timezone Europe/Berlin --type report
  observatory schedules create tick --cron '*/10 * * * * *' --type echo --payload '{\"n\":1}'
  observatory schedules preview --cron '0 9 * * mon-fri' --timezone America/New_York
  observatory schedules run nightly
  observatory jobs schedule:nightly               the jobs that it made

Exit codes:
  0    done
  1    there is no such schedule, or the name is taken
  2    it could not be done
  130  interrupted";

/// What to do; without anything they are listed.
#[derive(Args, Clone, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct SchedulesArgs {
    #[command(subcommand)]
    command: Option<SchedulesCommand>,

    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand, Clone, Debug)]
enum SchedulesCommand {
    /// List schedules
    List,
    /// Show one with its next firings
    Show(Named),
    /// Make one
    Create(Box<create::CreateArgs>),
    /// Forget one; the jobs that it made stay
    Delete(Named),
    /// Let one fire nothing for now
    Pause(Named),
    /// Let one fire again; what it would have fired in between is left out
    Resume(Named),
    /// Make one's job now, besides its firings
    Run(Named),
    /// Say when a cron expression fires, without making anything
    Preview(preview::PreviewArgs),
}

/// Which schedule.
#[derive(Args, Clone, Debug)]
struct Named {
    /// Its name
    #[arg(value_name = "NAME")]
    name: ScheduleName,
}

/// Does it.
pub(super) async fn run(args: SchedulesArgs) -> anyhow::Result<ExitCode> {
    let common = &args.common;
    match args.command.unwrap_or(SchedulesCommand::List) {
        SchedulesCommand::List => list::run(common).await,
        SchedulesCommand::Show(Named { name }) => show::run(common, &name).await,
        SchedulesCommand::Create(create) => create::run(common, &create).await,
        SchedulesCommand::Delete(Named { name }) => change::delete(common, &name).await,
        SchedulesCommand::Pause(Named { name }) => change::pause(common, &name).await,
        SchedulesCommand::Resume(Named { name }) => change::resume(common, &name).await,
        SchedulesCommand::Run(Named { name }) => run_now::run(common, &name).await,
        SchedulesCommand::Preview(preview) => preview::run(common, &preview).await,
    }
}
