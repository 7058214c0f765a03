//! Jobs that an index names one by one.

use contracts::JobStatus;
use domain::query::{State, id_range};
use jiff::Timestamp;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::error::Failure;
use crate::list::statuses::Statuses;

/// How many jobs are named at most; beyond that it is better to look through those of a status.
const MOST: i64 = 4096;

/// What a condition's matches are among: they have one of these statuses or one of these numbers.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) statuses: Statuses,
    pub(super) numbers: Vec<i64>,
}

impl Named {
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
    pub(super) async fn of_ids(connection: &mut PgConnection, ids: &[Uuid]) -> Result<Self, Failure> {
        let sql = "SELECT seq FROM jobs WHERE id = ANY($1)";
        let numbers = sqlx::query_scalar(sql).bind(ids).fetch_all(connection).await?;
        Ok(Self {
            statuses: Statuses::NONE,
            numbers,
        })
    }

    /// The jobs in one of these states.
    pub(super) async fn of_states(
        connection: &mut PgConnection,
        wanted: &[State],
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let mut all = Self::with(Statuses::NONE);
        for state in wanted {
            all = all.or(match state {
                State::Status(status) => Self::with((*status).into()),
                State::Held => Self::held(connection).await?,
                State::Due => Self::due(connection, now).await?,
                State::Stuck => Self::with(Statuses::waiting().or(JobStatus::Executing.into())),
            });
        }
        Ok(all)
    }

    /// The jobs that are held back: by limits or by a unique key.
    pub(super) async fn held(connection: &mut PgConnection) -> Result<Self, Failure> {
        let sql = "(SELECT seq FROM jobs WHERE held < 4 LIMIT $1)
                   UNION ALL (SELECT seq FROM jobs WHERE held = 4 LIMIT $1)";
        let found = sqlx::query_scalar(sql)
            .bind(MOST + 1)
            .fetch_all(connection)
            .await?;
        Ok(Self::either(few(found), Statuses::waiting()))
    }

    /// The jobs whose time has come at `now`.
    async fn due(connection: &mut PgConnection, now: Timestamp) -> Result<Self, Failure> {
        let sql = "SELECT seq FROM jobs WHERE wake_at <= $1 AND wake_at IS NOT NULL
                   AND (held IS NULL OR held = 4) LIMIT $2";
        let query = sqlx::query_scalar(sql).bind(now.as_microsecond()).bind(MOST + 1);
        Ok(Self::either(
            few(query.fetch_all(connection).await?),
            Statuses::waiting(),
        ))
    }
}

/// The jobs whose identifier begins with one of the texts; `None` if they are too many.
pub(super) async fn beginning_with(
    connection: &mut PgConnection,
    texts: &[String],
) -> Result<Option<Vec<i64>>, Failure> {
    let mut all = Vec::new();
    for (first, last) in texts.iter().filter_map(|text| id_range(text)) {
        let sql = "SELECT seq FROM jobs WHERE id BETWEEN $1 AND $2 LIMIT $3";
        let query = sqlx::query_scalar(sql).bind(first).bind(last).bind(MOST + 1);
        let Some(found) = few(query.fetch_all(&mut *connection).await?) else {
            return Ok(None);
        };
        all.extend(found);
    }
    Ok(Some(all))
}

/// The jobs that run, and some that have ended just now.
pub(super) async fn running(connection: &mut PgConnection) -> Result<Vec<i64>, Failure> {
    let sql =
        "SELECT DISTINCT s.seq FROM job_claims CROSS JOIN LATERAL unnest(seqs) AS s (seq) ORDER BY s.seq";
    Ok(sqlx::query_scalar(sql).fetch_all(connection).await?)
}

fn few(found: Vec<i64>) -> Option<Vec<i64>> {
    let is_few = i64::try_from(found.len()).is_ok_and(|count| count <= MOST);
    is_few.then_some(found)
}
