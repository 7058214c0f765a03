//! What a client is told of a job that it has submitted.

use axum::Json;
use contracts::JobStatus;
use ports::JobDetail;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Accepted;
use crate::api::JobAccepted;

/// A job that is accepted.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes the answer in the API document")]
pub(crate) enum SubmissionAnswer {
    /// Without a `wait`, or where the job store is away.
    Accepted(JobAccepted),
    /// After a `wait` that was too short.
    UnderWay(JobUnderWay),
}

/// A job that is accepted and has not ended.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobUnderWay {
    /// Under which the job can be asked for.
    job_id: Uuid,
    /// The event that announced it.
    event_id: Uuid,
    /// Where it is in its life.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required, examples("EXECUTING"))]
    status: Option<JobStatus>,
}

/// A job that has ended while its client waited.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobEnded {
    /// Under which the job can be asked for.
    job_id: Uuid,
    /// The event that announced it.
    event_id: Uuid,
    /// How it ended.
    #[schema(value_type = String, examples("COMPLETED"))]
    status: JobStatus,
    /// What the handler returned: any JSON.
    #[schema(required, value_type = Option<Value>)]
    result: Option<Box<RawValue>>,
    /// Why it did not go well.
    #[schema(required)]
    error: Option<String>,
}

impl JobUnderWay {
    pub(crate) fn of(accepted: Accepted, status: Option<JobStatus>) -> Json<Self> {
        let Accepted { job_id, event_id } = accepted;
        Json(Self {
            job_id,
            event_id,
            status,
        })
    }
}

impl JobEnded {
    pub(crate) fn of(accepted: Accepted, job: JobDetail) -> Json<Self> {
        let result = job.result.and_then(|text| {
            let read = RawValue::from_string(text);
            read.inspect_err(|error| tracing::error!(%error, "a stored result does not read"))
                .ok()
        });
        Json(Self {
            job_id: accepted.job_id,
            event_id: accepted.event_id,
            status: job.summary.status,
            result,
            error: job.summary.error,
        })
    }
}
