//! Which job types are where: for every chunk of consecutive jobs the types that occur in it.
//!
//! A chunk has few types, so this is written once in a thousand jobs, where an index would be written for
//! each. A list of one type goes through the chunks that have it.

use std::collections::HashSet;

use rusqlite::{Connection, params};

use super::search::{chunk_of, renumbered, sweep};
use crate::error::Failure;

/// How many chunks go at a time: finding them takes a look at all.
const SWEEP: i64 = 64;

/// The types that the present chunk is known to have.
#[derive(Debug, Default)]
pub(super) struct Types {
    /// The number of the latest job, if it is known.
    latest: Option<i64>,
    chunk: i64,
    names: HashSet<String>,
    /// The chunks before this one were forgotten.
    swept_to: i64,
}

impl Types {
    /// Notes the type of a job that was stored.
    pub(super) fn note(&mut self, connection: &Connection, seq: i64, job_type: &str) -> Result<(), Failure> {
        if self.latest.replace(seq) != Some(seq - 1) {
            renumbered(connection, seq)?;
        }
        let chunk = chunk_of(seq);
        if chunk != self.chunk {
            self.chunk = chunk;
            self.names.clear();
        }
        if self.names.contains(job_type) {
            return Ok(());
        }
        let sql = "INSERT OR IGNORE INTO job_types (job_type, chunk) VALUES (?1, ?2)";
        connection
            .prepare_cached(sql)?
            .execute(params![job_type.as_bytes(), chunk])?;
        self.names.insert(job_type.to_owned());
        Ok(())
    }

    /// Forgets the chunks before the first job, now and then.
    pub(super) fn sweep(&mut self, connection: &Connection) -> Result<(), Failure> {
        let mut find = connection.prepare_cached("SELECT min(seq) FROM jobs")?;
        let first: Option<i64> = find.query_row([], |row| row.get(0))?;
        let first = first.map_or(self.swept_to, chunk_of);
        // Numbers that begin anew are swept anew.
        self.swept_to = self.swept_to.min(first);
        if first >= self.swept_to + SWEEP {
            connection
                .prepare_cached("DELETE FROM job_types WHERE chunk < ?1")?
                .execute([first])?;
            sweep(connection, first)?;
            self.swept_to = first;
        }
        Ok(())
    }
}
