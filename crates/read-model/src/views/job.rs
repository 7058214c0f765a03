//! Jobs in lists, as clients read them.

use contracts::{JobStatus, Priority};
use domain::limits::Hold;
use jiff::Timestamp;
use ports::{JobSummary, Page};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::millis;
use crate::api::{HoldName, JobStatusName, PriorityName};

/// A job in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobSummary)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobSummaryView {
    /// The job.
    id: Uuid,
    /// Which handler runs it.
    #[serde(rename = "type")]
    #[schema(examples("echo"))]
    job_type: String,
    /// Where it is in its life.
    #[schema(value_type = JobStatusName)]
    status: JobStatus,
    /// When the client made it.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// How many attempts were started.
    attempt: u32,
    /// Which of the waiting jobs go first.
    #[schema(value_type = PriorityName)]
    priority: Priority,
    /// Why it may not start although its time has come.
    #[schema(required, value_type = Option<HoldName>)]
    held: Option<Hold>,
    /// When the next attempt is due, where one waits for its time.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    next_run_at: Option<Timestamp>,
    /// Why the last attempt did not go well.
    #[schema(required)]
    error: Option<String>,
    /// How long the last ended attempt ran, in milliseconds.
    #[schema(required)]
    duration_ms: Option<f64>,
}

impl From<JobSummary> for JobSummaryView {
    fn from(job: JobSummary) -> Self {
        Self {
            next_run_at: next_run_at(&job),
            id: job.id,
            job_type: job.job_type,
            status: job.status,
            created_at: job.created_at,
            updated_at: job.updated_at,
            attempt: job.attempt,
            priority: job.priority,
            held: job.held,
            error: job.error,
            duration_ms: job.run_micros.map(millis),
        }
    }
}

/// The moment that a job waits for, if it is one that says something to a client: that is neither the sweeper's, for
/// what should have begun by now, nor one that an event may move at any time.
fn next_run_at(job: &JobSummary) -> Option<Timestamp> {
    let waits = match job.held {
        Some(reason) => reason == Hold::Rate,
        None => matches!(job.status, JobStatus::Retrying | JobStatus::Scheduled),
    };
    job.wake_at.filter(|_| waits)
}

/// A page of jobs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobPage)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobSummaryPage {
    /// The jobs, newest first. Where few match, a page may be short and still not be the last.
    items: Vec<JobSummaryView>,
    /// Where the next page starts; null at the end.
    #[schema(required)]
    next_cursor: Option<String>,
}

impl From<Page<JobSummary>> for JobSummaryPage {
    fn from(page: Page<JobSummary>) -> Self {
        let next_cursor = page.next.as_ref().map(ToString::to_string);
        Self {
            items: page.items.into_iter().map(Into::into).collect(),
            next_cursor,
        }
    }
}
