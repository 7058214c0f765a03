//! What stores tell of jobs.

use bytes::Bytes;
use contracts::{JobStatus, Priority};
use domain::limits::Hold;
use domain::{JobEvent, LogLine};
use jiff::Timestamp;
use uuid::Uuid;

/// A job in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct JobSummary {
    /// The job.
    pub id: Uuid,
    /// Which handler runs it.
    pub job_type: String,
    /// Where it is in its life.
    pub status: JobStatus,
    /// When the client made it.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// How many attempts were started.
    pub attempt: u32,
    /// Which of the waiting jobs go first.
    pub priority: Priority,
    /// Why it may not start although its time has come.
    pub held: Option<Hold>,
    /// When the scheduler looks at it again.
    pub wake_at: Option<Timestamp>,
    /// Why the last attempt did not go well.
    pub error: Option<String>,
    /// How long the last ended attempt ran, in microseconds.
    pub run_micros: Option<u64>,
}

/// Everything that is known of a job.
#[derive(Clone, Debug, PartialEq)]
pub struct JobDetail {
    /// What a list shows.
    pub summary: JobSummary,
    /// How many attempts failed.
    pub failures: u32,
    /// How many workers died under it.
    pub crashes: u32,
    /// How often a client has revived it.
    pub round: u32,
    /// Whether a client wants its running attempt to end.
    pub cancelling: bool,
    /// When the gateway accepted it.
    pub accepted_at: Timestamp,
    /// The job object as it was published, JSON text.
    pub body: Bytes,
    /// What the handler returned, JSON text.
    pub result: Option<String>,
    /// Follows the client's request.
    pub correlation_id: Uuid,
    /// The job's life so far, `job.created` first.
    pub history: Vec<JobEvent>,
    /// What its handler wrote down, for the attempts that wrote anything.
    pub logs: Vec<AttemptLog>,
}

/// The log of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptLog {
    /// Which attempt.
    pub attempt: u32,
    /// Its lines, the first one first.
    pub lines: Vec<LogLine>,
}
