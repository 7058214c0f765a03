//! Jobs become visible before a worker reaches them.

use domain::Row;
use jiff::Timestamp;
use ports::NewJob;

use super::history::{self, to_the_microsecond};
use super::row::created;
use super::table::Table;
use crate::error::Failure;

/// Stores the jobs that are not known yet as PENDING.
pub(super) fn admit(table: &mut Table<'_>, jobs: &[NewJob], wake_at: Timestamp) -> Result<(), Failure> {
    let row = Row::pending(to_the_microsecond(wake_at));
    for job in jobs {
        if table.surely_has(job.id) {
            continue;
        }
        let (facts, event) = created(job);
        let mut life = history::begin();
        history::append(&mut life, &event, None);
        if let Some(stored) = table.insert(job, facts, row.clone(), life, event.at)? {
            table.keep(stored);
        }
    }
    Ok(())
}
