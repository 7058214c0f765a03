//! The job store: the authority on every job.

mod all_limits;
mod claim;
mod command;
mod journal;
mod new_job;
mod outbox;
mod precondition;
mod unique;
mod view;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::AttemptResult;
use domain::query::Query;
use domain::schedule::Schedule;
use jiff::Timestamp;
use uuid::Uuid;

use crate::{Cursor, Page, StoreError};
pub use all_limits::{AllLimits, LimitChange, MAX_LIMITED_TYPES};
pub use claim::{Claim, ClaimRequest, ClaimTicket, Recorded, Started};
pub use command::{Command, CommandOutcome};
pub use journal::JobJournal;
pub use new_job::NewJob;
pub use outbox::{Dispatch, OutboxEntry, Post};
pub use precondition::Precondition;
pub use unique::{Reservation, Reserved};
pub use view::{AttemptLog, JobDetail, JobSummary};

/// The most schedules that are kept.
pub const MAX_SCHEDULES: usize = 1_000;

/// How late a schedule may fire before the firing counts as missed ([`domain::schedule::CatchUp`]).
pub const SCHEDULE_GRACE: Duration = Duration::from_mins(1);

/// The job store. A transition and its event are one transaction, always.
#[async_trait]
pub trait JobStore: Send + Sync {
    /// Stores jobs that are not known yet as PENDING, due for another dispatch at `wake_at` if no worker has
    /// started them by then; one whose own time is later is due then, and never before it. Known ones are left alone,
    /// and so are those that clients have had forgotten, until retention has forgotten that as well.
    async fn admit(&self, jobs: Vec<Arc<NewJob>>, wake_at: Timestamp) -> Result<(), StoreError>;

    /// Answers every request in order; see [`Claim`]. A message that asks for a later attempt of a job that is not
    /// known passes with no events: there is nothing to be done about it.
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
    /// nobody start them. Two callers never take the same job. Those of a higher priority come first.
    ///
    /// Jobs that were held back are among them as far as there is room for them now: no more of a type than may
    /// start, in the order of priority and arrival. The claim decides once more.
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

    /// Reserves unique keys, in order; see [`Reservation`]. The same wish again prolongs it. A key that is released
    /// while jobs wait for it belongs at once to the one of them that is let go.
    async fn reserve(&self, wishes: Vec<Reservation>, now: Timestamp) -> Result<Vec<Reserved>, StoreError>;

    /// Does what clients want of jobs, in order, each as a transition of its own; the events of those that have one
    /// go to the outbox. A job that is revived takes its unique key again, or waits for it.
    async fn command(
        &self,
        ids: Vec<Uuid>,
        command: Command,
        now: Timestamp,
    ) -> Result<Vec<CommandOutcome>, StoreError>;

    /// The attempts of a worker that clients want to end, by job and token. Given until they have ended.
    async fn cancellations(&self, worker: &str) -> Result<Vec<(Uuid, u32)>, StoreError>;

    /// Every limit that is set.
    async fn limits(&self) -> Result<AllLimits, StoreError>;

    /// Changes limits. What is held back and may go now is taken by [`JobStore::take_due`]. How much of a rate is used
    /// up outlives a crash, and a change of the rate.
    ///
    /// # Errors
    /// [`StoreError::Refused`] beyond [`MAX_LIMITED_TYPES`].
    async fn set_limits(&self, change: LimitChange) -> Result<(), StoreError>;

    /// Keeps a schedule under its name and returns it as it is kept; `None`, and nothing is changed, where `when` does
    /// not hold. Where one of that name is there, its `id`, `created_at`, `last_at` and `last_job` stay, and `next_at`
    /// is what the caller says.
    ///
    /// # Errors
    /// [`StoreError::Refused`] beyond [`MAX_SCHEDULES`].
    async fn put_schedule(
        &self,
        schedule: Schedule,
        when: Precondition,
    ) -> Result<Option<Schedule>, StoreError>;

    /// Schedules by name, all of them: at most [`MAX_SCHEDULES`]. One that does not read any more is left out.
    async fn schedules(&self) -> Result<Vec<Schedule>, StoreError>;

    /// Forgets a schedule; `false` if there was none.
    async fn delete_schedule(&self, name: &str) -> Result<bool, StoreError>;

    /// Fires the schedules that are due at `now`, at most `limit` of them: for each firing that
    /// [`domain::schedule::due`] names, the job is stored as PENDING, due for another dispatch at `wake_at`, and its
    /// `job.created` goes to the outbox; the schedule moves on. All of a schedule's firings are one transaction, so
    /// that none is missed and none doubled, whoever dies. Returns how many jobs were made.
    ///
    /// A schedule whose rule does not read any more is paused; one that does not read at all fires nothing and keeps
    /// no other from firing.
    async fn fire_schedules(
        &self,
        now: Timestamp,
        wake_at: Timestamp,
        limit: usize,
    ) -> Result<usize, StoreError>;

    /// Everything that is known of a job.
    async fn job(&self, id: Uuid) -> Result<Option<JobDetail>, StoreError>;

    /// The jobs that `query` matches at `now`, by arrival, newest first. Never counts, never holds a snapshot.
    ///
    /// The work for one page is bounded: where few jobs match, a page may be short, or even empty, and still have a
    /// cursor to go on from.
    async fn list(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<JobSummary>, StoreError>;

    /// Every job with its history, by arrival, oldest first, for whoever rebuilds what is derived. Jobs that arrive or
    /// change meanwhile are given as they are when their turn comes.
    async fn journal(&self, after: Option<&Cursor>, limit: usize) -> Result<Page<JobJournal>, StoreError>;

    /// Removes terminal jobs that last changed before `before`, at most `limit`. Returns how many went.
    async fn prune(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError>;

    /// What time it is by the clock of the store's server; none where the store has no other clock than its caller.
    /// Workers on machines whose clocks differ agree on leases by it.
    async fn time(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(None)
    }

    /// Whether the store answers, within `limit`.
    async fn ping(&self, limit: Duration) -> Result<(), StoreError>;
}
