//! Retention.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::error::Failure;

/// How many jobs are looked at in one call.
const STRETCH: i64 = 50_000;

/// Terminal jobs after number `from` that last changed before `before`, oldest first, and where to go on:
/// `None` when there is nothing behind.
pub(super) fn candidates(
    connection: &Connection,
    from: i64,
    before: Timestamp,
    limit: i64,
) -> Result<(Vec<i64>, Option<i64>), Failure> {
    let mut bound = connection.prepare_cached(
        "SELECT max(seq) FROM (SELECT seq FROM jobs WHERE seq > ?1 ORDER BY seq LIMIT ?2)",
    )?;
    let until: Option<i64> = bound.query_row([from, STRETCH], |row| row.get(0))?;
    let Some(until) = until else { return Ok((Vec::new(), None)) };
    let mut find = connection.prepare_cached(
        "SELECT seq FROM jobs
         WHERE seq > ?1 AND seq <= ?2 AND updated_at < ?3 AND +status IN (5, 6, 7, 8) ORDER BY seq LIMIT ?4",
    )?;
    let found = find.query_map(params![from, until, before.as_microsecond(), limit], |row| row.get(0))?;
    let found: Vec<i64> = found.collect::<rusqlite::Result<_>>()?;
    let full = i64::try_from(found.len()).is_ok_and(|count| count >= limit);
    let next = if full { found.last().copied() } else { Some(until) };
    Ok((found, next))
}

/// Removes jobs that are terminal, which nothing changes any more.
pub(super) fn remove(connection: &Connection, seqs: &[i64]) -> Result<usize, Failure> {
    let mut job = connection.prepare_cached("DELETE FROM jobs WHERE seq = ?1")?;
    let mut body = connection.prepare_cached("DELETE FROM job_bodies WHERE seq = ?1")?;
    let mut gone = 0;
    for seq in seqs {
        gone += job.execute([seq])?;
        body.execute([seq])?;
    }
    Ok(gone)
}
