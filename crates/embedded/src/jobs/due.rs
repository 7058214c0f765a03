//! Jobs whose time has come.

use domain::Row;
use jiff::Timestamp;
use ports::{Dispatch, NewJob};
use rusqlite::{Connection, params};

use super::row::{Stored, body, stored};
use crate::error::Failure;

/// Takes the jobs that are due at `now` and makes them due again at `again_at`.
pub(super) fn take(
    connection: &Connection,
    now: Timestamp,
    again_at: Timestamp,
    limit: i64,
) -> Result<Vec<Dispatch>, Failure> {
    let due = due(connection, now, limit)?;
    let mut again = connection.prepare_cached("UPDATE jobs SET wake_at = ?2 WHERE seq = ?1")?;
    let mut dispatches = Vec::with_capacity(due.len());
    for Stored { seq, facts, row, .. } in due {
        again.execute(params![seq, again_at.as_microsecond()])?;
        let body = body(connection, seq)?;
        let job = NewJob {
            id: facts.id,
            job_type: facts.job_type,
            created_at: facts.created_at,
            accepted_at: body.accepted_at,
            correlation_id: facts.correlation_id,
            traceparent: body.traceparent,
            tags: body.tags,
            body: body.body.into(),
        };
        dispatches.push(dispatch(job, &row));
    }
    Ok(dispatches)
}

fn dispatch(job: NewJob, row: &Row) -> Dispatch {
    Dispatch {
        job,
        attempt: row.attempt + 1,
    }
}

fn due(connection: &Connection, now: Timestamp, limit: i64) -> Result<Vec<Stored>, Failure> {
    let mut find = connection.prepare_cached(
        "SELECT seq, id, job_type, created_at, correlation, status, attempt, failures, crashes, worker, claim,
                wake_at, relay, history
         FROM jobs WHERE wake_at <= ?1 ORDER BY wake_at LIMIT ?2",
    )?;
    let mut rows = find.query(params![now.as_microsecond(), limit])?;
    let mut due = Vec::new();
    while let Some(row) = rows.next()? {
        due.push(stored(row)?);
    }
    Ok(due)
}
