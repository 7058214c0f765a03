//! Jobs whose time has come, and jobs that were held back and for which there is room.
//!
//! One scheduler at a time chooses ([`Lock::Taking`]): so no two take the same job, and together they let no more of a
//! limited type go than may start. A look that finds nothing takes no lock.

mod candidates;
mod held;
mod put_off;

use std::collections::HashMap;
use std::sync::Arc;

use domain::limits::Hold;
use jiff::Timestamp;
use ports::{Dispatch, NewJob};

use crate::codes::{hold_code, to_the_microsecond};
use crate::core::{Core, Operation, Session};
use crate::error::Failure;
use crate::insert::Starter;
use crate::job::{extra_columns, read_job};
use crate::limits::Book;
use crate::locks::{Lock, lock};
use crate::row::{Stored, row_columns};
use crate::unique::{Keys, release_row};
use crate::work::{Done, Work};
use candidates::{Candidate, due};
use held::{Turns, held_with_room};

pub(crate) use held::LookedAt;
pub(crate) use put_off::PutOff;

/// Among how many of the jobs that are due for the longest time those of a higher priority come first. Not among
/// all: the others must have their turn, too.
const WINDOW: usize = 1000;

/// Takes jobs that are due at `now`, and held ones as far as there is room, and makes them due again at `again_at`.
pub(crate) struct Take<'a> {
    pub(crate) now: Timestamp,
    pub(crate) again_at: Timestamp,
    pub(crate) limit: usize,
    /// After which type the scheduler goes on looking for jobs that limits held back.
    pub(crate) looked_at: &'a LookedAt,
}

impl Take<'_> {
    pub(crate) async fn take(&self, core: &Core) -> Result<Vec<Dispatch>, Failure> {
        if self.limit == 0 || !core.ask(&Any(self.now)).await? {
            return Ok(Vec::new());
        }
        Ok(core.remember(core.transact(self).await?))
    }

    /// What may be taken, in the order of taking.
    async fn candidates(&self, session: &mut Session<'_>, book: &Book) -> Result<Vec<Candidate>, Failure> {
        let mut candidates = due(session.connection, self.now, self.limit.max(WINDOW)).await?;
        let turns = Turns {
            now: self.now,
            most: self.limit,
            looked_at: self.looked_at,
        };
        let held = held_with_room(session, book, &candidates, &turns).await?;
        candidates.extend(held);
        candidates.sort_by_key(|candidate| (candidate.rank, candidate.place));
        candidates.truncate(self.limit);
        Ok(candidates)
    }

    /// Lets a job go, and makes it due again at `again_at`; `false` if it has to wait on.
    fn go(&self, stored: &mut Stored, keys: &mut Keys, book: &Book) -> bool {
        let now = self.now;
        match stored.row.held {
            Some(Hold::Unique) => {
                if stored.row.wake_at.is_none_or(|wake_at| wake_at > now) {
                    return false;
                }
                release_row(stored, now);
                keys.own_or_wait(stored, now);
                let is_due = stored.row.wake_at.is_some_and(|wake_at| wake_at <= now);
                if !is_due || stored.row.held.is_some() {
                    return false;
                }
            }
            None if stored.row.wake_at.is_none_or(|wake_at| wake_at > now) => return false,
            _ => {}
        }
        stored.row.release(to_the_microsecond(self.again_at));
        stored.news.any = true;
        if !book.is_open(&stored.facts.job_type) {
            stored.released_until = Some(to_the_microsecond(self.again_at));
        }
        true
    }
}

impl Operation for Take<'_> {
    type Answer = Done<Vec<Dispatch>>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Self::Answer, Failure> {
        let taking = session.core.locks.number(Lock::Taking);
        lock(session.connection, vec![taking]).await?;
        let book = session.limits().await?;
        let candidates = self.candidates(session, &book).await?;
        let waiting = candidates.iter().filter(|candidate| candidate.waits_for_key);
        let names: Vec<&str> = waiting
            .filter_map(|candidate| candidate.unique_key.as_deref())
            .collect();
        session.lock_keys(&names).await?;
        let mut keys = Keys::read(session.connection, &names).await?;
        let seqs: Vec<i64> = candidates.iter().map(|candidate| candidate.seq).collect();
        let (mut work, mut jobs) = lock_jobs(session, &seqs).await?;
        let mut taken = HashMap::new();
        for stored in work.rows_mut() {
            if self.go(stored, &mut keys, &book)
                && let Some(job) = jobs.remove(&stored.seq)
            {
                let attempt = stored.row.attempt + 1;
                taken.insert(stored.seq, Dispatch { job, attempt });
            }
        }
        work.write(session.connection, Starter::NOBODY).await?;
        keys.write(session.connection).await?;
        let dispatches = seqs.iter().filter_map(|seq| taken.remove(seq)).collect();
        Ok(Done::new(dispatches, work.into_rows()))
    }
}

/// Locks rows by their numbers, as far as nobody else has, and reads their jobs.
async fn lock_jobs(
    session: &mut Session<'_>,
    seqs: &[i64],
) -> Result<(Work, HashMap<i64, Arc<NewJob>>), Failure> {
    let sql = concat!(
        "SELECT ",
        row_columns!(),
        ", ",
        extra_columns!(),
        ", body FROM jobs WHERE seq = ANY($1) ORDER BY seq FOR UPDATE SKIP LOCKED"
    );
    let found = sqlx::query(sql)
        .bind(seqs)
        .fetch_all(&mut *session.connection)
        .await?;
    let mut rows = Vec::new();
    let mut jobs = HashMap::new();
    for row in &found {
        let stored = Stored::read(row)?;
        jobs.insert(stored.seq, Arc::new(read_job(row, &stored.facts)?));
        rows.push(stored);
    }
    Ok((Work::of(rows), jobs))
}

/// Whether anything is due, or held back by limits.
struct Any(Timestamp);

impl Operation for Any {
    type Answer = bool;

    async fn run(&self, session: &mut Session<'_>) -> Result<bool, Failure> {
        debug_assert_eq!(hold_code(Hold::Unique), 4, "what the statements say");
        let sql = "SELECT EXISTS (SELECT FROM jobs WHERE wake_at <= $1 AND wake_at IS NOT NULL
                                  AND (held IS NULL OR held = 4))
                       OR EXISTS (SELECT FROM jobs WHERE held < 4)";
        let query = sqlx::query_scalar(sql).bind(self.0.as_microsecond());
        Ok(query.fetch_one(&mut *session.connection).await?)
    }
}
