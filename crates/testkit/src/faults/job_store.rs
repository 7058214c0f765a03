//! A job store that fails on purpose.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::query::Query;
use domain::schedule::Schedule;
use domain::{AttemptResult, Clock};
use jiff::Timestamp;
use ports::{
    AllLimits, Claim, ClaimRequest, ClaimTicket, Command, CommandOutcome, Cursor, Dispatch, JobDetail,
    JobJournal, JobStore, JobSummary, LimitChange, NewJob, OutboxEntry, Page, Precondition, Recorded,
    Reservation, Reserved, StoreError,
};
use uuid::Uuid;

use super::FaultPlan;

/// A job store over another one, with faults.
pub struct FaultyJobStore {
    inner: Arc<dyn JobStore>,
    plan: Arc<FaultPlan>,
    clock: Option<Arc<dyn Clock>>,
}

impl FaultyJobStore {
    /// Wraps a store.
    pub fn new(inner: Arc<dyn JobStore>, plan: Arc<FaultPlan>) -> Self {
        Self {
            inner,
            plan,
            clock: None,
        }
    }

    /// As if the store were on another machine, with this clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }
}

#[async_trait]
impl JobStore for FaultyJobStore {
    async fn admit(&self, jobs: Vec<Arc<NewJob>>, wake_at: Timestamp) -> Result<(), StoreError> {
        self.plan.around("admit", self.inner.admit(jobs, wake_at)).await
    }

    async fn claim(
        &self,
        ticket: &ClaimTicket,
        requests: Vec<ClaimRequest>,
    ) -> Result<Vec<Claim>, StoreError> {
        self.plan
            .around("claim", self.inner.claim(ticket, requests))
            .await
    }

    async fn record(&self, results: Vec<AttemptResult>) -> Result<Vec<Recorded>, StoreError> {
        self.plan.around("record", self.inner.record(results)).await
    }

    async fn heartbeat(&self, worker: &str, lease_until: Timestamp) -> Result<(), StoreError> {
        self.plan
            .around("heartbeat", self.inner.heartbeat(worker, lease_until))
            .await
    }

    async fn retire(&self, worker: &str) -> Result<(), StoreError> {
        self.plan.around("retire", self.inner.retire(worker)).await
    }

    async fn reap(&self, now: Timestamp, limit: usize) -> Result<usize, StoreError> {
        self.plan.around("reap", self.inner.reap(now, limit)).await
    }

    async fn take_due(
        &self,
        now: Timestamp,
        again_at: Timestamp,
        limit: usize,
    ) -> Result<Vec<Dispatch>, StoreError> {
        self.plan
            .around("take_due", self.inner.take_due(now, again_at, limit))
            .await
    }

    async fn put_off(&self, taken: Vec<(Uuid, u32)>, again_at: Timestamp) -> Result<(), StoreError> {
        self.plan
            .around("put_off", self.inner.put_off(taken, again_at))
            .await
    }

    async fn outbox(&self, limit: usize) -> Result<Vec<OutboxEntry>, StoreError> {
        self.plan.around("outbox", self.inner.outbox(limit)).await
    }

    async fn clear_outbox(&self, seqs: Vec<u64>) -> Result<(), StoreError> {
        self.plan
            .around("clear_outbox", self.inner.clear_outbox(seqs))
            .await
    }

    async fn reserve(&self, wishes: Vec<Reservation>, now: Timestamp) -> Result<Vec<Reserved>, StoreError> {
        self.plan.around("reserve", self.inner.reserve(wishes, now)).await
    }

    async fn command(
        &self,
        ids: Vec<Uuid>,
        command: Command,
        now: Timestamp,
    ) -> Result<Vec<CommandOutcome>, StoreError> {
        self.plan
            .around("command", self.inner.command(ids, command, now))
            .await
    }

    async fn cancellations(&self, worker: &str) -> Result<Vec<(Uuid, u32)>, StoreError> {
        self.plan
            .around("cancellations", self.inner.cancellations(worker))
            .await
    }

    async fn limits(&self) -> Result<AllLimits, StoreError> {
        self.plan.around("limits", self.inner.limits()).await
    }

    async fn set_limits(&self, change: LimitChange) -> Result<(), StoreError> {
        self.plan
            .around("set_limits", self.inner.set_limits(change))
            .await
    }

    async fn put_schedule(
        &self,
        schedule: Schedule,
        when: Precondition,
    ) -> Result<Option<Schedule>, StoreError> {
        self.plan
            .around("put_schedule", self.inner.put_schedule(schedule, when))
            .await
    }

    async fn schedules(&self) -> Result<Vec<Schedule>, StoreError> {
        self.plan.around("schedules", self.inner.schedules()).await
    }

    async fn delete_schedule(&self, name: &str) -> Result<bool, StoreError> {
        self.plan
            .around("delete_schedule", self.inner.delete_schedule(name))
            .await
    }

    async fn fire_schedules(
        &self,
        now: Timestamp,
        wake_at: Timestamp,
        limit: usize,
    ) -> Result<usize, StoreError> {
        self.plan
            .around("fire_schedules", self.inner.fire_schedules(now, wake_at, limit))
            .await
    }

    async fn job(&self, id: Uuid) -> Result<Option<JobDetail>, StoreError> {
        self.plan.around("job", self.inner.job(id)).await
    }

    async fn list(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<JobSummary>, StoreError> {
        self.plan
            .around("list", self.inner.list(query, now, cursor, limit))
            .await
    }

    async fn journal(&self, after: Option<&Cursor>, limit: usize) -> Result<Page<JobJournal>, StoreError> {
        self.plan
            .around("journal", self.inner.journal(after, limit))
            .await
    }

    async fn prune(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        self.plan.around("prune", self.inner.prune(before, limit)).await
    }

    async fn time(&self) -> Result<Option<Timestamp>, StoreError> {
        let Some(clock) = &self.clock else {
            return self.plan.around("time", self.inner.time()).await;
        };
        self.plan.around("time", async { Ok(Some(clock.now())) }).await
    }

    async fn ping(&self, limit: Duration) -> Result<(), StoreError> {
        self.plan.around("ping", self.inner.ping(limit)).await
    }
}
