//! Unique keys: at most one job that has not ended under each.

use domain::limits::Hold;
use jiff::Timestamp;
use ports::{Reservation, Reserved};
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::row::Stored;
use super::table::Table;
use super::{body, holds};
use crate::codes::{moment, uuid};
use crate::error::Failure;

/// How many reservations that have ended go at a time.
const SWEEP: i64 = 100;

/// What became of the wish for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// It is the job's, until its end.
    Owned,
    /// Another job has it: until the moment, where it has only reserved it.
    Taken(Option<Timestamp>),
}

/// Makes a job the owner of its key, if it has one and nobody else has it at `now`.
pub(super) fn own(connection: &Connection, stored: &Stored, now: Timestamp) -> Result<Key, Failure> {
    let Some(key) = &stored.facts.unique_key else {
        return Ok(Key::Owned);
    };
    let sql = "INSERT INTO unique_keys (key, job_id, until) VALUES (?1, ?2, NULL)
               ON CONFLICT (key) DO UPDATE SET job_id = excluded.job_id, until = NULL
               WHERE job_id = excluded.job_id OR until <= ?3";
    let id = stored.facts.id;
    let taken = connection.prepare_cached(sql)?.execute(params![
        key.as_bytes(),
        id.as_bytes(),
        now.as_microsecond()
    ])?;
    if taken == 1 {
        return Ok(Key::Owned);
    }
    let (_, until) = holder(connection, key)?;
    Ok(Key::Taken(until))
}

/// Makes a job the owner of its key, or holds it back until it can be.
pub(super) fn own_or_wait(
    connection: &Connection,
    stored: &mut Stored,
    now: Timestamp,
) -> Result<(), Failure> {
    if let Key::Taken(until) = own(connection, stored, now)? {
        stored.row.hold(Hold::Unique, until);
    }
    Ok(())
}

/// Lets a job go that waited for a reservation to end, unless another one was faster; not before its time. Says whether
/// it may be taken at `now`.
pub(super) fn wait_no_more(
    table: &mut Table<'_>,
    stored: &mut Stored,
    now: Timestamp,
) -> Result<bool, Failure> {
    release_row(table.connection(), stored, now)?;
    own_or_wait(table.connection(), stored, now)?;
    let updated_at = stored.updated_at()?;
    table.update(stored, updated_at, None)?;
    let is_due = stored.row.wake_at.is_some_and(|wake_at| wake_at <= now);
    Ok(is_due && stored.row.held.is_none())
}

/// Lets a job go that waits for its key: at once, or once its time has come.
fn release_row(connection: &Connection, stored: &mut Stored, now: Timestamp) -> Result<(), Failure> {
    let is_fresh = stored.row.attempt == 0 && stored.row.round == 0;
    let run_at = if is_fresh {
        body::about(connection, stored.seq)?.run_at
    } else {
        None
    };
    stored.row.release(run_at.map_or(now, |run_at| run_at.max(now)));
    Ok(())
}

/// Who has a key that somebody has, and until when where it is only reserved.
fn holder(connection: &Connection, key: &str) -> Result<(Uuid, Option<Timestamp>), Failure> {
    let sql = "SELECT job_id, until FROM unique_keys WHERE key = ?1";
    let mut find = connection.prepare_cached(sql)?;
    let mut rows = find.query([key.as_bytes()])?;
    let row = rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    let corrupt = |what| Failure::corrupt("unique_keys", what);
    let until = row.get::<_, Option<i64>>(1)?.map(moment).transpose();
    Ok((uuid(row, 0).map_err(corrupt)?, until.map_err(corrupt)?))
}

/// Whether another job has the key of this one.
pub(super) fn has_passed_on(connection: &Connection, stored: &Stored) -> Result<bool, Failure> {
    let Some(key) = &stored.facts.unique_key else {
        return Ok(false);
    };
    let sql = "SELECT 1 FROM unique_keys WHERE key = ?1 AND job_id <> ?2";
    let mut find = connection.prepare_cached(sql)?;
    Ok(find.exists(params![key.as_bytes(), stored.facts.id.as_bytes()])?)
}

/// Takes the key from a job that has ended at `now` and lets the first go of those that wait for it: the key is then
/// that one's. Says whether there was one.
pub(super) fn release(table: &mut Table<'_>, stored: &Stored, now: Timestamp) -> Result<bool, Failure> {
    let Some(key) = &stored.facts.unique_key else {
        return Ok(false);
    };
    let connection = table.connection();
    let sql = "DELETE FROM unique_keys WHERE key = ?1 AND job_id = ?2";
    let gone = connection
        .prepare_cached(sql)?
        .execute(params![key.as_bytes(), stored.facts.id.as_bytes()])?;
    if gone == 0 {
        return Ok(false);
    }
    let Some(seq) = holds::first_for(connection, key)? else {
        return Ok(false);
    };
    let mut next = table.expect_seq(seq, "job_waits")?;
    own(connection, &next, now)?;
    release_row(connection, &mut next, now)?;
    let updated_at = next.updated_at()?;
    table.update(&mut next, updated_at, None)?;
    table.keep(next);
    Ok(true)
}

/// Reserves keys for jobs that are about to be published, in order.
pub(super) fn reserve(
    connection: &Connection,
    wishes: &[Reservation],
    now: Timestamp,
) -> Result<Vec<Reserved>, Failure> {
    sweep(connection, now)?;
    wishes
        .iter()
        .map(|wish| reserve_one(connection, wish, now))
        .collect()
}

fn reserve_one(connection: &Connection, wish: &Reservation, now: Timestamp) -> Result<Reserved, Failure> {
    let sql = "INSERT INTO unique_keys (key, job_id, until) VALUES (?1, ?2, ?3)
               ON CONFLICT (key) DO UPDATE SET job_id = excluded.job_id, until = excluded.until
               WHERE until <= ?4 OR (job_id = excluded.job_id AND until IS NOT NULL)";
    let Reservation { key, job_id, until } = wish;
    let taken = connection.prepare_cached(sql)?.execute(params![
        key.as_bytes(),
        job_id.as_bytes(),
        until.as_microsecond(),
        now.as_microsecond(),
    ])?;
    if taken == 1 {
        return Ok(Reserved::Yours);
    }
    let (holder, _) = holder(connection, key)?;
    Ok(if holder == *job_id {
        Reserved::Yours
    } else {
        Reserved::HeldBy(holder)
    })
}

/// Forgets reservations that have ended, some at a time.
pub(super) fn sweep(connection: &Connection, now: Timestamp) -> Result<(), Failure> {
    let sql = "DELETE FROM unique_keys WHERE key IN
               (SELECT key FROM unique_keys WHERE until <= ?1 LIMIT ?2)";
    connection
        .prepare_cached(sql)?
        .execute(params![now.as_microsecond(), SWEEP])?;
    Ok(())
}
