//! Jobs that a client had forgotten before they were ever started: the message that announces such a job may still be on
//! its way, and must not bring it back.

use jiff::Timestamp;
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::error::Failure;

/// How many go at a time once they are old.
const SWEEP: i64 = 10_000;

/// Notes such a job.
pub(super) fn note(connection: &Connection, id: Uuid, at: Timestamp) -> Result<(), Failure> {
    let sql = "INSERT OR REPLACE INTO forgotten_jobs (id, at) VALUES (?1, ?2)";
    connection
        .prepare_cached(sql)?
        .execute(params![id.as_bytes(), at.as_microsecond()])?;
    Ok(())
}

/// Whether there are any.
pub(super) fn any(connection: &Connection) -> Result<bool, Failure> {
    let mut find = connection.prepare_cached("SELECT 1 FROM forgotten_jobs LIMIT 1")?;
    Ok(find.exists([])?)
}

/// Whether this is one.
pub(super) fn has(connection: &Connection, id: Uuid) -> Result<bool, Failure> {
    let mut find = connection.prepare_cached("SELECT 1 FROM forgotten_jobs WHERE id = ?1")?;
    Ok(find.exists([id.as_bytes()])?)
}

/// Lets go of those that were forgotten before `before`, whose messages are not on their way any more.
pub(super) fn sweep(connection: &Connection, before: Timestamp) -> Result<(), Failure> {
    let sql = "DELETE FROM forgotten_jobs WHERE id IN
               (SELECT id FROM forgotten_jobs WHERE at < ?1 LIMIT ?2)";
    connection
        .prepare_cached(sql)?
        .execute(params![before.as_microsecond(), SWEEP])?;
    Ok(())
}
