//! One job, as clients read it.

use jiff::Timestamp;
use ports::JobDetail;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::attempt::AttemptView;
use super::job::JobSummaryView;
use crate::attempts::attempts;

/// Everything that is known of a job.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Job)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobView {
    #[serde(flatten)]
    summary: JobSummaryView,
    /// Every attempt, the first one first; the last one may still run.
    attempts: Vec<AttemptView>,
    /// How many attempts of this round failed.
    failures: u32,
    /// How many workers died under it in this round.
    crashes: u32,
    /// How often a client has revived it after its end.
    round: u32,
    /// Whether a client wants its running attempt to end.
    cancelling: bool,
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
    /// No two jobs that have not ended have the same.
    #[schema(required)]
    unique_key: Option<String>,
    /// The name of the schedule that made it.
    #[schema(required)]
    schedule: Option<String>,
    /// Not before this moment, as the client wished.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    run_at: Option<Timestamp>,
}

impl TryFrom<JobDetail> for JobView {
    type Error = serde_json::Error;

    /// Fails when the stored body does not read.
    fn try_from(job: JobDetail) -> Result<Self, serde_json::Error> {
        Ok(Self {
            body: serde_json::from_slice(&job.body)?,
            attempts: attempts(&job.history, job.logs)
                .into_iter()
                .map(Into::into)
                .collect(),
            failures: job.failures,
            crashes: job.crashes,
            round: job.round,
            cancelling: job.cancelling,
            result: job.result.as_deref().map(json_or_text).transpose()?,
            correlation_id: job.correlation_id,
            summary: job.summary.into(),
        })
    }
}

fn json_or_text(text: &str) -> Result<Box<RawValue>, serde_json::Error> {
    RawValue::from_string(text.to_owned()).or_else(|_| to_raw_value(text))
}
