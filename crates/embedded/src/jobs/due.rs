//! Jobs whose time has come.

use jiff::Timestamp;
use ports::{Dispatch, NewJob};
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::body::{self, Body};
use super::history::to_the_microsecond;
use super::row::{Stored, stored};
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
    let mut dispatches = Vec::with_capacity(due.len());
    for mut stored in due {
        wake(table, &mut stored, again_at)?;
        dispatches.push(dispatch(&stored, body::find(connection, stored.seq)?));
        table.keep(stored);
    }
    Ok(dispatches)
}

/// Makes taken jobs due again only at `again_at`, where their attempt has not been started.
pub(super) fn put_off(
    table: &mut Table<'_>,
    taken: &[(Uuid, u32)],
    again_at: Timestamp,
) -> Result<(), Failure> {
    for (id, attempt) in taken {
        let Some(mut stored) = table.find(*id)? else {
            continue;
        };
        if stored.row.wake_at.is_some() && stored.row.attempt + 1 == *attempt {
            wake(table, &mut stored, again_at)?;
        }
        table.keep(stored);
    }
    Ok(())
}

/// Changes nothing but when a job is due.
fn wake(table: &mut Table<'_>, stored: &mut Stored, at: Timestamp) -> Result<(), Failure> {
    let sql = "UPDATE jobs SET wake_at = ?2 WHERE seq = ?1";
    let mut update = table.connection().prepare_cached(sql)?;
    update.execute(params![stored.seq, at.as_microsecond()])?;
    stored.row.wake_at = Some(to_the_microsecond(at));
    Ok(())
}

fn dispatch(stored: &Stored, body: Body) -> Dispatch {
    let facts = stored.facts.clone();
    Dispatch {
        job: NewJob {
            id: facts.id,
            job_type: facts.job_type,
            created_at: facts.created_at,
            accepted_at: body.accepted_at,
            correlation_id: facts.correlation_id,
            traceparent: body.traceparent,
            tags: body.tags,
            body: body.json.into(),
        },
        attempt: stored.row.attempt + 1,
    }
}

fn due(connection: &Connection, now: Timestamp, limit: i64) -> Result<Vec<Stored>, Failure> {
    let mut find = connection.prepare_cached(
        "SELECT seq, id, job_type, status, wake_at, state FROM jobs WHERE wake_at <= ?1 ORDER BY wake_at LIMIT ?2",
    )?;
    let mut rows = find.query(params![now.as_microsecond(), limit])?;
    let mut due = Vec::new();
    while let Some(row) = rows.next()? {
        due.push(stored(row)?);
    }
    Ok(due)
}
