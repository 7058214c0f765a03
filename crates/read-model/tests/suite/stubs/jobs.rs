use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::query::Query;
use domain::schedule::Schedule;
use jiff::Timestamp;
use ports::{
    AllLimits, Claim, ClaimRequest, ClaimTicket, Command, CommandOutcome, Cursor, Dispatch, JobDetail,
    JobJournal, JobStore, JobSummary, LimitChange, NewJob, OutboxEntry, Page, Precondition, Recorded,
    Reservation, Reserved, StoreError,
};
use uuid::Uuid;

use super::{READ_ONLY, World, page};

pub(crate) struct StubJobs(pub(crate) Arc<World>);

#[async_trait]
impl JobStore for StubJobs {
    async fn job(&self, id: Uuid) -> Result<Option<JobDetail>, StoreError> {
        let find = |world: &World| {
            let details = world.details.lock().unwrap();
            details.iter().find(|job| job.summary.id == id).cloned()
        };
        self.0.answer(format!("job {id}"), find).await
    }

    async fn list(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<JobSummary>, StoreError> {
        let question = format!("list [{query}] at {now} {cursor:?} {limit}");
        self.0
            .answer(question, |world| page(&world.jobs.lock().unwrap(), cursor, limit))
            .await
    }

    async fn limits(&self) -> Result<AllLimits, StoreError> {
        self.0
            .answer("limits".into(), |world| world.limits.lock().unwrap().clone())
            .await
    }

    async fn schedules(&self) -> Result<Vec<Schedule>, StoreError> {
        self.0
            .answer("schedules".into(), |world| {
                world.schedules.lock().unwrap().clone()
            })
            .await
    }

    async fn ping(&self, _limit: Duration) -> Result<(), StoreError> {
        self.0.answer("ping".into(), |_| ()).await
    }

    async fn admit(&self, _: Vec<Arc<NewJob>>, _: Timestamp) -> Result<(), StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn claim(&self, _: &ClaimTicket, _: Vec<ClaimRequest>) -> Result<Vec<Claim>, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn record(&self, _: Vec<domain::AttemptResult>) -> Result<Vec<Recorded>, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn heartbeat(&self, _: &str, _: Timestamp) -> Result<(), StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn retire(&self, _: &str) -> Result<(), StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn reap(&self, _: Timestamp, _: usize) -> Result<usize, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn take_due(&self, _: Timestamp, _: Timestamp, _: usize) -> Result<Vec<Dispatch>, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn put_off(&self, _: Vec<(Uuid, u32)>, _: Timestamp) -> Result<(), StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn outbox(&self, _: usize) -> Result<Vec<OutboxEntry>, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn clear_outbox(&self, _: Vec<u64>) -> Result<(), StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn reserve(&self, _: Vec<Reservation>, _: Timestamp) -> Result<Vec<Reserved>, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn command(
        &self,
        _: Vec<Uuid>,
        _: Command,
        _: Timestamp,
    ) -> Result<Vec<CommandOutcome>, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn cancellations(&self, _: &str) -> Result<Vec<(Uuid, u32)>, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn set_limits(&self, _: LimitChange) -> Result<(), StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn put_schedule(&self, _: Schedule, _: Precondition) -> Result<Option<Schedule>, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn delete_schedule(&self, _: &str) -> Result<bool, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn fire_schedules(&self, _: Timestamp, _: Timestamp, _: usize) -> Result<usize, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn journal(&self, _: Option<&Cursor>, _: usize) -> Result<Page<JobJournal>, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn prune(&self, _: Timestamp, _: usize) -> Result<usize, StoreError> {
        unreachable!("{READ_ONLY}")
    }
}
