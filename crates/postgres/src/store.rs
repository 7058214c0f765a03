//! The port.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::AttemptResult;
use domain::query::Query;
use domain::schedule::Schedule;
use jiff::Timestamp;
use ports::{
    AllLimits, Claim, ClaimRequest, ClaimTicket, Command, CommandOutcome, Cursor, Dispatch, JobDetail,
    JobJournal, JobStore, JobSummary, LimitChange, NewJob, OutboxEntry, Page, Precondition, Recorded,
    Reservation, Reserved, StoreError,
};
use uuid::Uuid;

use crate::claim::Claims;
use crate::command::Commands;
use crate::connections::Connections;
use crate::core::{Core, Operation, Session, execute};
use crate::due::{LookedAt, PutOff, Take};
use crate::error::Failure;
use crate::horizon::Settle;
use crate::leases::{Cancellations, Heartbeat, Retire, Tidied, Tidy, reap};
use crate::limits::{Change, ReadAll};
use crate::list::List;
use crate::options::{OpenError, Options, connect_options};
use crate::prune::Progress;
use crate::search::{IndexNow, Indexer};
use crate::time::Now;
use crate::unique::Reserve;
use crate::{admit, detail, fire, journal, outbox, place, prune, record, schedules};

/// The job store on PostgreSQL.
pub struct PostgresStore {
    core: Arc<Core>,
    indexer: Indexer,
    looked_at: LookedAt,
    pruned: Progress,
    tidied: Tidied,
}

impl PostgresStore {
    /// A store in the database at `url` (`postgres:`). It connects when it is first asked, and whenever that is needed
    /// again, so a server that is away is no error here; the tables are made, or brought up to date, before the first
    /// answer.
    ///
    /// # Errors
    /// When the URL or an option does not read as one.
    pub fn open(url: &str, options: Options) -> Result<Arc<Self>, OpenError> {
        let connections = Connections::new(connect_options(url, &options)?, &options);
        Ok(Arc::new(Self {
            core: Core::new(connections, options),
            indexer: Indexer::default(),
            looked_at: LookedAt::default(),
            pruned: Progress::default(),
            tidied: Tidied::default(),
        }))
    }

    /// Takes leave of the server. Nothing is answered any more.
    pub async fn close(&self) {
        self.core.close().await;
    }

    /// Indexes for searches what can be indexed by now, at once; otherwise that is done bit by bit, behind the writes.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn index(&self) -> Result<(), StoreError> {
        Ok(IndexNow::run(&self.core).await?)
    }
}

/// A question that every server answers.
struct Ping;

impl Operation for Ping {
    type Answer = ();

    async fn run(&self, session: &mut Session<'_>) -> Result<(), Failure> {
        execute(session.connection, "SELECT 1").await
    }
}

#[async_trait]
impl JobStore for PostgresStore {
    async fn admit(&self, jobs: Vec<Arc<NewJob>>, wake_at: Timestamp) -> Result<(), StoreError> {
        Ok(admit::admit(&self.core, &jobs, wake_at).await?)
    }

    async fn claim(
        &self,
        ticket: &ClaimTicket,
        requests: Vec<ClaimRequest>,
    ) -> Result<Vec<Claim>, StoreError> {
        let claims = Claims {
            ticket,
            requests: &requests,
        };
        Ok(claims.answer(&self.core).await?)
    }

    async fn record(&self, results: Vec<AttemptResult>) -> Result<Vec<Recorded>, StoreError> {
        Ok(record::record(&self.core, &results).await?)
    }

    async fn heartbeat(&self, worker: &str, lease_until: Timestamp) -> Result<(), StoreError> {
        Ok(self.core.ask(&Heartbeat { worker, lease_until }).await?)
    }

    async fn retire(&self, worker: &str) -> Result<(), StoreError> {
        Ok(self.core.ask(&Retire(worker)).await?)
    }

    async fn reap(&self, now: Timestamp, limit: usize) -> Result<usize, StoreError> {
        let reaped = reap(&self.core, now, limit).await?;
        if self.tidied.is_due() {
            // Nobody waits for it; it is tried again soon.
            if let Err(failure) = self.core.ask(&Tidy).await {
                tracing::debug!(%failure, "notes of claims were not tidied");
            }
        }
        Ok(reaped)
    }

    async fn take_due(
        &self,
        now: Timestamp,
        again_at: Timestamp,
        limit: usize,
    ) -> Result<Vec<Dispatch>, StoreError> {
        self.indexer.start(&self.core);
        let looked_at = &self.looked_at;
        let take = Take {
            now,
            again_at,
            limit,
            looked_at,
        };
        Ok(take.take(&self.core).await?)
    }

    async fn put_off(&self, taken: Vec<(Uuid, u32)>, again_at: Timestamp) -> Result<(), StoreError> {
        Ok(self.core.ask(&PutOff { taken, again_at }).await?)
    }

    async fn outbox(&self, limit: usize) -> Result<Vec<OutboxEntry>, StoreError> {
        Ok(self.core.ask(&outbox::Oldest(limit)).await?)
    }

    async fn clear_outbox(&self, seqs: Vec<u64>) -> Result<(), StoreError> {
        let seqs = seqs.into_iter().map(u64::cast_signed).collect();
        Ok(self.core.ask(&outbox::Clear(seqs)).await?)
    }

    async fn reserve(&self, wishes: Vec<Reservation>, now: Timestamp) -> Result<Vec<Reserved>, StoreError> {
        Ok(self.core.transact(&Reserve { wishes, now }).await?)
    }

    async fn command(
        &self,
        ids: Vec<Uuid>,
        command: Command,
        now: Timestamp,
    ) -> Result<Vec<CommandOutcome>, StoreError> {
        let done = self.core.transact(&Commands { ids, command, now }).await?;
        Ok(self.core.remember(done))
    }

    async fn cancellations(&self, worker: &str) -> Result<Vec<(Uuid, u32)>, StoreError> {
        Ok(self.core.ask(&Cancellations(worker)).await?)
    }

    async fn limits(&self) -> Result<AllLimits, StoreError> {
        Ok(self.core.ask(&ReadAll).await?)
    }

    async fn set_limits(&self, change: LimitChange) -> Result<(), StoreError> {
        self.core.transact(&Change(change)).await?;
        // What was started by the limits of before is to be seen by whoever counts from now on.
        self.core.ask(&Settle).await?;
        Ok(())
    }

    async fn put_schedule(
        &self,
        schedule: Schedule,
        when: Precondition,
    ) -> Result<Option<Schedule>, StoreError> {
        Ok(self.core.transact(&schedules::Put { schedule, when }).await?)
    }

    async fn schedules(&self) -> Result<Vec<Schedule>, StoreError> {
        Ok(self.core.ask(&schedules::All).await?)
    }

    async fn delete_schedule(&self, name: &str) -> Result<bool, StoreError> {
        Ok(self.core.ask(&schedules::Delete(name)).await?)
    }

    async fn fire_schedules(
        &self,
        now: Timestamp,
        wake_at: Timestamp,
        limit: usize,
    ) -> Result<usize, StoreError> {
        Ok(fire::fire(&self.core, now, wake_at, limit).await?)
    }

    async fn job(&self, id: Uuid) -> Result<Option<JobDetail>, StoreError> {
        Ok(self.core.ask(&detail::Find(id)).await?)
    }

    async fn list(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<JobSummary>, StoreError> {
        let before = cursor.map_or(Ok(i64::MAX), place::read)?;
        let page = self
            .core
            .ask(&List {
                query,
                now,
                before,
                limit,
            })
            .await;
        self.indexer.start(&self.core);
        Ok(page?)
    }

    async fn journal(&self, after: Option<&Cursor>, limit: usize) -> Result<Page<JobJournal>, StoreError> {
        let after = after.map_or(Ok(0), place::read)?;
        Ok(journal::journal(&self.core, after, limit).await?)
    }

    async fn prune(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        self.indexer.start(&self.core);
        Ok(prune::prune(&self.core, &self.pruned, before, limit).await?)
    }

    async fn time(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(Some(self.core.ask(&Now).await?))
    }

    async fn ping(&self, limit: Duration) -> Result<(), StoreError> {
        Ok(self.core.ask_within(limit, &Ping).await?)
    }
}
