//! A job's life moment by moment, as clients read it.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::millis;
use crate::timeline::Moment;

/// A job's life.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Timeline)]
pub(crate) struct TimelineView {
    /// What happened, oldest first; the list is complete.
    items: Vec<MomentView>,
}

impl From<Vec<Moment>> for TimelineView {
    fn from(moments: Vec<Moment>) -> Self {
        Self {
            items: moments.into_iter().map(Into::into).collect(),
        }
    }
}

/// Something that happened to a job.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Moment)]
#[serde(rename_all = "camelCase")]
struct MomentView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The type of an event, or `log` for a line that the handler wrote down.
    #[schema(examples("job.executed"))]
    kind: &'static str,
    /// The attempt that it happened to; 0 before the first.
    attempt: u32,
    /// Which worker was at it.
    #[schema(required)]
    worker: Option<String>,
    /// What was written down, or why an event did not go well.
    #[schema(required)]
    text: Option<String>,
    /// How long the attempt that ended ran, in milliseconds.
    #[schema(required)]
    duration_ms: Option<f64>,
}

impl From<Moment> for MomentView {
    fn from(moment: Moment) -> Self {
        Self {
            at: moment.at,
            kind: moment.kind.name(),
            attempt: moment.attempt,
            worker: moment.worker,
            text: moment.text,
            duration_ms: moment.run_micros.map(millis),
        }
    }
}
