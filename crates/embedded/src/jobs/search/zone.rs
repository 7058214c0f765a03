//! When the jobs of each chunk were made and accepted.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::window::Window;
use crate::error::Failure;

/// From one microsecond since 1970 to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::jobs) struct Interval {
    pub(in crate::jobs) from: i64,
    pub(in crate::jobs) to: i64,
}

impl Interval {
    /// Any time.
    pub(in crate::jobs) const ALWAYS: Self = Self {
        from: i64::MIN,
        to: i64::MAX,
    };

    /// No time at all, from which [`Interval::include`] starts.
    const NEVER: Self = Self {
        from: i64::MAX,
        to: i64::MIN,
    };

    fn include(&mut self, moment: Timestamp) {
        let micros = moment.as_microsecond();
        self.from = self.from.min(micros);
        self.to = self.to.max(micros);
    }

    /// What both have in common.
    pub(in crate::jobs) fn and(self, other: Self) -> Self {
        Self {
            from: self.from.max(other.from),
            to: self.to.min(other.to),
        }
    }
}

/// The times of a chunk, or those that a search asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::jobs) struct Zones {
    pub(in crate::jobs) accepted: Interval,
    pub(in crate::jobs) created: Interval,
}

impl Zones {
    /// Any time.
    pub(in crate::jobs) const ALWAYS: Self = Self {
        accepted: Interval::ALWAYS,
        created: Interval::ALWAYS,
    };

    /// Those of a chunk without jobs.
    pub(super) const NEVER: Self = Self {
        accepted: Interval::NEVER,
        created: Interval::NEVER,
    };

    /// Takes in the times of a job.
    pub(super) fn include(&mut self, accepted_at: Timestamp, created_at: Timestamp) {
        self.accepted.include(accepted_at);
        self.created.include(created_at);
    }

    /// Stores the times of a chunk.
    pub(super) fn write(&self, connection: &Connection, chunk: i64) -> Result<(), Failure> {
        let mut insert = connection.prepare_cached(
            "INSERT OR REPLACE INTO job_chunks (chunk, accepted_from, accepted_to, created_from, created_to)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        let Self { accepted, created } = self;
        insert.execute(params![
            chunk,
            accepted.from,
            accepted.to,
            created.from,
            created.to
        ])?;
        Ok(())
    }

    /// The indexed chunks of the window that may have jobs of these times.
    pub(in crate::jobs) fn chunks(&self, connection: &Connection, window: Window) -> Result<u64, Failure> {
        let mut find = connection.prepare_cached(
            "SELECT chunk FROM job_chunks WHERE chunk >= ?1 AND chunk < ?2
             AND accepted_to >= ?3 AND accepted_from <= ?4 AND created_to >= ?5 AND created_from <= ?6",
        )?;
        let Self { accepted, created } = self;
        let chunks = window.chunks();
        let asked = params![
            chunks.start,
            chunks.end,
            accepted.from,
            accepted.to,
            created.from,
            created.to
        ];
        let mut rows = find.query(asked)?;
        let mut set = 0;
        while let Some(row) = rows.next()? {
            set |= window.bit(row.get(0)?);
        }
        Ok(set)
    }
}
