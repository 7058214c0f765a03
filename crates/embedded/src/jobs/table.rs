//! The table of jobs as one operation of the writer uses it.

use std::sync::MutexGuard;

use domain::Row;
use jiff::Timestamp;
use ports::NewJob;
use rusqlite::{CachedStatement, Connection, params};
use uuid::Uuid;

use super::history::Facts;
use super::recent::{Recent, Rows};
use super::row::{FIND, FIND_SEQ, Stored, stored};
use super::running::Running;
use super::{body, state};
use crate::codes::status_code;
use crate::error::Failure;

const INSERT: &str = "INSERT INTO jobs (id, job_type, status, wake_at, updated_at, state)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO NOTHING";

const UPDATE: &str = "UPDATE jobs SET status = ?2, wake_at = ?3, updated_at = ?4, state = ?5 WHERE seq = ?1";

const UPDATE_WITH_RESULT: &str =
    "UPDATE jobs SET status = ?2, wake_at = ?3, updated_at = ?4, state = ?5, result = ?6 WHERE seq = ?1";

/// The table, with what is prepared once per operation.
pub(super) struct Table<'c> {
    connection: &'c Connection,
    rows: MutexGuard<'c, Rows>,
    find: CachedStatement<'c>,
    insert: CachedStatement<'c>,
    insert_body: CachedStatement<'c>,
    update: CachedStatement<'c>,
    update_with_result: CachedStatement<'c>,
}

impl<'c> Table<'c> {
    pub(super) fn new(connection: &'c Connection, recent: &'c Recent) -> Result<Self, Failure> {
        let mut rows = recent.lock();
        rows.running(connection)?;
        Ok(Self {
            connection,
            rows,
            find: connection.prepare_cached(FIND)?,
            insert: connection.prepare_cached(INSERT)?,
            insert_body: connection.prepare_cached(body::INSERT)?,
            update: connection.prepare_cached(UPDATE)?,
            update_with_result: connection.prepare_cached(UPDATE_WITH_RESULT)?,
        })
    }

    pub(super) fn connection(&self) -> &'c Connection {
        self.connection
    }

    /// The running jobs.
    pub(super) fn running(&mut self) -> Result<&mut Running, Failure> {
        self.rows.running(self.connection)
    }

    /// Whether a job is stored for sure; `false` means that the table has to be asked.
    pub(super) fn surely_has(&self, id: Uuid) -> bool {
        self.rows.knows(&id)
    }

    /// A job's row. It should be given back with [`Table::keep`].
    pub(super) fn find(&mut self, id: Uuid) -> Result<Option<Stored>, Failure> {
        if let Some(stored) = self.rows.take(&id) {
            return Ok(Some(stored));
        }
        let mut rows = self.find.query([id.as_bytes()])?;
        rows.next()?.map(stored).transpose()
    }

    /// A job's row by its number.
    pub(super) fn find_seq(&mut self, seq: i64) -> Result<Option<Stored>, Failure> {
        let mut find = self.connection.prepare_cached(FIND_SEQ)?;
        let mut rows = find.query([seq])?;
        rows.next()?.map(stored).transpose()
    }

    /// Remembers a row as it is in the table now.
    pub(super) fn keep(&mut self, stored: Stored) {
        self.rows.put(stored);
    }

    /// Forgets what is remembered of a job, which is changed without [`Table::update`].
    pub(super) fn forget(&mut self, id: Uuid) {
        self.rows.take(&id);
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
            status_code(row.status),
            row.wake_at.map(Timestamp::as_microsecond),
            updated_at.as_microsecond(),
            state::encode(&facts, &row, &history),
        ])?;
        if inserted == 0 {
            return Ok(None);
        }
        let seq = self.connection.last_insert_rowid();
        body::insert(&mut self.insert_body, seq, job)?;
        self.rows.types.note(self.connection, seq, &job.job_type)?;
        self.running()?.note(seq, &row);
        Ok(Some(Stored {
            seq,
            facts,
            row,
            history,
        }))
    }

    /// Lets go of the types of jobs that are gone.
    pub(super) fn sweep_types(&mut self) -> Result<(), Failure> {
        self.rows.types.sweep(self.connection)
    }

    /// Writes a transition back, with the job's result if it has one now.
    pub(super) fn update(
        &mut self,
        stored: &Stored,
        updated_at: Timestamp,
        result: Option<&str>,
    ) -> Result<(), Failure> {
        let row = &stored.row;
        let status = status_code(row.status);
        let wake_at = row.wake_at.map(Timestamp::as_microsecond);
        let updated_at = updated_at.as_microsecond();
        let state = state::encode(&stored.facts, row, &stored.history);
        match result.map(str::as_bytes) {
            None => self
                .update
                .execute(params![stored.seq, status, wake_at, updated_at, state])?,
            Some(result) => {
                let statement = &mut self.update_with_result;
                statement.execute(params![stored.seq, status, wake_at, updated_at, state, result])?
            }
        };
        self.running()?.note(stored.seq, row);
        Ok(())
    }
}
