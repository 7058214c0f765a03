//! The table of jobs as one operation of the writer uses it.

use std::sync::MutexGuard;

use domain::Row;
use jiff::Timestamp;
use ports::NewJob;
use rusqlite::{CachedStatement, Connection, params};
use uuid::Uuid;

use super::history::Facts;
use super::recent::{Recent, Rows};
use super::row::{FIND, Stored, encode_tags, stored};
use crate::codes::status_code;
use crate::error::Failure;

const INSERT: &str =
    "INSERT INTO jobs (id, job_type, created_at, correlation, status, attempt, failures, crashes, worker,
                       claim, wake_at, relay, updated_at, history)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
     ON CONFLICT (id) DO NOTHING";

const INSERT_BODY: &str =
    "INSERT INTO job_bodies (seq, accepted_at, traceparent, tags, body) VALUES (?1, ?2, ?3, ?4, ?5)";

const UPDATE: &str =
    "UPDATE jobs SET status = ?2, attempt = ?3, failures = ?4, crashes = ?5, worker = ?6, claim = ?7,
            wake_at = ?8, relay = ?9, updated_at = ?10, history = ?11, result = coalesce(?12, result)
     WHERE seq = ?1";

/// The table, with what is prepared once per operation.
pub(super) struct Table<'c> {
    connection: &'c Connection,
    recent: MutexGuard<'c, Rows>,
    find: CachedStatement<'c>,
    insert: CachedStatement<'c>,
    insert_body: CachedStatement<'c>,
    update: CachedStatement<'c>,
}

impl<'c> Table<'c> {
    pub(super) fn new(connection: &'c Connection, recent: &'c Recent) -> Result<Self, Failure> {
        Ok(Self {
            connection,
            recent: recent.lock(),
            find: connection.prepare_cached(FIND)?,
            insert: connection.prepare_cached(INSERT)?,
            insert_body: connection.prepare_cached(INSERT_BODY)?,
            update: connection.prepare_cached(UPDATE)?,
        })
    }

    pub(super) fn connection(&self) -> &'c Connection {
        self.connection
    }

    /// Whether a job is stored for sure; `false` means that the table has to be asked.
    pub(super) fn surely_has(&self, id: Uuid) -> bool {
        self.recent.knows(&id)
    }

    /// A job's row. It should be given back with [`Table::keep`].
    pub(super) fn find(&mut self, id: Uuid) -> Result<Option<Stored>, Failure> {
        if let Some(stored) = self.recent.take(&id) {
            return Ok(Some(stored));
        }
        let mut rows = self.find.query([id.as_bytes()])?;
        rows.next()?.map(stored).transpose()
    }

    /// Remembers a row as it is in the table now.
    pub(super) fn keep(&mut self, stored: Stored) {
        self.recent.put(stored);
    }

    /// Forgets what is remembered of a job, which is changed without [`Table::update`].
    pub(super) fn forget(&mut self, id: Uuid) {
        self.recent.take(&id);
    }

    /// Stores a job in the state that `row` says, with the events so far; `None` if it is stored already.
    pub(super) fn insert(
        &mut self,
        job: &NewJob,
        facts: Facts,
        row: Row,
        history: Vec<u8>,
        updated_at: Timestamp,
    ) -> Result<Option<Stored>, Failure> {
        let inserted = self.insert.execute(params![
            job.id.as_bytes(),
            job.job_type.as_bytes(),
            facts.created_at.as_microsecond(),
            job.correlation_id.as_bytes(),
            status_code(row.status),
            row.attempt,
            row.failures,
            row.crashes,
            row.worker.as_ref().map(String::as_bytes),
            row.claim.cast_signed(),
            row.wake_at.map(Timestamp::as_microsecond),
            row.relay,
            updated_at.as_microsecond(),
            &history,
        ])?;
        if inserted == 0 {
            return Ok(None);
        }
        let seq = self.connection.last_insert_rowid();
        self.insert_body.execute(params![
            seq,
            job.accepted_at.as_microsecond(),
            job.traceparent.as_ref().map(String::as_bytes),
            encode_tags(&job.tags),
            &job.body[..],
        ])?;
        Ok(Some(Stored {
            seq,
            facts,
            row,
            history,
        }))
    }

    /// Writes a transition back, with the job's result if it has one now.
    pub(super) fn update(
        &mut self,
        stored: &Stored,
        updated_at: Timestamp,
        result: Option<&str>,
    ) -> Result<(), Failure> {
        let row = &stored.row;
        // Only a running attempt's claim is ever asked for.
        let claim = if row.worker.is_some() { row.claim } else { 0 };
        self.update.execute(params![
            stored.seq,
            status_code(row.status),
            row.attempt,
            row.failures,
            row.crashes,
            row.worker.as_ref().map(String::as_bytes),
            claim.cast_signed(),
            row.wake_at.map(Timestamp::as_microsecond),
            row.relay,
            updated_at.as_microsecond(),
            &stored.history,
            result.map(str::as_bytes),
        ])?;
        Ok(())
    }
}
