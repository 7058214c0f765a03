//! Rows that an operation has locked, changed by the rules and written back together.

use std::collections::HashMap;
use std::sync::Arc;

use domain::{JobEvent, LogLine};
use ports::NewJob;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::core::{Core, Session};
use crate::error::Failure;
use crate::insert::{Arrival, Starter, insert};
use crate::locks::{Lock, lock};
use crate::row::{Stored, row_columns};
use crate::text::original;
use crate::update::update;
use crate::{logs, outbox};

/// Rows under lock, and what is to be written besides.
#[derive(Default)]
pub(crate) struct Work {
    rows: Vec<Stored>,
    places: HashMap<Uuid, usize>,
    /// The jobs of rows that are not stored.
    arriving: HashMap<Uuid, Arc<NewJob>>,
    outbox: Vec<String>,
    logs: Vec<(Uuid, u32, String)>,
}

impl Work {
    pub(crate) fn of(rows: Vec<Stored>) -> Self {
        let places = rows.iter().enumerate();
        Self {
            places: places.map(|(place, stored)| (stored.facts.id, place)).collect(),
            rows,
            ..Self::default()
        }
    }

    pub(crate) fn get(&mut self, id: &Uuid) -> Option<&mut Stored> {
        let place = *self.places.get(id)?;
        self.rows.get_mut(place)
    }

    pub(crate) fn has(&self, id: &Uuid) -> bool {
        self.places.contains_key(id)
    }

    pub(crate) fn rows(&self) -> &[Stored] {
        &self.rows
    }

    pub(crate) fn rows_mut(&mut self) -> &mut [Stored] {
        &mut self.rows
    }

    /// Adds a job that is to be stored.
    pub(crate) fn arrive(&mut self, job: &Arc<NewJob>, stored: Stored) {
        self.places.insert(job.id, self.rows.len());
        self.arriving.insert(job.id, Arc::clone(job));
        self.rows.push(stored);
    }

    /// Leaves an event for the relay.
    pub(crate) fn post(&mut self, event: &JobEvent) -> Result<(), Failure> {
        self.outbox.push(outbox::event_text(event)?);
        Ok(())
    }

    /// Leaves the announcement of a job for the relay.
    pub(crate) fn announce(&mut self, job: &NewJob) -> Result<(), Failure> {
        self.outbox.push(outbox::announcement_text(job)?);
        Ok(())
    }

    /// Keeps the log of an attempt, if there is anything in it.
    pub(crate) fn keep_log(&mut self, id: Uuid, attempt: u32, log: &[LogLine]) -> Result<(), Failure> {
        if !log.is_empty() {
            let text = serde_json::to_string(log).map_err(|error| Failure::Refused(error.to_string()))?;
            self.logs.push((id, attempt, text));
        }
        Ok(())
    }

    /// Writes everything that is new. Nothing is started unless the limits are still those that the starter knows.
    pub(crate) async fn write(
        &mut self,
        connection: &mut PgConnection,
        starter: Starter<'_>,
    ) -> Result<(), Failure> {
        self.write_arrivals(connection, starter).await?;
        self.write_changes(connection, starter).await?;
        let logs: Vec<(i64, i32, &str)> = self
            .logs
            .iter()
            .filter_map(|(id, attempt, text)| {
                let stored = self.rows.get(*self.places.get(id)?)?;
                Some((stored.seq, attempt.cast_signed(), &**text))
            })
            .collect();
        logs::keep(connection, &logs).await?;
        outbox::put(connection, &self.outbox).await
    }

    async fn write_arrivals(
        &mut self,
        connection: &mut PgConnection,
        starter: Starter<'_>,
    ) -> Result<(), Failure> {
        let mut arrivals: Vec<Arrival<'_>> = Vec::new();
        for stored in self.rows.iter().filter(|stored| !stored.is_stored()) {
            if let Some(job) = self.arriving.get(&stored.facts.id) {
                arrivals.push(Arrival { job, stored });
            }
        }
        let expected = arrivals.len();
        let numbers = insert(connection, starter, &arrivals).await?;
        if numbers.len() < expected {
            return Err(Failure::overtaken("a job that arrived"));
        }
        for (id, seq) in numbers {
            if let Some(stored) = self.get(&id) {
                (stored.seq, stored.version) = (seq, 1);
                stored.news.any = false;
            }
        }
        Ok(())
    }

    async fn write_changes(
        &mut self,
        connection: &mut PgConnection,
        starter: Starter<'_>,
    ) -> Result<(), Failure> {
        let changed: Vec<&Stored> = self.rows.iter().filter(|stored| stored.news.any).collect();
        let written = update(connection, starter, &changed, &[]).await?;
        if written.len() < changed.len() {
            return Err(Failure::overtaken("a job"));
        }
        for stored in self.rows.iter_mut().filter(|stored| stored.news.any) {
            stored.version += 1;
            stored.news.any = false;
        }
        Ok(())
    }

    /// The rows as they are stored now.
    pub(crate) fn into_rows(self) -> Vec<Stored> {
        self.rows
    }
}

impl Session<'_> {
    /// Locks unique keys: until the end of the transaction nobody else changes a job under them. Before all rows.
    pub(crate) async fn lock_keys(&mut self, keys: &[&str]) -> Result<(), Failure> {
        if keys.is_empty() {
            return Ok(());
        }
        let locks = &self.core.locks;
        let numbers = keys.iter().map(|key| locks.number(Lock::Key(key))).collect();
        lock(self.connection, numbers).await
    }

    /// Locks the unique keys of jobs that are stored.
    pub(crate) async fn lock_keys_of(&mut self, ids: &[Uuid]) -> Result<(), Failure> {
        let keys = self.keys_of(ids).await?;
        self.lock_keys(&keys.iter().map(|key| &**key).collect::<Vec<_>>())
            .await
    }

    /// The unique keys of jobs that are stored; they never change.
    pub(crate) async fn keys_of(&mut self, ids: &[Uuid]) -> Result<Vec<String>, Failure> {
        let sql = "SELECT unique_key FROM jobs WHERE id = ANY($1) AND unique_key IS NOT NULL";
        let query = sqlx::query_scalar(sql).bind(ids);
        let keys: Vec<String> = query.fetch_all(&mut *self.connection).await?;
        Ok(keys.into_iter().map(original).collect())
    }

    /// Locks the rows of jobs.
    pub(crate) async fn lock_rows(&mut self, ids: &[Uuid]) -> Result<Work, Failure> {
        let sql = concat!(
            "SELECT ",
            row_columns!(),
            " FROM jobs WHERE id = ANY($1) ORDER BY seq FOR UPDATE"
        );
        let found = sqlx::query(sql)
            .bind(ids)
            .fetch_all(&mut *self.connection)
            .await?;
        let rows: Result<Vec<Stored>, Failure> = found.iter().map(Stored::read).collect();
        Ok(Work::of(rows?))
    }
}

/// What an operation came to, and what is to be remembered once it is durable.
pub(crate) struct Done<T> {
    pub(crate) answer: T,
    /// The rows as they are stored now.
    pub(crate) rows: Vec<Stored>,
    /// By which claim how many jobs were started.
    pub(crate) started: Option<(u64, String, usize)>,
    /// By which claims the jobs were started that do not run any more.
    pub(crate) ended: Vec<u64>,
}

impl<T> Done<T> {
    pub(crate) fn new(answer: T, rows: Vec<Stored>) -> Self {
        Self {
            answer,
            rows,
            started: None,
            ended: Vec::new(),
        }
    }
}

impl Core {
    /// Remembers what is durable now.
    pub(crate) fn remember<T>(&self, done: Done<T>) -> T {
        if let Some((claim, worker, jobs)) = &done.started {
            self.known.started(*claim, worker, *jobs);
        }
        for claim in done.ended {
            self.known.ended(claim);
        }
        for stored in done.rows {
            self.known.put(stored);
        }
        done.answer
    }
}
