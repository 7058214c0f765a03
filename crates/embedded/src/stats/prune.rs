//! Retention.

use jiff::Timestamp;
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::apply::minute;
use super::errors;
use crate::codec::Malformed;
use crate::error::Failure;
use crate::known::{ID_SIZE, Known, Session};

/// Forgets minutes before `before`, errors that did not come again since, and which events were counted before it: at
/// most `limit` in all.
pub(super) fn prune(
    connection: &Connection,
    known: &Known,
    before: Timestamp,
    limit: usize,
) -> Result<usize, Failure> {
    let mut gone = minutes(connection, before, limit)?;
    gone += errors::prune(connection, before, limit - gone)?;
    gone += identifiers(connection, known, Some(before), limit - gone)?;
    Ok(gone)
}

fn minutes(connection: &Connection, before: Timestamp, limit: usize) -> Result<usize, Failure> {
    let mut delete = connection.prepare_cached(
        "DELETE FROM stats_minutes WHERE minute IN
             (SELECT minute FROM stats_minutes WHERE minute < ?1 ORDER BY minute LIMIT ?2)",
    )?;
    Ok(delete
        .execute([minute(before), crate::core::count(limit)])?
        .min(limit))
}

/// Forgets which events were counted before `before`, or at any time, at most `limit`.
pub(super) fn identifiers(
    connection: &Connection,
    known: &Known,
    before: Option<Timestamp>,
    limit: usize,
) -> Result<usize, Failure> {
    let mut session = Session::new(connection, known)?;
    let mut gone = 0;
    while gone < limit {
        let Some((seq, ids)) = oldest(connection, before)? else {
            break;
        };
        let count = (ids.len() / ID_SIZE).min(limit - gone);
        let (old, rest) = ids.split_at(count * ID_SIZE);
        forget(&mut session, seq, old)?;
        shorten(connection, seq, rest)?;
        gone += count;
    }
    Ok(gone)
}

fn oldest(connection: &Connection, before: Option<Timestamp>) -> Result<Option<(i64, Vec<u8>)>, Failure> {
    let sql = "SELECT seq, applied_at, ids FROM stats_batches ORDER BY seq LIMIT 1";
    let mut find = connection.prepare_cached(sql)?;
    let mut rows = find.query([])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (seq, ids): (i64, Vec<u8>) = (row.get(0)?, row.get(2)?);
    if ids.is_empty() || ids.len() % ID_SIZE != 0 {
        return Err(Failure::corrupt(
            format_args!("stats_batches {seq}"),
            Malformed::Bad("length"),
        ));
    }
    let applied_at: i64 = row.get(1)?;
    let is_old = before.is_none_or(|before| applied_at < before.as_microsecond());
    Ok(is_old.then_some((seq, ids)))
}

fn forget(session: &mut Session<'_>, seq: i64, ids: &[u8]) -> Result<(), Failure> {
    let uuid = |bytes| Uuid::from_slice(bytes).map_err(|_| corrupt(seq));
    for id in ids.chunks_exact(ID_SIZE) {
        let (job_id, event_id) = id.split_at(ID_SIZE / 2);
        let (job_id, event_id) = (uuid(job_id)?, uuid(event_id)?);
        session.retract(job_id, |marks| marks.uncount(event_id))?;
    }
    Ok(())
}

fn corrupt(seq: i64) -> Failure {
    Failure::corrupt(format_args!("stats_batches {seq}"), Malformed::Bad("length"))
}

fn shorten(connection: &Connection, seq: i64, rest: &[u8]) -> Result<(), Failure> {
    if rest.is_empty() {
        connection
            .prepare_cached("DELETE FROM stats_batches WHERE seq = ?1")?
            .execute([seq])?;
    } else {
        let mut update = connection.prepare_cached("UPDATE stats_batches SET ids = ?2 WHERE seq = ?1")?;
        update.execute(params![seq, rest])?;
    }
    Ok(())
}
