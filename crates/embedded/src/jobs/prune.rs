//! Retention.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::table::Table;
use crate::codes::uuid;
use crate::core::Core;
use crate::error::Failure;

/// How many jobs are looked at in one call.
const STRETCH: i64 = 50_000;

/// A job that may go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Old {
    seq: i64,
    id: Uuid,
}

/// Where retention goes on.
#[derive(Debug, Default)]
pub(super) struct Progress(AtomicI64);

impl Progress {
    /// Looks for jobs that may go from where the last call stopped, once around at most.
    pub(super) async fn look_for(
        &self,
        core: &Core,
        before: Timestamp,
        limit: i64,
    ) -> Result<Vec<Old>, Failure> {
        let start = self.0.load(Ordering::Relaxed);
        let mut from = start;
        let mut wrapped = false;
        loop {
            let (found, next) = core
                .read(move |connection| candidates(connection, from, before, limit))
                .await?;
            let around = wrapped && next.is_none_or(|next| next >= start);
            self.0.store(next.unwrap_or(0), Ordering::Relaxed);
            if !found.is_empty() || around || (start == 0 && next.is_none()) {
                return Ok(found);
            }
            wrapped |= next.is_none();
            from = next.unwrap_or(0);
        }
    }
}

/// Terminal jobs after number `from` that last changed before `before`, oldest first, and where to go on:
/// `None` when there is nothing behind.
fn candidates(
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

/// Removes such jobs, unless they were revived, or are gone and their numbers given to others.
pub(super) fn remove(table: &mut Table<'_>, jobs: &[Old], before: Timestamp) -> Result<usize, Failure> {
    let mut gone = 0;
    for Old { seq, id } in jobs {
        gone += usize::from(table.remove(*seq, *id, Some(before))?);
    }
    table.sweep(before)?;
    Ok(gone)
}
