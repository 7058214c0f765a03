//! Two processes that take turns: every call goes to another one than the call before, so that what one of them
//! remembers is never what the other one has done last.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use domain::AttemptResult;
use domain::query::Query;
use domain::schedule::Schedule;
use jiff::Timestamp;
use ports::conformance::Harness;
use ports::{
    AllLimits, Claim, ClaimRequest, ClaimTicket, Command, CommandOutcome, Cursor, Dispatch, JobDetail,
    JobJournal, JobStore, JobSummary, LimitChange, NewJob, OutboxEntry, Page, Precondition, Recorded,
    Reservation, Reserved, StoreError,
};
use postgres_adapter::PostgresStore;
use uuid::Uuid;

use super::Schema;

/// Two stores on the same tables.
struct Pair {
    stores: [Arc<PostgresStore>; 2],
    turn: AtomicUsize,
}

impl Pair {
    fn next(&self) -> &PostgresStore {
        &self.stores[self.turn.fetch_add(1, Ordering::Relaxed) % 2]
    }
}

/// A schema, with the two processes of its present life.
pub(super) struct Processes(Schema);

impl Processes {
    pub(super) fn new() -> Self {
        Self(Schema::new())
    }

    async fn pair(&self, first: Arc<PostgresStore>) -> Arc<dyn JobStore> {
        let stores = [first, self.0.another().await];
        let turn = AtomicUsize::new(0);
        Arc::new(Pair { stores, turn })
    }
}

#[async_trait]
impl Harness<dyn JobStore> for Processes {
    async fn fresh(&self) -> Arc<dyn JobStore> {
        let first = self.0.empty().await;
        self.pair(first).await
    }

    async fn reopen(&self) -> Arc<dyn JobStore> {
        let first = self.0.crashed().await;
        self.pair(first).await
    }
}

/// Hands every method on to the process whose turn it is.
macro_rules! take_turns {
    ($(fn $name:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)*) => {
        #[async_trait]
        impl JobStore for Pair {
            $(async fn $name(&self, $($argument: $kind),*) -> Result<$answer, StoreError> {
                self.next().$name($($argument),*).await
            })*
        }
    };
}

take_turns! {
    fn admit(jobs: Vec<Arc<NewJob>>, wake_at: Timestamp) -> ();
    fn claim(ticket: &ClaimTicket, requests: Vec<ClaimRequest>) -> Vec<Claim>;
    fn record(results: Vec<AttemptResult>) -> Vec<Recorded>;
    fn heartbeat(worker: &str, lease_until: Timestamp) -> ();
    fn retire(worker: &str) -> ();
    fn reap(now: Timestamp, limit: usize) -> usize;
    fn take_due(now: Timestamp, again_at: Timestamp, limit: usize) -> Vec<Dispatch>;
    fn put_off(taken: Vec<(Uuid, u32)>, again_at: Timestamp) -> ();
    fn outbox(limit: usize) -> Vec<OutboxEntry>;
    fn clear_outbox(seqs: Vec<u64>) -> ();
    fn reserve(wishes: Vec<Reservation>, now: Timestamp) -> Vec<Reserved>;
    fn command(ids: Vec<Uuid>, command: Command, now: Timestamp) -> Vec<CommandOutcome>;
    fn cancellations(worker: &str) -> Vec<(Uuid, u32)>;
    fn limits() -> AllLimits;
    fn set_limits(change: LimitChange) -> ();
    fn put_schedule(schedule: Schedule, when: Precondition) -> Option<Schedule>;
    fn schedules() -> Vec<Schedule>;
    fn delete_schedule(name: &str) -> bool;
    fn fire_schedules(now: Timestamp, wake_at: Timestamp, limit: usize) -> usize;
    fn job(id: Uuid) -> Option<JobDetail>;
    fn list(query: &Query, now: Timestamp, cursor: Option<&Cursor>, limit: usize) -> Page<JobSummary>;
    fn journal(after: Option<&Cursor>, limit: usize) -> Page<JobJournal>;
    fn prune(before: Timestamp, limit: usize) -> usize;
    fn time() -> Option<Timestamp>;
    fn ping(limit: Duration) -> ();
}
