//! The job store: the authority on every job.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use contracts::JobStatus;
use domain::{AttemptResult, JobEvent};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{Cursor, Page, StoreError};

/// A job as its `job.created` message describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// The job's identifier; a job is stored once under it.
    pub id: Uuid,
    /// Which handler runs it.
    pub job_type: String,
    /// When the client made it.
    pub created_at: Timestamp,
    /// When the gateway accepted it.
    pub accepted_at: Timestamp,
    /// Follows the client's request.
    pub correlation_id: Uuid,
    /// W3C trace context of the client's request.
    pub traceparent: Option<String>,
    /// Labels to find it by.
    pub tags: Vec<String>,
    /// The job object as it was published, JSON text.
    pub body: Bytes,
}

/// A message's wish for an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimRequest {
    /// The job, stored if it is not known yet and `attempt` is 1.
    pub job: NewJob,
    /// Which attempt the message asks for; 1 is the first.
    pub attempt: u32,
}

/// Who claims, once per call: repeating a call with the same ticket repeats its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimTicket {
    /// The worker, which must have a lease (see [`JobStore::heartbeat`]).
    pub worker: String,
    /// A number never used before; at most 63 bits, not 0.
    pub claim: u64,
    /// The claim's moment.
    pub now: Timestamp,
}

/// The answer to one [`ClaimRequest`]; `domain::claim::decide` is the rule behind it.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    /// The worker holds the attempt and must report its result under this token.
    Started(Started),
    /// Somebody else holds the job, and its events are safe in the outbox: ack the message.
    Held,
    /// The job has moved on. Publish these events again, then ack. (Without `job.created`, which every
    /// consumer had from the message itself.)
    Passed(Vec<JobEvent>),
}

/// A granted attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct Started {
    /// The fencing token.
    pub attempt: u32,
    /// How many attempts have failed before.
    pub failures: u32,
    /// The transition's event, to be published.
    pub event: JobEvent,
}

/// The answer to a result.
#[derive(Clone, Debug, PartialEq)]
pub enum Recorded {
    /// The result stands; this is its event, to be published. The same result again gives the same answer.
    Applied(JobEvent),
    /// The attempt is not the worker's any more: nothing was changed.
    Stale,
}

/// A stored job whose next attempt is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispatch {
    /// The job, as it was created.
    pub job: NewJob,
    /// Which attempt to ask for.
    pub attempt: u32,
}

/// An event that has no message to be published with.
#[derive(Clone, Debug, PartialEq)]
pub struct OutboxEntry {
    /// What to clear it by.
    pub seq: u64,
    /// The event.
    pub event: JobEvent,
}

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
    /// Why the last attempt did not go well.
    pub error: Option<String>,
    /// How long the last ended attempt ran, in microseconds.
    pub run_micros: Option<u64>,
}

/// One attempt of a job, read from its history.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// Its number; 1 is the first.
    pub attempt: u32,
    /// Which worker ran it.
    pub worker: Option<String>,
    /// When it started.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// The state that the job was in after it.
    pub outcome: JobStatus,
    /// Why it did not go well.
    pub error: Option<String>,
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
    /// When the scheduler looks at it again.
    pub wake_at: Option<Timestamp>,
    /// The job object as it was published, JSON text.
    pub body: Bytes,
    /// What the handler returned, JSON text.
    pub result: Option<String>,
    /// Follows the client's request.
    pub correlation_id: Uuid,
    /// The job's life so far, `job.created` first.
    pub history: Vec<JobEvent>,
}

/// Which jobs a list shows; all conditions hold at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// Only this state.
    pub status: Option<JobStatus>,
    /// Only this type.
    pub job_type: Option<String>,
}

/// The job store. A transition and its event are one transaction, always.
#[async_trait]
pub trait JobStore: Send + Sync {
    /// Stores jobs that are not known yet as PENDING, due for another dispatch at `wake_at` if no worker has
    /// started them by then. Known ones are left alone.
    async fn admit(&self, jobs: Vec<NewJob>, wake_at: Timestamp) -> Result<(), StoreError>;

    /// Answers every request in order; see [`Claim`].
    async fn claim(
        &self,
        ticket: &ClaimTicket,
        requests: Vec<ClaimRequest>,
    ) -> Result<Vec<Claim>, StoreError>;

    /// Applies the results of attempts, in order, each under its fencing token. Where the row is marked for
    /// the relay the event goes to the outbox, too.
    async fn record(&self, results: Vec<AttemptResult>) -> Result<Vec<Recorded>, StoreError>;

    /// Says that a worker lives, until `lease_until`.
    async fn heartbeat(&self, worker: &str, lease_until: Timestamp) -> Result<(), StoreError>;

    /// Ends a worker's lease that ends anyway: it holds no attempt any more.
    async fn retire(&self, worker: &str) -> Result<(), StoreError>;

    /// Finds attempts of workers whose lease ended before `now`, at most `limit`, applies
    /// [`domain::Row::crash`] to each and leaves the events in the outbox. Returns how many there were.
    async fn reap(&self, now: Timestamp, limit: usize) -> Result<usize, StoreError>;

    /// Takes jobs that are due at `now`, at most `limit`, and makes them due again at `again_at` should
    /// nobody start them. Two callers never take the same job.
    async fn take_due(
        &self,
        now: Timestamp,
        again_at: Timestamp,
        limit: usize,
    ) -> Result<Vec<Dispatch>, StoreError>;

    /// Makes jobs that were taken due again only at `again_at`, unless somebody has started the attempt that is
    /// named with each. Called once their dispatch is durable elsewhere: until then they should be due again
    /// soon, since a scheduler may die between taking a job and dispatching it.
    async fn put_off(&self, taken: Vec<(Uuid, u32)>, again_at: Timestamp) -> Result<(), StoreError>;

    /// The oldest events in the outbox.
    async fn outbox(&self, limit: usize) -> Result<Vec<OutboxEntry>, StoreError>;

    /// Clears events that are published and confirmed.
    async fn clear_outbox(&self, seqs: Vec<u64>) -> Result<(), StoreError>;

    /// Everything that is known of a job.
    async fn job(&self, id: Uuid) -> Result<Option<JobDetail>, StoreError>;

    /// Jobs by arrival, newest first. Never counts, never holds a snapshot.
    async fn list(
        &self,
        filter: &JobFilter,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<JobSummary>, StoreError>;

    /// Removes terminal jobs that last changed before `before`, at most `limit`. Returns how many went.
    async fn prune(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError>;

    /// Whether the store answers, within `limit`.
    async fn ping(&self, limit: Duration) -> Result<(), StoreError>;
}
