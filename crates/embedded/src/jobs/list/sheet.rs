//! A page in the making.

use std::ops::Range;

use contracts::JobStatus;
use ports::{JobSummary, Page};
use rusqlite::{Connection, Row, params};

use super::budget::Budget;
use super::check::Check;
use super::merge::Merge;
use super::plan::{Marks, Plan};
use super::statuses::Statuses;
use crate::error::Failure;
use crate::jobs::detail::summary;
use crate::jobs::row::stored;
use crate::jobs::search::{Known, Window, chunk_of, range_of};
use crate::place::Place;

/// How many numbers a scan goes through before it asks whether there is time left. (Rows that SQLite itself passes
/// over cost little.)
const STRIDE: i64 = 4096;

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    On,
    /// The page is full and there may be more, or its time is up.
    Stop,
}

/// A page in the making.
pub(super) struct Sheet<'s> {
    connection: &'s Connection,
    plan: &'s Plan,
    check: Check,
    limit: usize,
    budget: Budget,
    items: Vec<JobSummary>,
    /// Everything from this number up is done with.
    position: i64,
}

impl<'s> Sheet<'s> {
    pub(super) fn new(
        connection: &'s Connection,
        plan: &'s Plan,
        check: Check,
        limit: usize,
        budget: Budget,
    ) -> Self {
        Self {
            connection,
            plan,
            check,
            limit,
            budget,
            items: Vec::new(),
            position: i64::MAX,
        }
    }

    /// The page so far.
    pub(super) fn page(self, flow: Flow, first: i64) -> Page<JobSummary> {
        let more = flow == Flow::Stop && self.position > first;
        Page {
            next: more.then(|| Place::Jobs.write(self.position)),
            items: self.items,
        }
    }

    /// Looks at the jobs of some numbers of a window, from the highest down.
    pub(super) fn look_at(
        &mut self,
        window: Window,
        indexed_to: i64,
        range: Range<i64>,
    ) -> Result<Flow, Failure> {
        let marks = self.plan.marks(self.connection, window, indexed_to)?;
        let mut until = range.end;
        while until > range.start {
            let (from, statuses) = run(&marks, window, &range, until);
            if self.look_at_run(from..until, statuses)? == Flow::Stop {
                return Ok(Flow::Stop);
            }
            until = from;
        }
        Ok(self.pass(range.start))
    }

    /// Looks at the jobs of these statuses, and at those that are named.
    fn look_at_run(&mut self, range: Range<i64>, statuses: Statuses) -> Result<Flow, Failure> {
        let also = within(&self.plan.also, &range);
        if !statuses.has(JobStatus::Completed) {
            return self.merge(range, statuses, also);
        }
        self.scan(range, if also.is_empty() { statuses } else { Statuses::ALL })
    }

    /// Looks at all rows of these statuses.
    fn scan(&mut self, range: Range<i64>, statuses: Statuses) -> Result<Flow, Failure> {
        let mut until = range.end;
        while until > range.start {
            let from = range.start.max(until - STRIDE);
            if self.stride(from, until, statuses)? == Flow::Stop || self.pass(from) == Flow::Stop {
                return Ok(Flow::Stop);
            }
            until = from;
        }
        Ok(Flow::On)
    }

    fn stride(&mut self, from: i64, until: i64, statuses: Statuses) -> Result<Flow, Failure> {
        let mut find = self.connection.prepare_cached(
            "SELECT seq, id, job_type, status, wake_at, state, updated_at FROM jobs
             WHERE seq >= ?1 AND seq < ?2 AND (?3 >> status) & 1 AND updated_at BETWEEN ?4 AND ?5
             ORDER BY seq DESC",
        )?;
        let updated = self.plan.updated;
        let mut rows = find.query([from, until, statuses.bits(), updated.from, updated.to])?;
        while let Some(row) = rows.next()? {
            if self.consider(row)? == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        Ok(Flow::On)
    }

    /// Looks at the jobs of statuses that are rare, and at some more.
    fn merge(&mut self, range: Range<i64>, statuses: Statuses, also: &[i64]) -> Result<Flow, Failure> {
        let mut numbers = Merge::default();
        numbers.add_known(also);
        for status in statuses.iter() {
            match status {
                JobStatus::Executing => numbers.add_known(within(&self.plan.running, &range)),
                status => numbers.add_status(status, &range),
            }
        }
        let sql = "SELECT seq, id, job_type, status, wake_at, state, updated_at FROM jobs WHERE seq = ?1";
        let mut find = self.connection.prepare_cached(sql)?;
        while let Some(seq) = numbers.next(self.connection)? {
            let mut rows = find.query(params![seq])?;
            if let Some(row) = rows.next()?
                && self.consider(row)? == Flow::Stop
            {
                return Ok(Flow::Stop);
            }
        }
        Ok(Flow::On)
    }

    /// Takes the job of this row in, if it matches and there is room.
    fn consider(&mut self, row: &Row<'_>) -> Result<Flow, Failure> {
        if self.items.len() >= self.limit {
            return Ok(Flow::Stop);
        }
        let mut job = Known::read(row)?;
        if self.check.passes(self.connection, &mut job)? {
            let stored = stored(row)?;
            self.items.push(summary(&stored, &stored.events()?));
        }
        Ok(self.pass(job.seq))
    }

    /// Everything from this number up is done with.
    fn pass(&mut self, seq: i64) -> Flow {
        self.position = seq;
        if self.budget.is_spent() {
            Flow::Stop
        } else {
            Flow::On
        }
    }
}

/// The start of the numbers before `until` in whose chunks a match has the same statuses, and these.
fn run(marks: &Marks, window: Window, range: &Range<i64>, until: i64) -> (i64, Statuses) {
    let last = chunk_of(until - 1);
    let statuses = marks.of(window, last);
    let chunks = (window.chunks().start..last).rev();
    let same = chunks.take_while(|chunk| marks.of(window, *chunk) == statuses);
    let first = same.last().unwrap_or(last);
    (range_of(first).start.max(range.start), statuses)
}

/// The numbers that are in the range, of some that are sorted.
fn within<'n>(numbers: &'n [i64], range: &Range<i64>) -> &'n [i64] {
    let [from, until] = [range.start, range.end].map(|end| numbers.partition_point(|number| *number < end));
    numbers.get(from..until).unwrap_or_default()
}
