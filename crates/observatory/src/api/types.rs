//! Bodies of the read model.

use contracts::{EventType, JobStatus};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;
use uuid::Uuid;

/// `GET /stats`: the live counters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Stats {
    /// Jobs created.
    pub(crate) total_jobs: u64,
    /// Jobs COMPLETED.
    pub(crate) completed_jobs: u64,
    /// Jobs FAILED.
    pub(crate) failed_jobs: u64,
    /// Jobs QUARANTINED.
    #[serde(default)]
    pub(crate) quarantined_jobs: u64,
    /// Jobs CANCELLED.
    #[serde(default)]
    pub(crate) cancelled_jobs: u64,
    /// When the latest event happened.
    #[serde(default)]
    pub(crate) last_event_time: Option<Timestamp>,
}

impl Stats {
    /// Jobs that have ended, whichever way.
    pub(crate) fn ended(&self) -> u64 {
        self.completed_jobs + self.failed_jobs + self.quarantined_jobs + self.cancelled_jobs
    }
}

/// An item of `GET /jobs`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct JobItem {
    /// The job.
    pub(crate) id: Uuid,
    /// Where it is in its life.
    pub(crate) status: JobStatus,
}

/// `GET /jobs/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct JobDetail {
    /// Where the job is in its life.
    pub(crate) status: JobStatus,
    /// How many attempts were started.
    pub(crate) attempt: u32,
    /// How many attempts failed.
    pub(crate) failures: u32,
    /// How many workers died under it.
    pub(crate) crashes: u32,
    /// Why the last attempt did not go well.
    #[serde(default)]
    pub(crate) error: Option<String>,
}

/// An item of `GET /jobs/{id}/events`: the job store's own history.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HistoryEvent {
    /// The event.
    pub(crate) event_id: Uuid,
    /// What happened.
    pub(crate) event_type: EventType,
    /// When it happened.
    pub(crate) occurred_at: Timestamp,
    /// To which attempt.
    #[serde(default)]
    pub(crate) attempt: u32,
}

/// An item of `GET /events`: the derived event log.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LogEvent {
    /// The event.
    pub(crate) event_id: Uuid,
    /// What happened.
    pub(crate) event_type: EventType,
}

/// A list with a cursor.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page<T> {
    /// What is on this page.
    pub(crate) items: Vec<T>,
    /// Where the next page begins, if there is one.
    #[serde(default)]
    pub(crate) next_cursor: Option<String>,
}

/// A list of which only the length matters.
pub(crate) type Count = Page<IgnoredAny>;
