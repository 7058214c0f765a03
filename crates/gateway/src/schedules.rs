//! Schedules: made, changed, stopped and asked for a job.

mod bodies;
mod change;
mod draft;
mod preview;
mod run;

pub(crate) use bodies::{NewSchedule, RuleBody, ScheduleBody};
pub(crate) use change::{create, delete, pause, replace};
pub(crate) use draft::{Draft, read};
pub(crate) use preview::{Preview, preview};
pub(crate) use run::run;

use contracts::Violation;
use domain::schedule::CronError;

/// Where in a body a rule is wrong, and why.
fn violation(error: &CronError) -> Violation {
    let path = match error {
        CronError::Zone { .. } => "/timezone",
        _ => "/cron",
    };
    Violation {
        path: path.to_owned(),
        message: error.to_string(),
    }
}
