//! The jobs that are held back, beside the table: by the limits of their type in the order in which they go, by a
//! unique key in the order in which they came.

use domain::limits::Hold;
use rusqlite::{Connection, OptionalExtension, params};

use super::codes::rank;
use super::row::{Stored, text};
use crate::error::Failure;

/// Whether the limits of its type are what holds a job back; room for it is then found by its type.
pub(super) const fn is_by_limits(hold: Hold) -> bool {
    matches!(hold, Hold::Paused | Hold::Concurrency | Hold::Rate)
}

/// Brings the tables up to date with a job whose reason has changed.
pub(super) fn note(connection: &Connection, stored: &mut Stored) -> Result<(), Failure> {
    if stored.noted == stored.row.held {
        return Ok(());
    }
    match stored.noted {
        None => {}
        Some(Hold::Unique) => forget_wait(connection, stored)?,
        Some(_) => forget_hold(connection, stored)?,
    }
    match stored.row.held {
        None => {}
        Some(Hold::Unique) => wait(connection, stored)?,
        Some(reason) => hold(connection, stored, reason)?,
    }
    stored.noted = stored.row.held;
    Ok(())
}

fn hold(connection: &Connection, stored: &Stored, reason: Hold) -> Result<(), Failure> {
    let sql = "INSERT INTO job_holds (job_type, rank, seq, queued) VALUES (?1, ?2, ?3, ?4)";
    connection.prepare_cached(sql)?.execute(params![
        stored.facts.job_type.as_bytes(),
        rank(stored.facts.priority),
        stored.seq,
        reason != Hold::Paused,
    ])?;
    Ok(())
}

fn forget_hold(connection: &Connection, stored: &Stored) -> Result<(), Failure> {
    let sql = "DELETE FROM job_holds WHERE job_type = ?1 AND rank = ?2 AND seq = ?3";
    connection.prepare_cached(sql)?.execute(params![
        stored.facts.job_type.as_bytes(),
        rank(stored.facts.priority),
        stored.seq,
    ])?;
    Ok(())
}

fn wait(connection: &Connection, stored: &Stored) -> Result<(), Failure> {
    let sql = "INSERT INTO job_waits (key, seq) VALUES (?1, ?2)";
    let key = stored.facts.unique_key.as_deref().map(str::as_bytes);
    connection
        .prepare_cached(sql)?
        .execute(params![key, stored.seq])?;
    Ok(())
}

fn forget_wait(connection: &Connection, stored: &Stored) -> Result<(), Failure> {
    let sql = "DELETE FROM job_waits WHERE key = ?1 AND seq = ?2";
    let key = stored.facts.unique_key.as_deref().map(str::as_bytes);
    connection
        .prepare_cached(sql)?
        .execute(params![key, stored.seq])?;
    Ok(())
}

/// Whether jobs of the type wait for concurrency or rate.
pub(super) fn others_wait(connection: &Connection, job_type: &str) -> Result<bool, Failure> {
    let sql = "SELECT 1 FROM job_holds INDEXED BY job_holds_queued WHERE queued AND job_type = ?1 LIMIT 1";
    Ok(connection.prepare_cached(sql)?.exists([job_type.as_bytes()])?)
}

/// Whether the limits hold any job of the type back.
pub(super) fn any(connection: &Connection, job_type: &str) -> Result<bool, Failure> {
    let sql = "SELECT 1 FROM job_holds WHERE job_type = ?1 LIMIT 1";
    Ok(connection.prepare_cached(sql)?.exists([job_type.as_bytes()])?)
}

/// The first type, from `start` on, of which jobs are held back by limits.
pub(super) fn type_from(connection: &Connection, start: &[u8]) -> Result<Option<String>, Failure> {
    let sql = "SELECT job_type FROM job_holds WHERE job_type >= ?1 ORDER BY job_type LIMIT 1";
    let mut find = connection.prepare_cached(sql)?;
    let mut rows = find.query([start])?;
    Ok(rows.next()?.map(|row| text(row, 0)).transpose()?.flatten())
}

/// The first jobs of a type that limits hold back, by rank and number.
pub(super) fn first(connection: &Connection, job_type: &str, most: i64) -> Result<Vec<(u8, i64)>, Failure> {
    let sql = "SELECT rank, seq FROM job_holds WHERE job_type = ?1 ORDER BY rank, seq LIMIT ?2";
    let mut find = connection.prepare_cached(sql)?;
    let found = find.query_map(params![job_type.as_bytes(), most], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The first job that waits for a unique key.
pub(super) fn first_for(connection: &Connection, key: &str) -> Result<Option<i64>, Failure> {
    let sql = "SELECT seq FROM job_waits WHERE key = ?1 ORDER BY seq LIMIT 1";
    let mut find = connection.prepare_cached(sql)?;
    Ok(find.query_row([key.as_bytes()], |row| row.get(0)).optional()?)
}
