//! Lists of jobs, newest first: the numbers of the jobs from the highest down, as far as a page's time goes.
//!
//! A [`Plan`] says which jobs can match at all; the [`Sheet`] looks at them one by one. The cursor is the number of
//! the last job that was looked at, or passed over because it cannot match.

mod budget;
mod check;
mod hint;
mod merge;
mod plan;
mod sheet;
mod statuses;

use domain::query::Query;
use jiff::Timestamp;
use ports::{JobSummary, Page};
use rusqlite::Connection;

use super::search::{Watermark, Window, chunk_of};
use crate::error::Failure;
use budget::Budget;
use check::Check;
use plan::Plan;
use sheet::{Flow, Sheet};

/// A page of the jobs that `query` matches at `now`, of numbers below `before`.
pub(super) fn list(
    connection: &Connection,
    query: &Query,
    now: Timestamp,
    before: i64,
    limit: usize,
) -> Result<Page<JobSummary>, Failure> {
    page(connection, query, now, before, limit, Budget::start())
}

fn page(
    connection: &Connection,
    query: &Query,
    now: Timestamp,
    before: i64,
    limit: usize,
    budget: Budget,
) -> Result<Page<JobSummary>, Failure> {
    let snapshot = connection.unchecked_transaction()?;
    let plan = Plan::of(&snapshot, query, now)?;
    let mut sheet = Sheet::new(&snapshot, &plan, Check::of(query, now), limit, budget);
    let Some((first, last)) = ends(&snapshot)? else {
        return Ok(sheet.page(Flow::On, 0));
    };
    let indexed_to = Watermark::read(&snapshot)?.chunk;
    let mut until = before.min(last.saturating_add(1));
    let mut flow = Flow::On;
    while flow == Flow::On && until > first {
        let window = Window::of(chunk_of(until - 1));
        let from = window.start().max(first);
        flow = sheet.look_at(window, indexed_to, from..until)?;
        until = from;
    }
    Ok(sheet.page(flow, first))
}

/// The numbers of the first job and of the last.
pub(super) fn ends(connection: &Connection) -> Result<Option<(i64, i64)>, Failure> {
    // Two searches of the index: asked for at once, min and max take a look at everything.
    let mut find =
        connection.prepare_cached("SELECT (SELECT min(seq) FROM jobs), (SELECT max(seq) FROM jobs)")?;
    let (first, last): (Option<i64>, Option<i64>) =
        find.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(first.zip(last))
}

#[cfg(test)]
mod tests;
