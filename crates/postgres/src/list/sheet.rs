//! A page in the making.

use std::ops::Range;

use contracts::JobStatus;
use domain::query::{Body, Condition, Query};
use jiff::Timestamp;
use ports::{JobSummary, Page};
use sqlx::postgres::{PgConnection, PgRow};

use super::budget::Budget;
use super::filter::filter_sql;
use super::indexed::{BATCH, indexed};
use super::plan::Plan;
use super::runs::Run;
use super::statuses::Statuses;
use crate::detail::summary;
use crate::error::Failure;
use crate::history::last_ending;
use crate::job::{BODY, Extra, extra_columns};
use crate::place;
use crate::row::{Fields, Stored, row_columns};
use crate::search::facts;

/// How many numbers a scan goes through before it asks whether there is time left: rows that the database itself passes
/// over cost little.
const STRIDE: i64 = 8192;

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    On,
    /// The page is full and there may be more, or its time is up.
    Stop,
}

/// A page in the making.
pub(super) struct Sheet<'s> {
    plan: &'s Plan,
    query: &'s Query,
    now: Timestamp,
    needs_body: bool,
    needs_error: bool,
    limit: usize,
    budget: Budget,
    items: Vec<JobSummary>,
    /// Whether a job was read that does not match.
    missed: bool,
    /// Everything from this number up is done with.
    position: i64,
}

impl<'s> Sheet<'s> {
    pub(super) fn new(
        plan: &'s Plan,
        query: &'s Query,
        now: Timestamp,
        limit: usize,
        budget: Budget,
    ) -> Self {
        Self {
            plan,
            query,
            now,
            needs_body: query.needs_body(),
            needs_error: query.terms().iter().any(|term| needs_error(&term.condition)),
            limit,
            budget,
            items: Vec::new(),
            missed: false,
            position: i64::MAX,
        }
    }

    /// The page so far.
    pub(super) fn page(self, flow: Flow, first: i64) -> Page<JobSummary> {
        let more = flow == Flow::Stop && self.position > first;
        Page {
            next: more.then(|| place::write(self.position)),
            items: self.items,
        }
    }

    /// Looks at the jobs of a stretch of numbers, from the highest down.
    pub(super) async fn look_at(
        &mut self,
        connection: &mut PgConnection,
        Run { range, statuses }: Run,
    ) -> Result<Flow, Failure> {
        let also = within(&self.plan.also, &range).to_vec();
        if !statuses.has(JobStatus::Completed) {
            return self.merge(connection, range, statuses, &also).await;
        }
        let statuses = if also.is_empty() { statuses } else { Statuses::ALL };
        self.scan(connection, range, statuses).await
    }

    /// Looks at all rows of these statuses.
    async fn scan(
        &mut self,
        connection: &mut PgConnection,
        range: Range<i64>,
        statuses: Statuses,
    ) -> Result<Flow, Failure> {
        let sql = concat!(
            "SELECT ",
            row_columns!(),
            ", ",
            extra_columns!(),
            ", CASE WHEN $16 THEN body ELSE '' END FROM jobs WHERE seq >= $1 AND seq < $2 AND ",
            filter_sql!(),
            " ORDER BY seq DESC LIMIT $3"
        );
        let codes = (statuses != Statuses::ALL).then(|| statuses.codes());
        let mut until = range.end;
        while until > range.start {
            let from = range.start.max(until - STRIDE);
            // As long as everything matches that the database does not pass over, no more than the page takes.
            let most = if self.missed {
                BATCH
            } else {
                BATCH.min(self.limit - self.items.len() + 1)
            };
            let query = sqlx::query(sql)
                .bind(from)
                .bind(until)
                .bind(crate::codes::count(most));
            let query = self.plan.filter.bind(query, codes.clone()).bind(self.needs_body);
            let found = query.fetch_all(&mut *connection).await?;
            for row in &found {
                if self.consider(row)? == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
            // Fewer than asked for are all that there are.
            until = if found.len() < most { from } else { self.position };
            if self.pass(until) == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        Ok(Flow::On)
    }

    /// Looks at the jobs of statuses, or with errors, that an index finds, and at those that are named.
    async fn merge(
        &mut self,
        connection: &mut PgConnection,
        range: Range<i64>,
        statuses: Statuses,
        also: &[i64],
    ) -> Result<Flow, Failure> {
        let mut until = range.end;
        while until > range.start {
            let (mut numbers, from) = indexed(connection, self.plan, range.start..until, statuses).await?;
            numbers.extend(within(also, &(from..until)));
            if statuses.has(JobStatus::Executing) && self.plan.errors.is_none() {
                numbers.extend(within(&self.plan.running, &(from..until)));
            }
            numbers.sort_unstable_by(|a, b| b.cmp(a));
            numbers.dedup();
            for batch in numbers.chunks(BATCH) {
                for row in &self.read(connection, batch).await? {
                    if self.consider(row)? == Flow::Stop {
                        return Ok(Flow::Stop);
                    }
                }
            }
            if self.pass(from) == Flow::Stop {
                return Ok(Flow::Stop);
            }
            until = from;
        }
        Ok(Flow::On)
    }

    /// Reads the jobs of some numbers, from the highest down, but for those that the database passes over.
    async fn read(&self, connection: &mut PgConnection, numbers: &[i64]) -> Result<Vec<PgRow>, Failure> {
        let sql = concat!(
            "SELECT ",
            row_columns!(),
            ", ",
            extra_columns!(),
            ", CASE WHEN $2 THEN body ELSE '' END FROM jobs WHERE seq = ANY($1) AND $3::bigint IS NULL AND ",
            filter_sql!(),
            " ORDER BY seq DESC"
        );
        let query = sqlx::query(sql)
            .bind(numbers)
            .bind(self.needs_body)
            .bind(None::<i64>);
        Ok(self.plan.filter.bind(query, None).fetch_all(connection).await?)
    }

    /// Takes the job of this row in, if it matches and there is room.
    fn consider(&mut self, row: &PgRow) -> Result<Flow, Failure> {
        if self.items.len() >= self.limit {
            return Ok(Flow::Stop);
        }
        let stored = Stored::read(row)?;
        if self.matches(&stored, row)? {
            self.items.push(summary(&stored)?);
        } else {
            self.missed = true;
        }
        self.position = stored.seq;
        Ok(Flow::On)
    }

    fn matches(&self, stored: &Stored, row: &PgRow) -> Result<bool, Failure> {
        let extra = Extra::read(row)?;
        let ending = match &stored.history {
            Some(history) if self.needs_error => last_ending(history)?,
            _ => None,
        };
        let error = ending.and_then(|ending| ending.error);
        let body: Body = if self.needs_body {
            let mut fields = Fields { row, at: BODY };
            // A text that does not read has neither payload nor metadata.
            serde_json::from_slice(fields.next::<&[u8]>()?).unwrap_or_default()
        } else {
            Body::default()
        };
        Ok(self
            .query
            .matches(&facts(stored, &extra, &body, error.as_deref()), self.now))
    }

    /// Everything from this number up is done with.
    pub(super) fn pass(&mut self, seq: i64) -> Flow {
        self.position = seq;
        if self.budget.is_spent() {
            Flow::Stop
        } else {
            Flow::On
        }
    }
}

fn needs_error(condition: &Condition) -> bool {
    matches!(
        condition,
        Condition::Text(_) | Condition::Error(_) | Condition::Fingerprint(_)
    )
}

/// The numbers that are in the range, of some that are sorted from the lowest up.
fn within<'n>(numbers: &'n [i64], range: &Range<i64>) -> &'n [i64] {
    let [from, until] = [range.start, range.end].map(|end| numbers.partition_point(|number| *number < end));
    numbers.get(from..until).unwrap_or_default()
}
