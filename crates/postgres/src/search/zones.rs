//! When the jobs of each chunk were made and accepted.

use jiff::Timestamp;
use sqlx::postgres::PgConnection;

use crate::error::Failure;

/// From one microsecond since 1970 to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Interval {
    pub(crate) from: i64,
    pub(crate) to: i64,
}

impl Interval {
    /// Any time.
    pub(crate) const ALWAYS: Self = Self {
        from: i64::MIN,
        to: i64::MAX,
    };

    /// No time at all, from which [`Interval::include`] starts.
    const NEVER: Self = Self {
        from: i64::MAX,
        to: i64::MIN,
    };

    fn include(&mut self, moment: Timestamp) {
        let micros = moment.as_microsecond();
        self.from = self.from.min(micros);
        self.to = self.to.max(micros);
    }

    /// What both have in common.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            from: self.from.max(other.from),
            to: self.to.min(other.to),
        }
    }
}

/// The times of a chunk, or those that a search asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Zones {
    pub(crate) accepted: Interval,
    pub(crate) created: Interval,
}

impl Zones {
    /// Any time.
    pub(crate) const ALWAYS: Self = Self {
        accepted: Interval::ALWAYS,
        created: Interval::ALWAYS,
    };

    /// Those of a chunk without jobs.
    pub(super) const NEVER: Self = Self {
        accepted: Interval::NEVER,
        created: Interval::NEVER,
    };

    /// Takes in the times of a job.
    pub(super) fn include(&mut self, accepted_at: Timestamp, created_at: Timestamp) {
        self.accepted.include(accepted_at);
        self.created.include(created_at);
    }

    /// Stores the times of a chunk.
    pub(super) async fn write(&self, connection: &mut PgConnection, chunk: i64) -> Result<(), Failure> {
        let sql = "INSERT INTO job_chunks (chunk, accepted_from, accepted_to, created_from, created_to)
                   VALUES ($1, $2, $3, $4, $5)
                   ON CONFLICT (chunk) DO UPDATE SET
                   accepted_from = excluded.accepted_from, accepted_to = excluded.accepted_to,
                   created_from = excluded.created_from, created_to = excluded.created_to";
        let Self { accepted, created } = self;
        let bounds = [accepted.from, accepted.to, created.from, created.to];
        let query = bounds
            .into_iter()
            .fold(sqlx::query(sql).bind(chunk), sqlx::query::Query::bind);
        query.execute(connection).await?;
        Ok(())
    }

    /// Of the indexed chunks from `from` and before `until`, those that may have jobs of these times.
    pub(crate) async fn chunks(
        &self,
        connection: &mut PgConnection,
        from: i64,
        until: i64,
    ) -> Result<Vec<i64>, Failure> {
        let sql = "SELECT chunk FROM job_chunks WHERE chunk >= $1 AND chunk < $2
                   AND accepted_to >= $3 AND accepted_from <= $4 AND created_to >= $5 AND created_from <= $6";
        let Self { accepted, created } = self;
        let bounds = [from, until, accepted.from, accepted.to, created.from, created.to];
        let query = bounds
            .into_iter()
            .fold(sqlx::query_scalar(sql), sqlx::query::QueryScalar::bind);
        Ok(query.fetch_all(connection).await?)
    }
}
