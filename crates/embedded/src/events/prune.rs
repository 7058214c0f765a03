//! Retention.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::error::Failure;

/// Removes what was kept before `before`, oldest first, at most `limit` of each kind.
pub(super) fn prune(connection: &Connection, before: Timestamp, limit: i64) -> Result<usize, Failure> {
    let events = oldest(
        connection,
        "SELECT seq, kept_at FROM events ORDER BY seq LIMIT ?1",
        before,
        limit,
    )?;
    let letters = oldest(
        connection,
        "SELECT seq, kept_at FROM dead_letters ORDER BY seq LIMIT ?1",
        before,
        limit,
    )?;
    Ok(remove(connection, "DELETE FROM events WHERE seq = ?1", &events)?
        + remove(connection, "DELETE FROM dead_letters WHERE seq = ?1", &letters)?)
}

/// Rows come in the order of their arrival, so the first that is young enough ends the search.
fn oldest(connection: &Connection, sql: &str, before: Timestamp, limit: i64) -> Result<Vec<i64>, Failure> {
    let mut find = connection.prepare_cached(sql)?;
    let mut rows = find.query(params![limit])?;
    let mut old = Vec::new();
    while let Some(row) = rows.next()? {
        if row.get::<_, i64>(1)? >= before.as_microsecond() {
            break;
        }
        old.push(row.get(0)?);
    }
    Ok(old)
}

fn remove(connection: &Connection, sql: &str, seqs: &[i64]) -> Result<usize, Failure> {
    let mut delete = connection.prepare_cached(sql)?;
    let mut gone = 0;
    for seq in seqs {
        gone += delete.execute([seq])?;
    }
    Ok(gone)
}
