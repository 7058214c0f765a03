//! Jobs become visible before a worker reaches them.

use std::sync::Arc;

use domain::Row;
use domain::limits::Hold;
use jiff::Timestamp;
use ports::NewJob;

use super::facts::to_the_microsecond;
use super::row::Stored;
use super::table::Table;
use super::unique::{self, Key};
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
        own_or_wait(table, job, &mut arriving)?;
    }
    let inserted = table.insert(job, &mut arriving, job.accepted_at)?;
    if inserted {
        table.keep(arriving);
    }
    Ok(inserted)
}

/// A job whose time has not come waits for that first.
fn own_or_wait(table: &mut Table<'_>, job: &NewJob, arriving: &mut Stored) -> Result<(), Failure> {
    let key = unique::own(table.connection(), arriving, job.accepted_at)?;
    let its_time_has_come = job.run_at.is_none_or(|run_at| run_at <= job.accepted_at);
    if let Key::Taken(until) = key
        && its_time_has_come
    {
        arriving.row.hold(Hold::Unique, until);
    }
    Ok(())
}
