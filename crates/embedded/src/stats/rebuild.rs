//! Counters that are built anew.

use rusqlite::Connection;

use super::prune::identifiers;
use crate::error::Failure;
use crate::known::Known;

/// How many identifiers are forgotten at once, so that other writes have their turn.
const STEP: usize = 10_000;

/// Whether somebody has said that the counters are complete.
pub(super) fn is_complete(connection: &Connection) -> Result<bool, Failure> {
    let sql = "SELECT value FROM meta WHERE name = 'stats_complete'";
    let value: i64 = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(value != 0)
}

/// Says whether the counters are complete.
pub(super) fn set_complete(connection: &Connection, is_complete: bool) -> Result<(), Failure> {
    let sql = "UPDATE meta SET value = ?1 WHERE name = 'stats_complete'";
    connection.prepare_cached(sql)?.execute([is_complete])?;
    Ok(())
}

/// Forgets some of the events that were counted; returns how many. The counters are not complete from here on.
pub(super) fn forget_some(connection: &Connection, known: &Known) -> Result<usize, Failure> {
    set_complete(connection, false)?;
    identifiers(connection, known, None, STEP)
}

/// Forgets the rest, with the counters.
pub(super) fn clear(connection: &Connection, known: &Known) -> Result<(), Failure> {
    set_complete(connection, false)?;
    identifiers(connection, known, None, usize::MAX)?;
    connection.execute_batch(
        "DELETE FROM stats_events; DELETE FROM stats_types; DELETE FROM stats_minutes; DELETE FROM stats_errors",
    )?;
    Ok(())
}
