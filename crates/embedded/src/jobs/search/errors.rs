//! Which groups of errors the jobs of a chunk have or had.
//!
//! Errors come late in a job's life, when its chunk may be indexed already, so they are noted with the transition.
//! Jobs that fail together have mostly the same error, and chunks few of them.

use std::collections::HashSet;

use contracts::JobStatus;
use domain::fingerprint::{Fingerprint, fingerprint};
use rusqlite::{Connection, params};

use super::chunk::chunk_of;
use super::window::Window;
use crate::error::Failure;
use crate::jobs::row::Stored;

/// How many notes are remembered, so that they are not written again.
const REMEMBERED: usize = 4096;

/// Whether a job of this status may have an error: its last attempt, if it has ended, did not go well.
pub(in crate::jobs) const fn has_error(status: JobStatus) -> bool {
    matches!(
        status,
        JobStatus::Executing
            | JobStatus::Failed
            | JobStatus::Cancelled
            | JobStatus::Quarantined
            | JobStatus::Retrying
    )
}

/// The notes that were written lately.
#[derive(Debug, Default)]
pub(in crate::jobs) struct Errors(HashSet<(i64, Fingerprint)>);

impl Errors {
    /// Notes the error of a job that has changed.
    pub(in crate::jobs) fn note(&mut self, connection: &Connection, stored: &Stored) -> Result<(), Failure> {
        // An attempt that begins has no other error than the one before.
        if !has_error(stored.row.status) || stored.row.status == JobStatus::Executing {
            return Ok(());
        }
        let Some(error) = stored.last_error()? else {
            return Ok(());
        };
        let note = (chunk_of(stored.seq), fingerprint(error));
        if self.0.contains(&note) {
            return Ok(());
        }
        write(connection, note.0, [note.1])?;
        if self.0.len() == REMEMBERED {
            self.0.clear();
        }
        self.0.insert(note);
        Ok(())
    }
}

/// Stores groups of errors of a chunk.
pub(super) fn write(
    connection: &Connection,
    chunk: i64,
    groups: impl IntoIterator<Item = Fingerprint>,
) -> Result<(), Failure> {
    let sql = "INSERT OR IGNORE INTO job_errors (chunk, fingerprint) VALUES (?1, ?2)";
    let mut insert = connection.prepare_cached(sql)?;
    for group in groups {
        insert.execute(params![chunk, group.0.cast_signed()])?;
    }
    Ok(())
}

/// The chunks of the window that have one of these groups, as far as they are indexed.
pub(in crate::jobs) fn chunks_with_errors(
    connection: &Connection,
    window: Window,
    groups: &[Fingerprint],
) -> Result<u64, Failure> {
    let sql = "SELECT chunk, fingerprint FROM job_errors WHERE chunk >= ?1 AND chunk < ?2";
    let mut find = connection.prepare_cached(sql)?;
    let chunks = window.chunks();
    let mut rows = find.query([chunks.start, chunks.end])?;
    let mut set = 0;
    while let Some(row) = rows.next()? {
        let group: i64 = row.get(1)?;
        if groups.contains(&Fingerprint(group.cast_unsigned())) {
            set |= window.bit(row.get(0)?);
        }
    }
    Ok(set)
}
