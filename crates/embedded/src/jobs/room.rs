//! Which of the jobs that limits hold back may go now. They are looked for again and again, by their types, so that
//! none depends on a single event.

use jiff::Timestamp;

use super::due::{Candidate, Found};
use super::holds;
use super::obstacle::room;
use super::table::Table;
use crate::core::count;
use crate::error::Failure;

/// How many types are looked at in one call at most; the next call goes on behind them.
const TYPES: usize = 1000;

/// Jobs that limits held back, of each type as many as may start at `now`, in the order of priority and arrival. About
/// `most` of all types: each call begins where the last one stopped.
pub(super) fn held_with_room(
    table: &mut Table<'_>,
    now: Timestamp,
    most: usize,
) -> Result<Vec<Candidate>, Failure> {
    let mut candidates = Vec::new();
    if table.limits()?.is_all_paused() {
        return Ok(candidates);
    }
    let start = std::mem::take(table.looked_at());
    let mut round = Round::new(start);
    for _ in 0..TYPES {
        let Some(job_type) = round.next(table)? else { break };
        candidates.extend(of_type(table, &job_type, now, most)?);
        if candidates.len() >= most {
            break;
        }
    }
    *table.looked_at() = round.next;
    Ok(candidates)
}

fn of_type(
    table: &mut Table<'_>,
    job_type: &str,
    now: Timestamp,
    most: usize,
) -> Result<Vec<Candidate>, Failure> {
    let room = room(table, job_type, now, most)?;
    if room == 0 {
        return Ok(Vec::new());
    }
    let first = holds::first(table.connection(), job_type, count(room))?;
    let candidate = |(place, (rank, seq))| Candidate {
        rank,
        place,
        what: Found::Held(seq),
    };
    Ok(first.into_iter().enumerate().map(candidate).collect())
}

/// A way through the types, once around.
struct Round {
    start: Vec<u8>,
    /// Where to look for the next type.
    next: Vec<u8>,
    wrapped: bool,
}

impl Round {
    fn new(start: Vec<u8>) -> Self {
        Self {
            next: start.clone(),
            wrapped: start.is_empty(),
            start,
        }
    }

    fn next(&mut self, table: &Table<'_>) -> Result<Option<String>, Failure> {
        let mut found = holds::type_from(table.connection(), &self.next)?;
        if found.is_none() && !self.wrapped {
            self.wrapped = true;
            found = holds::type_from(table.connection(), &[])?;
        }
        let Some(job_type) = found else {
            self.next.clear();
            return Ok(None);
        };
        if self.wrapped && !self.start.is_empty() && job_type.as_bytes() >= &*self.start {
            return Ok(None);
        }
        // Behind it, and before every longer one.
        self.next = [job_type.as_bytes(), &[0]].concat();
        Ok(Some(job_type))
    }
}
