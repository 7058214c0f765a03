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
use rusqlite::Connection;
use uuid::Uuid;

use super::prune::Progress;
use super::recent::Recent;
use super::search::CatchUp;
use super::table::Table;
use super::{
    admit, claim, command, detail, due, fire, journal, leases, limits, list, outbox, prune, record,
    schedules, unique,
};
use crate::core::{Core, count};
use crate::error::Failure;
use crate::place::Place;
use crate::writer::Order;

/// The job store on SQLite.
pub(crate) struct JobStoreAdapter {
    core: Core,
    recent: Arc<Recent>,
    pruned: Progress,
    catch_up: CatchUp,
}

impl JobStoreAdapter {
    pub(crate) fn new(core: Core, recent: Arc<Recent>, catch_up: CatchUp) -> Self {
        Self {
            core,
            recent,
            pruned: Progress::default(),
            catch_up,
        }
    }

    /// Has the writer do `work` on the table of jobs.
    async fn change<T, W>(&self, order: Order, size: usize, mut work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnMut(&mut Table<'_>) -> Result<T, Failure> + Send + 'static,
    {
        let recent = Arc::clone(&self.recent);
        let work = move |connection: &Connection| {
            let mut table = Table::new(connection, &recent)?;
            let value = work(&mut table)?;
            table.settle()?;
            Ok(value)
        };
        Ok(self.core.write(order, size, work).await?)
    }

    /// Has the writer do `work` that concerns no job.
    async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnMut(&Connection) -> Result<T, Failure> + Send + 'static,
    {
        Ok(self.core.write(Order::Arrival, 0, work).await?)
    }

    async fn read<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    {
        Ok(self.core.read(work).await?)
    }
}

fn size(job: &NewJob) -> usize {
    job.body.len() + job.job_type.len() + 256
}

#[async_trait]
impl JobStore for JobStoreAdapter {
    async fn admit(&self, jobs: Vec<Arc<NewJob>>, wake_at: Timestamp) -> Result<(), StoreError> {
        let bytes = jobs.iter().map(|job| size(job)).sum();
        // Late: a claim of the same job in the same group makes the admission nothing.
        let work = move |table: &mut Table<'_>| admit::admit(table, &jobs, wake_at);
        self.change(Order::Late, bytes, work).await
    }

    async fn claim(
        &self,
        ticket: &ClaimTicket,
        requests: Vec<ClaimRequest>,
    ) -> Result<Vec<Claim>, StoreError> {
        let bytes = requests.iter().map(|request| size(&request.job)).sum();
        let ticket = ticket.clone();
        let work = move |table: &mut Table<'_>| claim::claim(table, &ticket, &requests);
        self.change(Order::Arrival, bytes, work).await
    }

    async fn record(&self, results: Vec<AttemptResult>) -> Result<Vec<Recorded>, StoreError> {
        let bytes = results.iter().map(record::size).sum();
        let work = move |table: &mut Table<'_>| record::record(table, &results);
        self.change(Order::Arrival, bytes, work).await
    }

    async fn heartbeat(&self, worker: &str, lease_until: Timestamp) -> Result<(), StoreError> {
        let worker = worker.to_owned();
        self.write(move |connection| leases::heartbeat(connection, &worker, lease_until))
            .await
    }

    async fn retire(&self, worker: &str) -> Result<(), StoreError> {
        let worker = worker.to_owned();
        self.write(move |connection| leases::retire(connection, &worker))
            .await
    }

    async fn reap(&self, now: Timestamp, limit: usize) -> Result<usize, StoreError> {
        let work = move |table: &mut Table<'_>| leases::reap(table, now, limit);
        self.change(Order::Arrival, 0, work).await
    }

    async fn take_due(
        &self,
        now: Timestamp,
        again_at: Timestamp,
        limit: usize,
    ) -> Result<Vec<Dispatch>, StoreError> {
        self.catch_up.start(&self.core);
        let work = move |table: &mut Table<'_>| due::take(table, now, again_at, limit);
        self.change(Order::Arrival, 0, work).await
    }

    async fn put_off(&self, taken: Vec<(Uuid, u32)>, again_at: Timestamp) -> Result<(), StoreError> {
        let work = move |table: &mut Table<'_>| due::put_off(table, &taken, again_at);
        self.change(Order::Arrival, 0, work).await
    }

    async fn outbox(&self, limit: usize) -> Result<Vec<OutboxEntry>, StoreError> {
        self.read(move |connection| outbox::oldest(connection, count(limit)))
            .await
    }

    async fn clear_outbox(&self, seqs: Vec<u64>) -> Result<(), StoreError> {
        self.write(move |connection| outbox::clear(connection, &seqs))
            .await
    }

    async fn reserve(&self, wishes: Vec<Reservation>, now: Timestamp) -> Result<Vec<Reserved>, StoreError> {
        self.write(move |connection| unique::reserve(connection, &wishes, now))
            .await
    }

    async fn command(
        &self,
        ids: Vec<Uuid>,
        command: Command,
        now: Timestamp,
    ) -> Result<Vec<CommandOutcome>, StoreError> {
        let work = move |table: &mut Table<'_>| command::command(table, &ids, command, now);
        self.change(Order::Arrival, 0, work).await
    }

    async fn cancellations(&self, worker: &str) -> Result<Vec<(Uuid, u32)>, StoreError> {
        let worker = worker.to_owned();
        // By way of the writer, so that nothing is told that is not durable.
        let work = move |table: &mut Table<'_>| Ok(table.running()?.cancelling(&worker));
        self.change(Order::Arrival, 0, work).await
    }

    async fn limits(&self) -> Result<AllLimits, StoreError> {
        self.read(limits::all).await
    }

    async fn set_limits(&self, change: LimitChange) -> Result<(), StoreError> {
        let work = move |table: &mut Table<'_>| {
            let connection = table.connection();
            table.limits()?.change(connection, &change)
        };
        self.change(Order::Arrival, 0, work).await
    }

    async fn put_schedule(
        &self,
        schedule: Schedule,
        when: Precondition,
    ) -> Result<Option<Schedule>, StoreError> {
        self.write(move |connection| schedules::put(connection, &schedule, when))
            .await
    }

    async fn schedules(&self) -> Result<Vec<Schedule>, StoreError> {
        self.read(schedules::all).await
    }

    async fn delete_schedule(&self, name: &str) -> Result<bool, StoreError> {
        let name = name.to_owned();
        self.write(move |connection| schedules::delete(connection, &name))
            .await
    }

    async fn fire_schedules(
        &self,
        now: Timestamp,
        wake_at: Timestamp,
        limit: usize,
    ) -> Result<usize, StoreError> {
        let work = move |table: &mut Table<'_>| fire::fire(table, now, wake_at, limit);
        self.change(Order::Arrival, 0, work).await
    }

    async fn job(&self, id: Uuid) -> Result<Option<JobDetail>, StoreError> {
        self.read(move |connection| detail::job(connection, id)).await
    }

    async fn list(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<JobSummary>, StoreError> {
        let before = Place::Jobs.read(cursor)?;
        let query = query.clone();
        let read = move |connection: &Connection| list::list(connection, &query, now, before, limit);
        let page = self.read(read).await;
        self.catch_up.start(&self.core);
        page
    }

    async fn journal(&self, after: Option<&Cursor>, limit: usize) -> Result<Page<JobJournal>, StoreError> {
        let after = match after {
            Some(_) => Place::Journal.read(after)?,
            None => 0,
        };
        self.read(move |connection| journal::read(connection, after, limit))
            .await
    }

    async fn prune(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        self.catch_up.start(&self.core);
        let found = self.pruned.look_for(&self.core, before, count(limit)).await?;
        if found.is_empty() {
            return Ok(0);
        }
        let work = move |table: &mut Table<'_>| prune::remove(table, &found, before);
        self.change(Order::Late, 0, work).await
    }

    async fn ping(&self, limit: Duration) -> Result<(), StoreError> {
        Ok(self.core.ping(limit).await?)
    }
}
