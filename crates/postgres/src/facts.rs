//! What never changes of a job.

use contracts::{EventType, Priority};
use domain::JobEvent;
use jiff::Timestamp;
use ports::NewJob;
use uuid::Uuid;

use crate::codes::to_the_microsecond;

/// What never changes of a job and is asked for all the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) id: Uuid,
    pub(crate) job_type: String,
    pub(crate) created_at: Timestamp,
    pub(crate) accepted_at: Timestamp,
    pub(crate) correlation_id: Uuid,
    pub(crate) priority: Priority,
    pub(crate) run_at: Option<Timestamp>,
    pub(crate) unique_key: Option<String>,
}

impl Facts {
    /// What is known of a job that arrives.
    pub(crate) fn of(job: &NewJob) -> Self {
        Self {
            id: job.id,
            job_type: job.job_type.clone(),
            created_at: to_the_microsecond(job.created_at),
            accepted_at: to_the_microsecond(job.accepted_at),
            correlation_id: job.correlation_id,
            priority: job.priority,
            run_at: job.run_at.map(to_the_microsecond),
            unique_key: job.unique_key.clone(),
        }
    }

    /// An event of this job with nothing but its kind, attempt and time.
    pub(crate) fn event(&self, event_type: EventType, attempt: u32, at: Timestamp) -> JobEvent {
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
