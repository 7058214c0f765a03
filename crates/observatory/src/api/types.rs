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
    /// How often an attempt was followed by another one.
    #[serde(default)]
    pub(crate) retries: u64,
    /// The counters of each job type.
    #[serde(default)]
    pub(crate) by_type: Vec<TypeStats>,
    /// When the latest event happened; empty before the first.
    #[serde(default)]
    pub(crate) last_event_time: String,
}

/// The part of `GET /stats` that is about queues.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Queues {
    /// Each of them; none where nobody knows.
    #[serde(default)]
    pub(crate) queues: Vec<QueueStats>,
}

/// How full a queue is.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct QueueStats {
    /// Messages that wait for a consumer.
    pub(crate) ready: u64,
    /// Messages that a consumer holds.
    pub(crate) unacknowledged: u64,
}

/// The counters of one job type in [`Stats`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct TypeStats {
    /// Jobs created.
    pub(crate) total: u64,
    /// Jobs COMPLETED.
    pub(crate) completed: u64,
    /// Jobs FAILED or QUARANTINED.
    pub(crate) failed: u64,
}

impl Stats {
    /// Jobs that have ended, whichever way.
    pub(crate) fn ended(&self) -> u64 {
        self.completed_jobs + self.failed_jobs + self.quarantined_jobs + self.cancelled_jobs
    }

    /// When the latest event happened, if any did.
    pub(crate) fn last_event(&self) -> Option<Timestamp> {
        self.last_event_time.parse().ok()
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
#[serde(rename_all = "camelCase")]
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
    /// When the next attempt is due, where one waits for its time.
    #[serde(default)]
    pub(crate) next_run_at: Option<Timestamp>,
    /// Not before this moment.
    #[serde(default)]
    pub(crate) run_at: Option<Timestamp>,
}

/// The part of a schedule that matters here.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScheduleDetail {
    /// What the identifiers of its jobs are made of.
    pub(crate) id: Uuid,
    /// When it fires.
    pub(crate) cron: String,
    /// Where that is read.
    pub(crate) timezone: String,
    /// When it was made.
    pub(crate) created_at: Timestamp,
    /// The last firing that was dealt with.
    #[serde(default)]
    pub(crate) last_at: Option<Timestamp>,
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
    /// The part of the job that matters here.
    pub(crate) payload: HistoryPayload,
}

/// The part of an event's payload that matters to a history.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HistoryPayload {
    /// To which attempt it happened; none before the first.
    #[serde(default)]
    pub(crate) attempt: u32,
    /// Why, where it did not go well.
    #[serde(default)]
    pub(crate) error: Option<String>,
    /// How long the attempt ran, in microseconds, where its worker has said so.
    #[serde(default)]
    pub(crate) run_micros: Option<u64>,
}

/// An item of `GET /events`: the derived event log.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LogEvent {
    /// The event.
    pub(crate) event_id: Uuid,
    /// What happened.
    pub(crate) event_type: EventType,
    /// To which job.
    #[serde(rename = "idempotencyKey")]
    pub(crate) job_id: Uuid,
}

/// A list with a cursor.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page<T> {
    /// What is on this page.
    pub(crate) items: Vec<T>,
    /// Where the next page begins, if there is one.
    #[serde(default)]
    pub(crate) next_cursor: Option<String>,
}

/// A list of which only the length and the end matter.
pub(crate) type PageLength = Page<IgnoredAny>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counters_of_an_idle_observatory_are_read() {
        let text = r#"{"totalJobs":0,"completedJobs":0,"failedJobs":0,"lastEventTime":"","byType":[]}"#;
        let stats: Stats = serde_json::from_str(text).unwrap();
        assert_eq!((stats.ended(), stats.last_event()), (0, None));
    }

    #[test]
    fn the_counters_of_a_busy_one_are_read() {
        let text = r#"{"totalJobs":9,"completedJobs":4,"failedJobs":2,"quarantinedJobs":1,"cancelledJobs":0,
            "retries":3,"lastEventTime":"2026-01-02T03:04:05.123456Z","queues":[],
            "byType":[{"type":"echo","total":9,"completed":4,"failed":3}]}"#;
        let stats: Stats = serde_json::from_str(text).unwrap();
        assert_eq!((stats.ended(), stats.retries, stats.by_type[0].failed), (7, 3, 3));
        assert_eq!(stats.last_event().unwrap().subsec_microsecond(), 123_456);
    }

    #[test]
    fn events_are_read_from_their_envelopes() {
        let text = r#"{"contractVersion":"1.1.0","eventType":"job.retrying","occurredAt":"2026-01-02T03:04:05Z",
            "eventId":"00000000-0000-0000-0000-000000000001","payload":{"status":"RETRYING","attempt":2}}"#;
        let event: HistoryEvent = serde_json::from_str(text).unwrap();
        assert_eq!(
            (event.event_type, event.payload.attempt),
            (EventType::Retrying, 2)
        );
    }
}
