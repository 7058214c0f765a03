//! What clients want of jobs that are there: one of them, or all that match a query.

mod count;
mod matching;
mod one;
mod selection;

use contracts::JobStatus;
use ports::Command;

pub(crate) use matching::{Matched, all_matching};
pub(crate) use one::{Answer, one};
pub(crate) use selection::SelectionBody;

/// The name of a command, in paths and metrics.
pub(crate) const fn name(command: Command) -> &'static str {
    match command {
        Command::Cancel => "cancel",
        Command::Retry => "retry",
        Command::Delete => "delete",
    }
}

/// The state of a job once the command is done; none once it is forgotten.
pub(crate) const fn status_after(command: Command) -> Option<JobStatus> {
    match command {
        Command::Cancel => Some(JobStatus::Cancelled),
        Command::Retry => Some(JobStatus::Retrying),
        Command::Delete => None,
    }
}
