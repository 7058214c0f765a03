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

#[cfg(test)]
mod tests {
    use domain::{JobEvent, Row};

    use super::*;
    use crate::jobs::fixtures::{Desk, at, job};

    fn failed(seq: i64, status: JobStatus, error: &str) -> Stored {
        let mut stored = Stored {
            seq,
            ..Stored::arriving(&job(1), Row::pending(at(0)))
        };
        stored.row.status = status;
        let event = JobEvent {
            error: Some(error.to_owned()),
            ..stored.event(contracts::EventType::Failed, at(1))
        };
        stored.append(&event, None);
        stored
    }

    #[test]
    fn a_group_is_noted_once_for_a_chunk() {
        let desk = Desk::new();
        let mut errors = Errors::default();
        let mut note = |seq, status, error| {
            errors
                .note(&desk.connection, &failed(seq, status, error))
                .unwrap();
            desk.count("job_errors")
        };
        assert_eq!(note(1, JobStatus::Failed, "timed out after 5 s"), 1);
        assert_eq!(note(2, JobStatus::Retrying, "timed out after 7 s"), 1);
        assert_eq!(note(2, JobStatus::Cancelled, "gone"), 2);
        assert_eq!(note(1024, JobStatus::Quarantined, "gone"), 3);
        assert_eq!(note(3, JobStatus::Completed, "none any more"), 3);
        let chunks = |error| {
            let group = [fingerprint(error)];
            chunks_with_errors(&desk.connection, Window::of(0), &group).unwrap()
        };
        assert_eq!(
            (
                chunks("gone"),
                chunks("timed out after 0 s"),
                chunks("none any more")
            ),
            (0b11, 0b1, 0)
        );
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let desk = Desk::new();
        let mut errors = Errors::default();
        desk.connection.execute_batch("BEGIN").unwrap();
        for seq in 0..10_000 {
            let stored = failed(seq << 10, JobStatus::Failed, "gone");
            errors.note(&desk.connection, &stored).unwrap();
        }
        assert!(errors.0.len() <= REMEMBERED);
        assert_eq!(desk.count("job_errors"), 10_000);
    }
}
