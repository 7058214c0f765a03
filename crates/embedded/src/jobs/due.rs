//! Jobs whose time has come.

use domain::Row;
use jiff::Timestamp;
use ports::{Dispatch, NewJob};
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::row::{Stored, body, stored};
use super::table::Table;
use crate::error::Failure;

/// Takes the jobs that are due at `now` and makes them due again at `again_at`.
pub(super) fn take(
    table: &mut Table<'_>,
    now: Timestamp,
    again_at: Timestamp,
    limit: i64,
) -> Result<Vec<Dispatch>, Failure> {
    let connection = table.connection();
    let due = due(connection, now, limit)?;
    let mut again = connection.prepare_cached("UPDATE jobs SET wake_at = ?2 WHERE seq = ?1")?;
    let mut dispatches = Vec::with_capacity(due.len());
    for Stored { seq, facts, row, .. } in due {
        again.execute(params![seq, again_at.as_microsecond()])?;
        table.forget(facts.id);
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

/// Makes taken jobs due again only at `again_at`, where their attempt has not been started.
pub(super) fn put_off(
    connection: &Connection,
    taken: &[(Uuid, u32)],
    again_at: Timestamp,
) -> Result<(), Failure> {
    let mut put_off = connection.prepare_cached(
        "UPDATE jobs SET wake_at = ?3 WHERE id = ?1 AND attempt + 1 = ?2 AND wake_at IS NOT NULL",
    )?;
    for (id, attempt) in taken {
        put_off.execute(params![id.as_bytes(), attempt, again_at.as_microsecond()])?;
    }
    Ok(())
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
