//! Retention.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::block::{Builder, Item, corrupt, items};
use crate::core::count;
use crate::error::Failure;
use crate::known::{Known, Session};

/// Removes what was kept before `before`, oldest first, at most `limit` of each kind.
pub(super) fn prune(
    connection: &Connection,
    known: &Known,
    before: Timestamp,
    limit: usize,
) -> Result<usize, Failure> {
    Ok(events(connection, known, before, limit)? + letters(connection, before, limit)?)
}

fn events(connection: &Connection, known: &Known, before: Timestamp, limit: usize) -> Result<usize, Failure> {
    let mut session = Session::new(connection, known)?;
    let mut gone = 0;
    while gone < limit {
        let Some((seq, stored)) = oldest(connection, before)? else {
            break;
        };
        let items = items(&stored).map_err(|what| corrupt(seq, what))?;
        let (old, rest) = items.split_at(items.len().min(limit - gone));
        for item in old {
            session.retract(item.job_id, |marks| marks.unkeep(item.event_id))?;
        }
        shorten(connection, seq, rest)?;
        gone += old.len();
    }
    Ok(gone)
}

/// Blocks come in the order of their arrival, so only the first one has to be looked at.
fn oldest(connection: &Connection, before: Timestamp) -> Result<Option<(i64, Vec<u8>)>, Failure> {
    let sql = "SELECT seq, kept_at, body FROM event_blocks ORDER BY seq LIMIT 1";
    let mut find = connection.prepare_cached(sql)?;
    let mut rows = find.query([])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let old = row.get::<_, i64>(1)? < before.as_microsecond();
    Ok(if old {
        Some((row.get(0)?, row.get(2)?))
    } else {
        None
    })
}

fn shorten(connection: &Connection, seq: i64, rest: &[Item<'_>]) -> Result<(), Failure> {
    let Some(first) = rest.first() else {
        connection
            .prepare_cached("DELETE FROM event_blocks WHERE seq = ?1")?
            .execute([seq])?;
        return Ok(());
    };
    let mut builder = Builder::default();
    for item in rest {
        builder.push(item);
    }
    let (types, body) = builder.finish(first.number);
    let mut update =
        connection.prepare_cached("UPDATE event_blocks SET types = ?2, body = ?3 WHERE seq = ?1")?;
    update.execute(params![seq, types.bits(), body])?;
    Ok(())
}

/// They come in the order of their arrival, too: looking at more than may go would be looking at all of them.
fn letters(connection: &Connection, before: Timestamp, limit: usize) -> Result<usize, Failure> {
    let mut delete = connection.prepare_cached(
        "DELETE FROM dead_letters WHERE seq IN
             (SELECT seq FROM (SELECT seq, kept_at FROM dead_letters ORDER BY seq LIMIT ?2) WHERE kept_at < ?1)",
    )?;
    Ok(delete.execute(params![before.as_microsecond(), count(limit)])?)
}
