//! Jobs become visible before a worker reaches them.

use std::sync::Arc;

use domain::Row;
use jiff::Timestamp;
use ports::NewJob;

use super::facts::to_the_microsecond;
use super::row::Stored;
use super::table::Table;
use super::unique;
use crate::error::Failure;

/// Stores the jobs that are not known yet as PENDING.
pub(super) fn admit(table: &mut Table<'_>, jobs: &[Arc<NewJob>], wake_at: Timestamp) -> Result<(), Failure> {
    for job in jobs {
        if !table.surely_has(job.id) && !table.has_forgotten(job.id)? {
            store(table, job, wake_at)?;
        }
    }
    Ok(())
}

/// Stores a job as PENDING; `false` if it is known. From now on it owns its unique key, or waits for it.
///
/// It is dispatched if nobody has started it by `wake_at`, and by then its time has come: a dispatched job starts
/// whatever its time.
pub(super) fn store(table: &mut Table<'_>, job: &NewJob, wake_at: Timestamp) -> Result<bool, Failure> {
    let due_at = job.run_at.map_or(wake_at, |run_at| run_at.max(wake_at));
    let mut arriving = Stored::arriving(job, Row::pending(to_the_microsecond(due_at)));
    if job.unique_key.is_some() {
        if let Some(known) = table.find(job.id)? {
            table.keep(known);
            return Ok(false);
        }
        unique::own_or_wait(table.connection(), &mut arriving, job.accepted_at)?;
    }
    let inserted = table.insert(job, &mut arriving, job.accepted_at)?;
    if inserted {
        table.keep(arriving);
    }
    Ok(inserted)
}
