//! Jobs become visible before a worker reaches them.

use domain::Row;
use jiff::Timestamp;
use ports::NewJob;
use rusqlite::Connection;
use uuid::Uuid;

use super::history::{self, to_the_microsecond};
use super::row::{created, insert};
use crate::error::Failure;

/// Stores the jobs that are not known yet as PENDING.
pub(super) fn admit(connection: &Connection, jobs: &[NewJob], wake_at: Timestamp) -> Result<(), Failure> {
    let row = Row::pending(to_the_microsecond(wake_at));
    for job in jobs {
        if !known(connection, job.id)? {
            let (_, event) = created(job);
            let mut life = history::begin();
            history::append(&mut life, &event, None);
            insert(connection, job, &row, &life, event.at)?;
        }
    }
    Ok(())
}

fn known(connection: &Connection, id: Uuid) -> Result<bool, Failure> {
    let mut find = connection.prepare_cached("SELECT 1 FROM jobs WHERE id = ?1")?;
    Ok(find.exists([id.as_bytes()])?)
}
