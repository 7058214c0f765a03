//! Lists of jobs, newest first.

use contracts::JobStatus;
use ports::{JobFilter, JobSummary, Page};
use rusqlite::{Connection, ToSql, params};

use super::detail::summary;
use super::recent::Recent;
use super::row::{FIND_SEQ, Stored, stored};
use super::types;
use crate::codes::status_code;
use crate::error::Failure;
use crate::place::Place;

/// A page of the jobs that `filter` lets through. The cursor is the number of the last job of a page.
pub(super) fn list(
    connection: &Connection,
    recent: &Recent,
    filter: &JobFilter,
    before: i64,
    limit: usize,
) -> Result<Page<JobSummary>, Failure> {
    let mut sheet = Sheet {
        connection,
        filter,
        limit,
        items: Vec::new(),
        last: before,
        full: false,
    };
    match (filter.status, &filter.job_type) {
        (Some(JobStatus::Executing), _) => {
            sheet.running(recent.running_before(before).unwrap_or_default())?;
        }
        (_, Some(job_type)) => sheet.of_type(job_type, before)?,
        (Some(status), None) if status != JobStatus::Completed => sheet.of_status(status, before)?,
        (_, None) => sheet.stretch(0, before)?,
    }
    let next = sheet.full.then(|| Place::Jobs.write(sheet.last));
    Ok(Page {
        items: sheet.items,
        next,
    })
}

/// A page in the making.
struct Sheet<'l> {
    connection: &'l Connection,
    filter: &'l JobFilter,
    limit: usize,
    items: Vec<JobSummary>,
    last: i64,
    /// There is one more than the page takes.
    full: bool,
}

impl Sheet<'_> {
    /// Running jobs, by their numbers.
    fn running(&mut self, seqs: Vec<i64>) -> Result<(), Failure> {
        for seq in seqs {
            self.rows(FIND_SEQ, params![seq])?;
            if self.full {
                break;
            }
        }
        Ok(())
    }

    /// A state that has an index.
    fn of_status(&mut self, status: JobStatus, before: i64) -> Result<(), Failure> {
        self.indexed(status, 0, before)
    }

    /// One type: chunk by chunk of those that have it.
    fn of_type(&mut self, job_type: &str, before: i64) -> Result<(), Failure> {
        let sql = "SELECT chunk FROM job_types WHERE job_type = ?1 AND chunk <= ?2 ORDER BY chunk DESC";
        let mut find = self.connection.prepare_cached(sql)?;
        let mut rows = find.query(params![job_type.as_bytes(), types::chunk(before)])?;
        while let Some(row) = rows.next()? {
            let (from, until) = types::range(row.get(0)?);
            let until = until.min(before);
            match self.filter.status {
                None | Some(JobStatus::Completed) => self.stretch(from, until)?,
                Some(status) => self.indexed(status, from, until)?,
            }
            if self.full {
                break;
            }
        }
        Ok(())
    }

    /// Jobs of an indexed state from number `from` up to and without `until`.
    fn indexed(&mut self, status: JobStatus, from: i64, until: i64) -> Result<(), Failure> {
        self.rows(
            "SELECT seq, id, job_type, status, wake_at, state FROM jobs INDEXED BY jobs_by_status
             WHERE status <> 4 AND status <> 5 AND status = ?3 AND seq >= ?1 AND seq < ?2 ORDER BY seq DESC",
            params![from, until, status_code(status)],
        )
    }

    /// Jobs from number `from` up to and without `until`, whatever their state. (The condition on it is
    /// there to skip the others without reading them; `+` keeps it from being served by an index.)
    fn stretch(&mut self, from: i64, until: i64) -> Result<(), Failure> {
        self.rows(
            "SELECT seq, id, job_type, status, wake_at, state FROM jobs
             WHERE seq >= ?1 AND seq < ?2 AND (?3 IS NULL OR +status = ?3) AND (?4 IS NULL OR job_type = ?4)
             ORDER BY seq DESC",
            params![
                from,
                until,
                self.filter.status.map(status_code),
                self.filter.job_type.as_ref().map(String::as_bytes)
            ],
        )
    }

    fn rows(&mut self, sql: &str, params: &[&dyn ToSql]) -> Result<(), Failure> {
        let mut find = self.connection.prepare_cached(sql)?;
        let mut rows = find.query(params)?;
        while let Some(row) = rows.next()? {
            let stored = stored(row)?;
            if !self.wants(&stored) {
                continue;
            }
            if self.items.len() == self.limit {
                self.full = true;
                break;
            }
            self.last = stored.seq;
            self.items.push(summary(&stored, &stored.events()?));
        }
        Ok(())
    }

    fn wants(&self, stored: &Stored) -> bool {
        let JobFilter { status, job_type } = self.filter;
        status.is_none_or(|status| status == stored.row.status)
            && job_type
                .as_ref()
                .is_none_or(|job_type| *job_type == stored.facts.job_type)
    }
}
