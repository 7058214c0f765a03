//! Up to where the index goes.
//!
//! Numbers may be given again: a job that arrives takes the number after the highest one that is there, and the
//! latest jobs can be removed. What was indexed, or is being read for it, does not hold for them then. So the writer
//! looks whether numbers follow one another ([`renumbered`]), and each time that they do not the epoch is another.

use rusqlite::{Connection, params};

use super::chunk::chunk_of;
use crate::error::Failure;

/// Where the index stood at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::jobs) struct Watermark {
    /// The first chunk that is not indexed.
    pub(in crate::jobs) chunk: i64,
    epoch: i64,
}

impl Watermark {
    /// Where it stands.
    pub(in crate::jobs) fn read(connection: &Connection) -> Result<Self, Failure> {
        let mut find = connection.prepare_cached(
            "SELECT (SELECT value FROM meta WHERE name = 'search_to_chunk'),
                    (SELECT value FROM meta WHERE name = 'search_epoch')",
        )?;
        Ok(find.query_row([], |row| {
            Ok(Self {
                chunk: row.get(0)?,
                epoch: row.get(1)?,
            })
        })?)
    }

    /// Moves it to `chunk`, unless it or the epoch is not what it was; says whether it moved.
    pub(super) fn advance(self, connection: &Connection, chunk: i64) -> Result<bool, Failure> {
        let valid = Self::read(connection)? == self;
        if valid {
            set(connection, chunk)?;
        }
        Ok(valid)
    }
}

/// Notes that the number of a job does not follow the one before, or that the one before is not known.
pub(in crate::jobs) fn renumbered(connection: &Connection, seq: i64) -> Result<(), Failure> {
    connection
        .prepare_cached("UPDATE meta SET value = value + 1 WHERE name = 'search_epoch'")?
        .execute([])?;
    if Watermark::read(connection)?.chunk > chunk_of(seq) {
        set(connection, chunk_of(seq))?;
    }
    Ok(())
}

fn set(connection: &Connection, chunk: i64) -> Result<(), Failure> {
    connection
        .prepare_cached("UPDATE meta SET value = ?1 WHERE name = 'search_to_chunk'")?
        .execute(params![chunk])?;
    Ok(())
}
