//! The table of jobs as one operation of the writer uses it.

use std::sync::MutexGuard;

use jiff::Timestamp;
use ports::NewJob;
use rusqlite::{CachedStatement, Connection, params};
use uuid::Uuid;

use super::limits::Limiter;
use super::recent::{Recent, Rows};
use super::released::Released;
use super::row::{FIND, FIND_SEQ, Stored, due_at, stored};
use super::running::Running;
use super::{body, forgotten, holds, logs, state, unique};
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

    /// Ends the operation, which went well.
    pub(super) fn settle(&mut self) -> Result<(), Failure> {
        self.rows.settle(self.connection)
    }

    pub(super) fn connection(&self) -> &'c Connection {
        self.connection
    }

    /// The running jobs.
    pub(super) fn running(&mut self) -> Result<&mut Running, Failure> {
        self.rows.running(self.connection)
    }

    /// The limits that are set.
    pub(super) fn limits(&mut self) -> Result<&mut Limiter, Failure> {
        self.rows.limits(self.connection)
    }

    /// The jobs that were let go and have not started.
    pub(super) fn released(&mut self) -> &mut Released {
        &mut self.rows.released
    }

    /// After which type the scheduler goes on looking for jobs that limits held back.
    pub(super) fn looked_at(&mut self) -> &mut Vec<u8> {
        &mut self.rows.looked_at
    }

    /// Whether a job is stored for sure; `false` means that the table has to be asked.
    pub(super) fn surely_has(&self, id: Uuid) -> bool {
        self.rows.knows(&id)
    }

    /// Whether a job that is not stored was forgotten before its message came.
    pub(super) fn has_forgotten(&mut self, id: Uuid) -> Result<bool, Failure> {
        let any = match self.rows.forgotten {
            Some(any) => any,
            None => *self.rows.forgotten.insert(forgotten::any(self.connection)?),
        };
        Ok(any && forgotten::has(self.connection, id)?)
    }

    /// A job's row. It should be given back with [`Table::keep`].
    pub(super) fn find(&mut self, id: Uuid) -> Result<Option<Stored>, Failure> {
        if let Some(stored) = self.rows.take(&id) {
            return Ok(Some(stored));
        }
        let mut rows = self.find.query([id.as_bytes()])?;
        rows.next()?.map(stored).transpose()
    }

    /// A job's row by its number, which `place` says there is. It should be given back with [`Table::keep`].
    pub(super) fn expect_seq(&mut self, seq: i64, place: &str) -> Result<Stored, Failure> {
        let mut find = self.connection.prepare_cached(FIND_SEQ)?;
        let mut rows = find.query([seq])?;
        let found = rows.next()?.map(stored).transpose()?;
        let found = found.ok_or_else(|| Failure::Corrupt(format!("{place}: no job {seq}")))?;
        Ok(self.adopt(found))
    }

    /// Takes what is remembered of a job that was read from the table, so that it is not remembered twice.
    pub(super) fn adopt(&mut self, found: Stored) -> Stored {
        self.rows.take(&found.facts.id).unwrap_or(found)
    }

    /// Remembers a row as it is in the table now.
    pub(super) fn keep(&mut self, stored: Stored) {
        self.rows.put(stored);
    }

    /// Stores a job that arrives; `false` if it is stored already.
    pub(super) fn insert(
        &mut self,
        job: &NewJob,
        stored: &mut Stored,
        updated_at: Timestamp,
    ) -> Result<bool, Failure> {
        let inserted = self.insert.execute(params![
            job.id.as_bytes(),
            job.job_type.as_bytes(),
            status_code(stored.row.status),
            due_at(&stored.row),
            updated_at.as_microsecond(),
            state::encode(&stored.facts, &stored.row, &stored.history),
        ])?;
        if inserted == 0 {
            return Ok(false);
        }
        stored.seq = self.connection.last_insert_rowid();
        body::insert(&mut self.insert_body, stored.seq, job)?;
        self.rows.types.note(self.connection, stored.seq, &job.job_type)?;
        self.note(stored)?;
        Ok(true)
    }

    /// Writes a transition back, with the job's result if it has one now. Says whether it let another job go, which
    /// waited for the unique key.
    pub(super) fn update(
        &mut self,
        stored: &mut Stored,
        updated_at: Timestamp,
        result: Option<&str>,
    ) -> Result<bool, Failure> {
        let row = &stored.row;
        let (status, wake_at) = (status_code(row.status), due_at(row));
        let at = updated_at.as_microsecond();
        let state = state::encode(&stored.facts, row, &stored.history);
        match result.map(str::as_bytes) {
            None => self
                .update
                .execute(params![stored.seq, status, wake_at, at, state])?,
            Some(result) => {
                let statement = &mut self.update_with_result;
                statement.execute(params![stored.seq, status, wake_at, at, state, result])?
            }
        };
        self.note(stored)?;
        if stored.row.status.is_terminal() && stored.facts.unique_key.is_some() {
            return unique::release(self, stored, updated_at);
        }
        Ok(false)
    }

    /// Brings what is kept beside the table up to date with a row.
    fn note(&mut self, stored: &mut Stored) -> Result<(), Failure> {
        self.running()?.note(stored);
        self.rows.errors.note(self.connection, stored)?;
        holds::note(self.connection, stored)
    }

    /// Forgets a job for good, at `now`. Says whether it had ended.
    pub(super) fn forget(&mut self, stored: &Stored, now: Timestamp) -> Result<bool, Failure> {
        if !self.remove(stored.seq, stored.facts.id, None)? {
            return Ok(false);
        }
        if stored.row.attempt == 0 {
            forgotten::note(self.connection, stored.facts.id, now)?;
            self.rows.forgotten = Some(true);
        }
        Ok(true)
    }

    /// Removes a job if it has ended, and last changed before `before` if that is given. Says whether it was there and
    /// went.
    pub(super) fn remove(&mut self, seq: i64, id: Uuid, before: Option<Timestamp>) -> Result<bool, Failure> {
        let sql = "DELETE FROM jobs WHERE seq = ?1 AND id = ?2 AND status BETWEEN 5 AND 8
                   AND (?3 IS NULL OR updated_at < ?3)";
        let mut delete = self.connection.prepare_cached(sql)?;
        let before = before.map(Timestamp::as_microsecond);
        if delete.execute(params![seq, id.as_bytes(), before])? == 0 {
            return Ok(false);
        }
        self.rows.take(&id);
        body::forget(self.connection, seq)?;
        logs::forget(self.connection, seq)?;
        Ok(true)
    }

    /// Lets go of what was forgotten, or reserved, until `before` and is of no use any more.
    pub(super) fn sweep(&mut self, before: Timestamp) -> Result<(), Failure> {
        unique::sweep(self.connection, before)?;
        forgotten::sweep(self.connection, before)?;
        self.rows.forgotten = None;
        self.sweep_types()
    }

    /// Lets go of the types of jobs that are gone.
    fn sweep_types(&mut self) -> Result<(), Failure> {
        self.rows.types.sweep(self.connection)
    }
}
