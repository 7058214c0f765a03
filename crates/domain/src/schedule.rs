//! Schedules: jobs that are made when the clock of some place says so.
//!
//! [`Cron`] is the rule of a schedule, [`due`] what it has to fire by now, [`firing_id`] the identifier of the job of
//! one firing. Together they make a scheduler that neither misses nor doubles a firing: which firings there are
//! follows from the rule and the last one alone, and firing one of them twice makes the same job.

mod cron;
mod due;
mod fields;
mod name;
mod zone;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

pub use cron::{Cron, CronError, MAX_PREVIEW};
pub use due::{CatchUp, Due, MAX_CATCH_UP, due};
pub use fields::{CronField, FieldError};
pub use name::{InvalidName, ScheduleName};

/// A schedule as stores keep it and APIs show it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    /// What the identifiers of its jobs are derived from; a schedule that is made anew under an old name has another.
    pub id: Uuid,
    /// What people call it; no two have the same.
    pub name: ScheduleName,
    /// The cron expression. Text, because a stored one must be listed even if a later version refuses it.
    pub cron: String,
    /// The time zone that it is read in, by its name in the time zone database.
    pub timezone: String,
    /// What happens to firings that were missed.
    pub catch_up: CatchUp,
    /// Whether it fires nothing for now.
    pub paused: bool,
    /// The job that each firing makes: what a client would submit.
    pub job: Box<RawValue>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When somebody last changed, paused or resumed it. Firing does not count.
    pub updated_at: Timestamp,
    /// When it fires next; `None` while it is paused.
    pub next_at: Option<Timestamp>,
    /// The last firing that was dealt with: the moment it was due, not the one at which it was done.
    pub last_at: Option<Timestamp>,
    /// The job of the last firing.
    pub last_job: Option<Uuid>,
}

impl Schedule {
    /// The rule.
    ///
    /// # Errors
    /// When the stored text is none, or the time zone is unknown by now.
    pub fn rule(&self) -> Result<Cron, CronError> {
        Cron::new(&self.cron, &self.timezone)
    }

    /// The moment after which firings count: the last one, or the last change. What would have fired before a change
    /// or during a pause is not made up for.
    pub fn anchor(&self) -> Timestamp {
        self.last_at
            .map_or(self.updated_at, |last| last.max(self.updated_at))
    }
}

/// The identifier of the job that a schedule makes at a moment. It is the same for ever, so that a scheduler that died
/// at fire time may fire again.
pub fn firing_id(schedule_id: Uuid, at: Timestamp) -> Uuid {
    Uuid::new_v5(&schedule_id, &at.as_microsecond().to_be_bytes())
}

#[cfg(test)]
mod tests;
