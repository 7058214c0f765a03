//! Jobs whose time has come, and jobs that were held back and for which there is room.

use std::sync::Arc;

use domain::limits::Hold;
use jiff::Timestamp;
use ports::Dispatch;
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::body::{self, Body};
use super::codes::rank;
use super::facts::to_the_microsecond;
use super::holds::is_by_limits;
use super::room::held_with_room;
use super::row::{Stored, stored};
use super::table::Table;
use super::unique;
use crate::core::count;
use crate::error::Failure;

/// Among how many of the jobs that are due for the longest time those of a higher priority come first. Not among
/// all: the others must have their turn, too.
const WINDOW: usize = 1000;

/// A job that may be taken, in the order of taking.
#[derive(Debug)]
pub(super) struct Candidate {
    /// Its priority's.
    pub(super) rank: u8,
    /// Its place in the line that it comes from: lines take turns.
    pub(super) place: usize,
    pub(super) what: Found,
}

/// What is known of a candidate.
#[derive(Debug)]
pub(super) enum Found {
    /// A job that is due.
    Due(Box<Stored>),
    /// The number of a job that was held back.
    Held(i64),
}

/// Takes jobs that are due at `now`, and held ones as far as there is room, and makes them due again at `again_at`.
pub(super) fn take(
    table: &mut Table<'_>,
    now: Timestamp,
    again_at: Timestamp,
    limit: usize,
) -> Result<Vec<Dispatch>, Failure> {
    let mut candidates = due(table.connection(), now, limit.max(WINDOW))?;
    expect_starts(table, &candidates, again_at)?;
    candidates.extend(held_with_room(table, now, limit)?);
    candidates.sort_by_key(|candidate| (candidate.rank, candidate.place));
    candidates.truncate(limit);
    let taken = candidates
        .into_iter()
        .map(|candidate| take_one(table, candidate.what, now, again_at));
    taken.filter_map(Result::transpose).collect()
}

/// Jobs that are due, too, use up the room that there is for those that were held back.
fn expect_starts(
    table: &mut Table<'_>,
    candidates: &[Candidate],
    again_at: Timestamp,
) -> Result<(), Failure> {
    for candidate in candidates {
        if let Found::Due(stored) = &candidate.what {
            expect_start(table, stored, again_at)?;
        }
    }
    Ok(())
}

fn expect_start(table: &mut Table<'_>, stored: &Stored, again_at: Timestamp) -> Result<(), Failure> {
    let job_type = &*stored.facts.job_type;
    if !table.limits()?.is_open(job_type) {
        table.released().add(job_type, stored.facts.id, again_at);
    }
    Ok(())
}

/// `None` if it has to wait on.
fn take_one(
    table: &mut Table<'_>,
    found: Found,
    now: Timestamp,
    again_at: Timestamp,
) -> Result<Option<Dispatch>, Failure> {
    let mut stored = match found {
        Found::Due(stored) => table.adopt(*stored),
        Found::Held(seq) => table.expect_seq(seq, "job_holds")?,
    };
    let dispatch = if go(table, &mut stored, now, again_at)? {
        Some(dispatch(&stored, body::find(table.connection(), stored.seq)?))
    } else {
        None
    };
    table.keep(stored);
    Ok(dispatch)
}

/// Lets a job go, and makes it due again at `again_at`; `false` if it has to wait on.
fn go(
    table: &mut Table<'_>,
    stored: &mut Stored,
    now: Timestamp,
    again_at: Timestamp,
) -> Result<bool, Failure> {
    let held = stored.row.held;
    match held {
        Some(Hold::Unique) if !unique::wait_no_more(table, stored, now)? => return Ok(false),
        Some(reason) if is_by_limits(reason) => release(table, stored, again_at)?,
        _ => wake(table, stored, again_at)?,
    }
    Ok(true)
}

/// Lets a job go that was held back.
fn release(table: &mut Table<'_>, stored: &mut Stored, again_at: Timestamp) -> Result<(), Failure> {
    stored.row.release(to_the_microsecond(again_at));
    let updated_at = stored.updated_at()?;
    table.update(stored, updated_at, None)?;
    expect_start(table, stored, again_at)
}

/// Makes taken jobs due again only at `again_at`, where their attempt has not been started and nothing holds them back.
pub(super) fn put_off(
    table: &mut Table<'_>,
    taken: &[(Uuid, u32)],
    again_at: Timestamp,
) -> Result<(), Failure> {
    for (id, attempt) in taken {
        let Some(mut stored) = table.find(*id)? else {
            continue;
        };
        let row = &stored.row;
        if row.wake_at.is_some() && row.held.is_none() && row.attempt + 1 == *attempt {
            wake(table, &mut stored, again_at)?;
        }
        table.keep(stored);
    }
    Ok(())
}

/// Changes nothing but when a job is due.
fn wake(table: &mut Table<'_>, stored: &mut Stored, at: Timestamp) -> Result<(), Failure> {
    let sql = "UPDATE jobs SET wake_at = ?2 WHERE seq = ?1";
    let mut update = table.connection().prepare_cached(sql)?;
    update.execute(params![stored.seq, at.as_microsecond()])?;
    stored.row.wake_at = Some(to_the_microsecond(at));
    Ok(())
}

fn dispatch(stored: &Stored, body: Body) -> Dispatch {
    Dispatch {
        job: Arc::new(body.job(stored.facts.clone())),
        attempt: stored.row.attempt + 1,
    }
}

/// The jobs that are due for the longest time, `most` of them.
fn due(connection: &Connection, now: Timestamp, most: usize) -> Result<Vec<Candidate>, Failure> {
    let mut find = connection.prepare_cached(
        "SELECT seq, id, job_type, status, wake_at, state FROM jobs WHERE wake_at <= ?1 ORDER BY wake_at LIMIT ?2",
    )?;
    let mut rows = find.query(params![now.as_microsecond(), count(most)])?;
    let mut due = Vec::new();
    while let Some(row) = rows.next()? {
        let stored = stored(row)?;
        due.push(Candidate {
            rank: rank(stored.facts.priority),
            place: due.len(),
            what: Found::Due(Box::new(stored)),
        });
    }
    Ok(due)
}
