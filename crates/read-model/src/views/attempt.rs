//! Attempts, as clients read them.

use contracts::JobStatus;
use domain::LogLine;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::millis;
use crate::api::JobStatusName;
use crate::attempts::Attempt;

/// One attempt of a job.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attempt)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AttemptView {
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
    /// What the handler wrote down, bounded; known once the attempt has ended.
    log: Vec<LogLineView>,
}

/// A line that a handler wrote down.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LogLine)]
struct LogLineView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// What it says.
    text: String,
}

impl From<LogLine> for LogLineView {
    fn from(LogLine { at, text }: LogLine) -> Self {
        Self { at, text }
    }
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
            log: attempt.log.into_iter().map(Into::into).collect(),
        }
    }
}
