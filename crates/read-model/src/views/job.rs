//! Jobs, as clients read them.

use contracts::JobStatus;
use jiff::Timestamp;
use ports::{JobDetail, JobSummary, Page};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::millis;
use crate::api::JobStatusName;
use crate::attempts::{Attempt, attempts};

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
            id: job.id,
            job_type: job.job_type,
            status: job.status,
            created_at: job.created_at,
            updated_at: job.updated_at,
            attempt: job.attempt,
            error: job.error,
            duration_ms: job.run_micros.map(millis),
        }
    }
}

/// A page of jobs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobPage)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobSummaryPage {
    /// The jobs, newest first.
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

/// Everything that is known of a job.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Job)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobView {
    #[serde(flatten)]
    summary: JobSummaryView,
    /// Every attempt, the first one first; the last one may still run.
    attempts: Vec<AttemptView>,
    /// How many attempts failed.
    failures: u32,
    /// How many workers died under it.
    crashes: u32,
    /// When the next attempt is due, where one waits for its time.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    next_run_at: Option<Timestamp>,
    /// What the handler returned: any JSON.
    #[schema(required, value_type = Option<Value>)]
    result: Option<Box<RawValue>>,
    /// Follows the client's request through every service.
    correlation_id: Uuid,
    #[serde(flatten)]
    body: StoredBody,
}

/// What the client said, of the parts that there is a word for.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
struct StoredBody {
    /// What the handler gets.
    #[schema(required, value_type = Option<Object>)]
    payload: Option<Box<RawValue>>,
    /// The client's own notes.
    #[schema(required, value_type = Option<Object>)]
    metadata: Option<Box<RawValue>>,
    /// The client's labels.
    #[schema(required)]
    tags: Vec<String>,
    /// The longest time that one attempt may take, as the client wished.
    #[schema(required)]
    timeout_seconds: Option<f64>,
    /// The client's wishes for retries.
    #[schema(required, value_type = Option<Object>)]
    retry: Option<Box<RawValue>>,
}

impl TryFrom<JobDetail> for JobView {
    type Error = serde_json::Error;

    /// Fails when the stored body does not read.
    fn try_from(job: JobDetail) -> Result<Self, serde_json::Error> {
        let waits = matches!(job.summary.status, JobStatus::Retrying | JobStatus::Scheduled);
        Ok(Self {
            body: serde_json::from_slice(&job.body)?,
            attempts: attempts(&job.history).into_iter().map(Into::into).collect(),
            failures: job.failures,
            crashes: job.crashes,
            next_run_at: job.wake_at.filter(|_| waits),
            result: job.result.as_deref().map(json_or_text).transpose()?,
            correlation_id: job.correlation_id,
            summary: job.summary.into(),
        })
    }
}

fn json_or_text(text: &str) -> Result<Box<RawValue>, serde_json::Error> {
    RawValue::from_string(text.to_owned()).or_else(|_| to_raw_value(text))
}

/// One attempt of a job.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attempt)]
#[serde(rename_all = "camelCase")]
struct AttemptView {
    /// Its number; 1 is the first.
    attempt: u32,
    /// Which worker ran it.
    #[schema(required)]
    worker: Option<String>,
    /// When it started.
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    /// When it ended; null while it runs.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    /// The state that the job was in after it; `EXECUTING` while it runs.
    #[schema(value_type = JobStatusName)]
    outcome: JobStatus,
    /// Why it did not go well.
    #[schema(required)]
    error: Option<String>,
    /// How long the handler ran, in milliseconds; null while it runs and where its worker died.
    #[schema(required)]
    duration_ms: Option<f64>,
}

impl From<Attempt> for AttemptView {
    fn from(attempt: Attempt) -> Self {
        Self {
            attempt: attempt.number,
            worker: attempt.worker,
            started_at: attempt.started_at,
            ended_at: attempt.ended_at,
            outcome: attempt.outcome,
            error: attempt.error,
            duration_ms: attempt.run_micros.map(millis),
        }
    }
}
