//! Retention.

use jiff::Timestamp;
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::table::Table;
use crate::codes::uuid;
use crate::error::Failure;

/// How many jobs are looked at in one call.
const STRETCH: i64 = 50_000;

/// A job that may go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Old {
    seq: i64,
    id: Uuid,
}

/// Terminal jobs after number `from` that last changed before `before`, oldest first, and where to go on:
/// `None` when there is nothing behind.
pub(super) fn candidates(
    connection: &Connection,
    from: i64,
    before: Timestamp,
    limit: i64,
) -> Result<(Vec<Old>, Option<i64>), Failure> {
    let mut bound = connection
        .prepare_cached("SELECT max(seq) FROM (SELECT seq FROM jobs WHERE seq > ?1 ORDER BY seq LIMIT ?2)")?;
    let until: Option<i64> = bound.query_row([from, STRETCH], |row| row.get(0))?;
    let Some(until) = until else {
        return Ok((Vec::new(), None));
    };
    let mut find = connection.prepare_cached(
        "SELECT seq, id FROM jobs
         WHERE seq > ?1 AND seq <= ?2 AND updated_at < ?3 AND +status BETWEEN 5 AND 8 ORDER BY seq LIMIT ?4",
    )?;
    let mut rows = find.query(params![from, until, before.as_microsecond(), limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let seq = row.get(0)?;
        let id = uuid(row, 1).map_err(|what| Failure::corrupt(format_args!("jobs {seq}"), what))?;
        found.push(Old { seq, id });
    }
    let full = i64::try_from(found.len()).is_ok_and(|count| count >= limit);
    let next = if full {
        found.last().map(|old| old.seq)
    } else {
        Some(until)
    };
    Ok((found, next))
}

/// Removes jobs that are terminal, which nothing changes any more.
pub(super) fn remove(table: &mut Table<'_>, jobs: &[Old]) -> Result<usize, Failure> {
    let connection = table.connection();
    let mut job = connection.prepare_cached("DELETE FROM jobs WHERE seq = ?1 AND id = ?2")?;
    let mut body = connection.prepare_cached("DELETE FROM job_bodies WHERE seq = ?1")?;
    let mut gone = 0;
    for Old { seq, id } in jobs {
        table.forget(*id);
        // Unless it is gone already, and its number given to another job.
        if job.execute(params![seq, id.as_bytes()])? == 1 {
            body.execute([seq])?;
            gone += 1;
        }
    }
    table.sweep_types()?;
    Ok(gone)
}
