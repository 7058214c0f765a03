//! Numbers, as clients read them.

use jiff::Timestamp;
use ports::{QueueDepth, StatsBucket, TypeStats};
use serde::Serialize;
use utoipa::ToSchema;

/// All numbers at one moment.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatsView {
    /// Jobs that were ever accepted.
    #[schema(examples(20000))]
    pub(crate) total_jobs: u64,
    /// Jobs that returned a result.
    pub(crate) completed_jobs: u64,
    /// Jobs whose attempts all failed.
    pub(crate) failed_jobs: u64,
    /// When the latest event happened (RFC 3339); empty before the first.
    #[schema(examples("2026-01-02T03:04:05.123456Z"))]
    pub(crate) last_event_time: String,
    /// Jobs that no worker has started.
    pub(crate) pending_jobs: u64,
    /// Jobs that a worker runs now.
    pub(crate) executing_jobs: u64,
    /// Jobs that wait for another attempt. Where attempts have been retried, jobs that wait for their time or are held
    /// back may be among them: the counters do not tell them apart.
    pub(crate) retrying_jobs: u64,
    /// Jobs that a client withdrew.
    pub(crate) cancelled_jobs: u64,
    /// Jobs that were set aside because too many workers died under them.
    pub(crate) quarantined_jobs: u64,
    /// Attempts that were followed by another one.
    pub(crate) retries: u64,
    /// Dead letters that nobody has dealt with; null while the event log is away.
    #[schema(required)]
    pub(crate) dead_letters: Option<u64>,
    /// Jobs completed per second, over the last seconds.
    #[schema(examples(1234.5))]
    pub(crate) jobs_per_second: f64,
    /// The numbers by job type, the busiest first; rare types are summed as `other`.
    pub(crate) by_type: Vec<TypeView>,
    /// How full the queues are.
    pub(crate) queues: Vec<QueueView>,
    /// What is missing above, and why; empty when all is well.
    pub(crate) degraded: Vec<String>,
}

/// The numbers of one job type.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TypeView {
    /// The job type.
    #[serde(rename = "type")]
    #[schema(examples("echo"))]
    job_type: String,
    /// Jobs accepted.
    total: u64,
    /// Jobs completed.
    completed: u64,
    /// Jobs failed or quarantined.
    failed: u64,
}

impl From<TypeStats> for TypeView {
    fn from(stats: TypeStats) -> Self {
        let TypeStats {
            job_type,
            created,
            completed,
            failed,
        } = stats;
        Self {
            job_type,
            total: created,
            completed,
            failed,
        }
    }
}

/// How full one queue is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueueView {
    /// Its name on the bus.
    #[schema(examples("jobs.created"))]
    name: &'static str,
    /// Messages that wait for a consumer.
    ready: u64,
    /// Messages that a consumer holds.
    unacknowledged: u64,
}

impl From<&QueueDepth> for QueueView {
    fn from(depth: &QueueDepth) -> Self {
        Self {
            name: depth.queue.name(),
            ready: depth.ready,
            unacknowledged: depth.unacknowledged,
        }
    }
}

/// What happened over time.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HistoryView {
    /// The length of a slice.
    #[schema(examples(60))]
    pub(crate) step_seconds: i64,
    /// The slices, oldest first; the last one is not over yet.
    pub(crate) items: Vec<SliceView>,
}

/// What happened in one slice of time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SliceView {
    /// Its start.
    #[schema(value_type = String, format = DateTime, examples("2026-01-02T03:04:00Z"))]
    at: Timestamp,
    /// Jobs accepted.
    created: u64,
    /// Jobs completed.
    completed: u64,
    /// Jobs failed or quarantined.
    failed: u64,
}

impl From<StatsBucket> for SliceView {
    fn from(bucket: StatsBucket) -> Self {
        let StatsBucket {
            minute,
            created,
            completed,
            failed,
        } = bucket;
        Self {
            at: Timestamp::from_second(minute).unwrap_or_default(),
            created,
            completed,
            failed,
        }
    }
}
