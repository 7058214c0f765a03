//! Lists of jobs, newest first.

use contracts::JobStatus;
use ports::{JobFilter, JobSummary, Page};
use rusqlite::{Connection, params};

use super::detail::summary;
use super::row::stored;
use crate::codes::status_code;
use crate::error::Failure;
use crate::place::Place;

/// A page of the jobs that `filter` lets through. The cursor is the number of the last job of a page.
pub(super) fn list(
    connection: &Connection,
    filter: &JobFilter,
    before: i64,
    limit: usize,
) -> Result<Page<JobSummary>, Failure> {
    let mut find = connection.prepare_cached(query(filter))?;
    let job_type = filter.job_type.as_ref().map(String::as_bytes);
    let wanted = i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX);
    let mut rows = find.query(params![before, wanted, filter.status.map(status_code), job_type])?;
    let mut items = Vec::new();
    let mut last = before;
    while let Some(row) = rows.next()? {
        if items.len() == limit {
            let next = Some(Place::Jobs.write(last));
            return Ok(Page { items, next });
        }
        let stored = stored(row)?;
        last = stored.seq;
        items.push(summary(&stored, &stored.events()?));
    }
    Ok(Page { items, next: None })
}

/// Which index serves the filter. (`+` keeps a condition from being served by an index.)
fn query(filter: &JobFilter) -> &'static str {
    match (filter.status, &filter.job_type) {
        (None, None) => {
            "SELECT seq, id, job_type, created_at, correlation, status, attempt, failures, crashes, worker,
                    claim, wake_at, relay, history
             FROM jobs WHERE seq < ?1 AND ?3 IS NULL AND ?4 IS NULL ORDER BY seq DESC LIMIT ?2"
        }
        (None, Some(_)) => {
            "SELECT seq, id, job_type, created_at, correlation, status, attempt, failures, crashes, worker,
                    claim, wake_at, relay, history
             FROM jobs INDEXED BY jobs_by_type WHERE seq < ?1 AND job_type = ?4 AND ?3 IS NULL
             ORDER BY seq DESC LIMIT ?2"
        }
        (Some(JobStatus::Completed), None) => {
            "SELECT seq, id, job_type, created_at, correlation, status, attempt, failures, crashes, worker,
                    claim, wake_at, relay, history
             FROM jobs WHERE seq < ?1 AND +status = ?3 AND ?4 IS NULL ORDER BY seq DESC LIMIT ?2"
        }
        (Some(JobStatus::Completed), Some(_)) => {
            "SELECT seq, id, job_type, created_at, correlation, status, attempt, failures, crashes, worker,
                    claim, wake_at, relay, history
             FROM jobs INDEXED BY jobs_by_type WHERE seq < ?1 AND +status = ?3 AND job_type = ?4
             ORDER BY seq DESC LIMIT ?2"
        }
        (Some(_), _) => {
            "SELECT seq, id, job_type, created_at, correlation, status, attempt, failures, crashes, worker,
                    claim, wake_at, relay, history
             FROM jobs INDEXED BY jobs_by_status
             WHERE seq < ?1 AND status <> 5 AND status = ?3 AND (?4 IS NULL OR +job_type = ?4)
             ORDER BY seq DESC LIMIT ?2"
        }
    }
}
