//! Jobs that an index names one by one.

use contracts::JobStatus;
use domain::query::{State, id_range};
use jiff::Timestamp;
use rusqlite::{Connection, Params, params};
use uuid::Uuid;

use crate::error::Failure;
use crate::jobs::list::statuses::Statuses;

/// How many jobs are named at most; beyond that it is better to look through those of a status.
const MOST: i64 = 4096;

/// What a condition's matches are among: they have one of these statuses or one of these numbers.
#[derive(Debug)]
pub(super) struct Also {
    pub(super) statuses: Statuses,
    pub(super) numbers: Vec<i64>,
}

impl Also {
    fn with(statuses: Statuses) -> Self {
        Self {
            statuses,
            numbers: Vec::new(),
        }
    }

    /// The numbers, if there are not too many, or else the statuses.
    fn either(numbers: Option<Vec<i64>>, statuses: Statuses) -> Self {
        match numbers {
            Some(numbers) => Self {
                statuses: Statuses::NONE,
                numbers,
            },
            None => Self::with(statuses),
        }
    }

    fn or(mut self, other: Self) -> Self {
        self.statuses = self.statuses.or(other.statuses);
        self.numbers.extend(other.numbers);
        self
    }

    /// The jobs of these identifiers.
    pub(super) fn of_ids(connection: &Connection, ids: &[Uuid]) -> Result<Self, Failure> {
        let mut jobs = Self::with(Statuses::NONE);
        for id in ids {
            let sql = "SELECT seq FROM jobs WHERE id = ?1";
            jobs.numbers.extend(numbers(connection, sql, [id.as_bytes()])?);
        }
        Ok(jobs)
    }

    /// The jobs in one of these states.
    pub(super) fn of_states(
        connection: &Connection,
        wanted: &[State],
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let none = Self::with(Statuses::NONE);
        wanted.iter().try_fold(none, |jobs, state| {
            Ok(jobs.or(match state {
                State::Status(status) => Self::with((*status).into()),
                State::Held => Self::held(connection)?,
                State::Due => Self::due(connection, now)?,
                State::Stuck => Self::with(Statuses::waiting().or(JobStatus::Executing.into())),
            }))
        })
    }

    /// The jobs that are held back: by limits or by a unique key.
    pub(super) fn held(connection: &Connection) -> Result<Self, Failure> {
        let sql = "SELECT seq FROM job_holds UNION ALL SELECT seq FROM job_waits LIMIT ?1";
        let held = at_most(connection, sql, params![MOST + 1])?;
        Ok(Self::either(held, Statuses::waiting()))
    }

    /// The jobs whose time has come at `now`.
    fn due(connection: &Connection, now: Timestamp) -> Result<Self, Failure> {
        let sql = "SELECT seq FROM jobs WHERE wake_at <= ?1 LIMIT ?2";
        let due = at_most(connection, sql, params![now.as_microsecond(), MOST + 1])?;
        Ok(Self::either(due, Statuses::waiting()))
    }
}

/// The jobs whose identifier begins with one of the texts; `None` if they are too many.
pub(super) fn beginning_with(connection: &Connection, texts: &[String]) -> Result<Option<Vec<i64>>, Failure> {
    let mut all = Vec::new();
    for (first, last) in texts.iter().filter_map(|text| id_range(text)) {
        let sql = "SELECT seq FROM jobs WHERE id BETWEEN ?1 AND ?2 LIMIT ?3";
        let found = at_most(
            connection,
            sql,
            params![first.as_bytes(), last.as_bytes(), MOST + 1],
        )?;
        match found {
            Some(found) => all.extend(found),
            None => return Ok(None),
        }
    }
    Ok(Some(all))
}

fn at_most(connection: &Connection, sql: &str, params: impl Params) -> Result<Option<Vec<i64>>, Failure> {
    let found = numbers(connection, sql, params)?;
    let few = i64::try_from(found.len()).is_ok_and(|count| count <= MOST);
    Ok(few.then_some(found))
}

fn numbers(connection: &Connection, sql: &str, params: impl Params) -> Result<Vec<i64>, Failure> {
    let mut find = connection.prepare_cached(sql)?;
    let found = find.query_map(params, |row| row.get(0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}
