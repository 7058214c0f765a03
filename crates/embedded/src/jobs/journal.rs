//! Every job with its history, by arrival.

use ports::{JobJournal, Page};
use rusqlite::{Connection, params};

use super::body;
use super::row::stored;
use crate::core::count;
use crate::error::Failure;
use crate::place::Place;

/// The jobs after number `after`, at most `limit`.
pub(super) fn read(connection: &Connection, after: i64, limit: usize) -> Result<Page<JobJournal>, Failure> {
    let transaction = connection.unchecked_transaction()?;
    let mut find = transaction.prepare_cached(
        "SELECT seq, id, job_type, status, wake_at, state FROM jobs WHERE seq > ?1 ORDER BY seq LIMIT ?2",
    )?;
    let mut rows = find.query(params![after, count(limit.saturating_add(1))])?;
    let (mut items, mut last) = (Vec::new(), after);
    while let Some(row) = rows.next()? {
        if items.len() == limit {
            let next = Some(Place::Journal.write(last));
            return Ok(Page { items, next });
        }
        let stored = stored(row)?;
        let body = body::find(&transaction, stored.seq)?;
        last = stored.seq;
        items.push(JobJournal {
            history: stored.events()?,
            job: body.job(stored.facts),
        });
    }
    Ok(Page { items, next: None })
}
