//! Forgets chunks whose jobs are gone.

use rusqlite::Connection;

use super::filter;
use crate::error::Failure;

/// Removes what is known of the chunks before `chunk`.
pub(in crate::jobs) fn sweep(connection: &Connection, chunk: i64) -> Result<(), Failure> {
    filter::remove_before(connection, chunk)?;
    for sql in [
        "DELETE FROM job_chunks WHERE chunk < ?1",
        "DELETE FROM job_errors WHERE chunk < ?1",
    ] {
        connection.prepare_cached(sql)?.execute([chunk])?;
    }
    Ok(())
}
