//! What never changes of a job and is asked for all the time.

use contracts::{EventType, Priority};
use domain::JobEvent;
use jiff::Timestamp;
use ports::NewJob;
use uuid::Uuid;

use crate::codes::moment;

/// What never changes of a job. (What is asked for less often is in [`super::body`].)
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) id: Uuid,
    pub(super) job_type: String,
    pub(super) created_at: Timestamp,
    pub(super) correlation_id: Uuid,
    pub(super) priority: Priority,
    pub(super) unique_key: Option<String>,
    /// The name of the schedule that made it.
    pub(super) schedule: Option<String>,
}

impl Facts {
    /// What is known of a job that arrives.
    pub(super) fn of(job: &NewJob) -> Self {
        Self {
            id: job.id,
            job_type: job.job_type.clone(),
            created_at: to_the_microsecond(job.created_at),
            correlation_id: job.correlation_id,
            priority: job.priority,
            unique_key: job.unique_key.clone(),
            schedule: job.schedule.clone(),
        }
    }

    /// An event of this job with nothing but its kind, attempt and time.
    pub(super) fn event(&self, event_type: EventType, attempt: u32, at: Timestamp) -> JobEvent {
        JobEvent {
            job_id: self.id,
            job_type: self.job_type.clone(),
            created_at: self.created_at,
            correlation_id: self.correlation_id,
            event_type,
            attempt,
            at: to_the_microsecond(at),
            worker: None,
            error: None,
            run_micros: None,
            run_at: None,
            round: 0,
        }
    }
}

/// The store keeps no finer time.
pub(super) fn to_the_microsecond(at: Timestamp) -> Timestamp {
    moment(at.as_microsecond()).unwrap_or(at)
}
