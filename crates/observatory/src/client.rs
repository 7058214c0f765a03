//! Commands that talk over HTTP to an observatory that runs: one file per command.
//!
//! [`ClientCommand`] lists them. What they share: [`Common`] says where the observatory is and how to answer, `remote`
//! asks it, `out` prints, `bulk` follows what is done to many jobs at once.

mod bulk;
mod cancel;
mod common;
pub(crate) mod confirm;
mod dead_letters;
mod delete;
mod document;
mod errors;
mod input;
mod job;
mod jobs;
mod limits;
mod many;
mod out;
mod pause;
mod queries;
mod rebuild;
mod remote;
mod resume;
mod retry;
mod schedules;
pub(crate) mod style;
mod submit;
mod table;
mod times;
mod watch;

use std::io;
use std::process::ExitCode;

use clap::Subcommand;

use crate::interrupt;
pub(crate) use common::Common;

/// The exit code of a "no": the job failed, nothing matched, a part of what was asked for was refused.
const EXIT_NO: u8 = 1;

/// The commands.
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum ClientCommand {
    /// Submit a job, or many
    #[command(long_about = submit::ABOUT, after_help = submit::AFTER)]
    Submit(submit::SubmitArgs),

    /// List jobs, newest first, all or those that a query matches
    #[command(long_about = jobs::ABOUT, after_help = jobs::AFTER)]
    Jobs(jobs::JobsArgs),

    /// Show one job: state, attempts with their logs, timeline, result, payload
    #[command(long_about = job::ABOUT, after_help = job::AFTER)]
    Job(job::JobArgs),

    /// Withdraw jobs that have not ended
    #[command(long_about = cancel::ABOUT, after_help = cancel::AFTER)]
    Cancel(many::ManyArgs),

    /// Begin a new round of jobs that ended without a result
    #[command(long_about = retry::ABOUT, after_help = retry::AFTER)]
    Retry(many::ManyArgs),

    /// Forget jobs that have ended
    #[command(long_about = delete::ABOUT, after_help = delete::AFTER)]
    Delete(many::ManyArgs),

    /// Read, replay and discard messages that no service could accept
    #[command(long_about = dead_letters::ABOUT, after_help = dead_letters::AFTER)]
    DeadLetters(dead_letters::DeadLettersArgs),

    /// Make jobs when the clock says so
    #[command(long_about = schedules::ABOUT, after_help = schedules::AFTER)]
    Schedules(schedules::SchedulesArgs),

    /// How many jobs of a type may run at once and start in a span of time
    #[command(long_about = limits::ABOUT, after_help = limits::AFTER)]
    Limits(limits::LimitsArgs),

    /// Start no more jobs of a type, or none at all
    #[command(long_about = pause::ABOUT, after_help = pause::AFTER)]
    Pause(pause::PauseArgs),

    /// Start jobs again after a pause
    #[command(long_about = resume::ABOUT, after_help = resume::AFTER)]
    Resume(pause::PauseArgs),

    /// Why jobs fail, grouped by cause
    #[command(long_about = errors::ABOUT, after_help = errors::AFTER)]
    Errors(errors::ErrorsArgs),

    /// Build counters or the event log anew from the jobs
    #[command(long_about = rebuild::ABOUT, after_help = rebuild::AFTER)]
    Rebuild(rebuild::RebuildArgs),

    /// Follow what happens to jobs as it happens
    #[command(long_about = watch::ABOUT, after_help = watch::AFTER)]
    Watch(watch::WatchArgs),
}

impl ClientCommand {
    /// Does what the command says.
    ///
    /// # Errors
    /// Where that is not possible. A "no" is no error but exit code 1.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let outcome = runtime.block_on(async {
            tokio::select! {
                outcome = self.execute() => outcome,
                () = interrupt::requested() => Ok(ExitCode::from(interrupt::EXIT_INTERRUPTED)),
            }
        });
        // Somebody may still be asked a question that nobody waits for any more.
        runtime.shutdown_background();
        match outcome {
            Err(error) if is_broken_pipe(&error) => Ok(ExitCode::SUCCESS),
            outcome => outcome,
        }
    }

    async fn execute(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Submit(args) => submit::run(args).await,
            Self::Jobs(args) => jobs::run(args).await,
            Self::Job(args) => job::run(args).await,
            Self::Cancel(args) => many::run(args, &cancel::VERB).await,
            Self::Retry(args) => many::run(args, &retry::VERB).await,
            Self::Delete(args) => many::run(args, &delete::VERB).await,
            Self::DeadLetters(args) => dead_letters::run(args).await,
            Self::Schedules(args) => schedules::run(args).await,
            Self::Limits(args) => limits::run(args).await,
            Self::Pause(args) => pause::run(args, true).await,
            Self::Resume(args) => pause::run(args, false).await,
            Self::Errors(args) => errors::run(args).await,
            Self::Rebuild(args) => rebuild::run(args).await,
            Self::Watch(args) => watch::run(args).await,
        }
    }
}

/// Whoever read our output has read enough: `observatory jobs | head -1`.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>());
    io.is_some_and(|io| io.kind() == io::ErrorKind::BrokenPipe)
}

/// 0 for a yes, 1 for a no.
fn verdict(yes: bool) -> ExitCode {
    if yes {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(EXIT_NO)
    }
}
