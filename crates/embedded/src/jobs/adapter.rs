//! The port.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use domain::AttemptResult;
use jiff::Timestamp;
use ports::{
    Claim, ClaimRequest, ClaimTicket, Cursor, Dispatch, JobDetail, JobFilter, JobStore, JobSummary, NewJob,
    OutboxEntry, Page, Recorded, StoreError,
};
use rusqlite::Connection;
use uuid::Uuid;

use super::recent::Recent;
use super::table::Table;
use super::{admit, claim, detail, due, leases, list, outbox, prune, record};
use crate::core::{Core, count};
use crate::error::Failure;
use crate::place::Place;
use crate::writer::Order;

/// The job store on SQLite.
pub(crate) struct JobStoreAdapter {
    core: Core,
    recent: Arc<Recent>,
    /// Where retention goes on.
    pruned_to: AtomicI64,
}

impl JobStoreAdapter {
    pub(crate) fn new(core: Core, recent: Arc<Recent>) -> Self {
        Self {
            core,
            recent,
            pruned_to: AtomicI64::new(0),
        }
    }

    /// Has the writer do `work` on the table of jobs.
    async fn change<T, W>(&self, order: Order, size: usize, mut work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnMut(&mut Table<'_>) -> Result<T, Failure> + Send + 'static,
    {
        let recent = Arc::clone(&self.recent);
        let work = move |connection: &Connection| work(&mut Table::new(connection, &recent)?);
        Ok(self.core.write(order, size, work).await?)
    }

    /// Has the list of running jobs read, if it is not.
    async fn ensure_running(&self) -> Result<(), StoreError> {
        if self.recent.has_running() {
            return Ok(());
        }
        self.change(Order::Arrival, 0, |table| table.running().map(|_| ()))
            .await
    }

    /// Looks for jobs to prune from where the last call stopped, once around at most.
    async fn prunable(&self, before: Timestamp, limit: i64) -> Result<Vec<prune::Old>, Failure> {
        let start = self.pruned_to.load(Ordering::Relaxed);
        let mut from = start;
        let mut wrapped = false;
        loop {
            let (found, next) = self
                .core
                .read(move |connection| prune::candidates(connection, from, before, limit))
                .await?;
            let around = wrapped && next.is_none_or(|next| next >= start);
            self.pruned_to.store(next.unwrap_or(0), Ordering::Relaxed);
            if !found.is_empty() || around || (start == 0 && next.is_none()) {
                return Ok(found);
            }
            wrapped |= next.is_none();
            from = next.unwrap_or(0);
        }
    }
}

fn size(job: &NewJob) -> usize {
    job.body.len() + job.job_type.len() + 256
}

#[async_trait]
impl JobStore for JobStoreAdapter {
    async fn admit(&self, jobs: Vec<NewJob>, wake_at: Timestamp) -> Result<(), StoreError> {
        let bytes = jobs.iter().map(size).sum();
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
        let work = move |connection: &_| leases::heartbeat(connection, &worker, lease_until);
        Ok(self.core.write(Order::Arrival, 0, work).await?)
    }

    async fn retire(&self, worker: &str) -> Result<(), StoreError> {
        let worker = worker.to_owned();
        let work = move |connection: &_| leases::retire(connection, &worker);
        Ok(self.core.write(Order::Arrival, 0, work).await?)
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
        let limit = count(limit);
        let work = move |table: &mut Table<'_>| due::take(table, now, again_at, limit);
        self.change(Order::Arrival, 0, work).await
    }

    async fn put_off(&self, taken: Vec<(Uuid, u32)>, again_at: Timestamp) -> Result<(), StoreError> {
        let work = move |table: &mut Table<'_>| due::put_off(table, &taken, again_at);
        self.change(Order::Arrival, 0, work).await
    }

    async fn outbox(&self, limit: usize) -> Result<Vec<OutboxEntry>, StoreError> {
        let limit = count(limit);
        Ok(self
            .core
            .read(move |connection| outbox::oldest(connection, limit))
            .await?)
    }

    async fn clear_outbox(&self, seqs: Vec<u64>) -> Result<(), StoreError> {
        let work = move |connection: &_| outbox::clear(connection, &seqs);
        Ok(self.core.write(Order::Arrival, 0, work).await?)
    }

    async fn job(&self, id: Uuid) -> Result<Option<JobDetail>, StoreError> {
        Ok(self
            .core
            .read(move |connection| detail::job(connection, id))
            .await?)
    }

    async fn list(
        &self,
        filter: &JobFilter,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<JobSummary>, StoreError> {
        let before = Place::Jobs.read(cursor)?;
        self.ensure_running().await?;
        let (filter, recent) = (filter.clone(), Arc::clone(&self.recent));
        let read = move |connection: &Connection| list::list(connection, &recent, &filter, before, limit);
        Ok(self.core.read(read).await?)
    }

    async fn prune(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        let found = self.prunable(before, count(limit)).await?;
        if found.is_empty() {
            return Ok(0);
        }
        let work = move |table: &mut Table<'_>| prune::remove(table, &found);
        self.change(Order::Late, 0, work).await
    }

    async fn ping(&self, limit: Duration) -> Result<(), StoreError> {
        Ok(self.core.ping(limit).await?)
    }
}
