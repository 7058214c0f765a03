//! Jobs that may be taken.

use jiff::Timestamp;
use sqlx::postgres::PgConnection;

use crate::codes::count;
use crate::error::Failure;
use crate::text::original;

/// A job that may be taken.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) seq: i64,
    /// Its priority's.
    pub(super) rank: i16,
    /// Its place in the line that it comes from: lines take turns.
    pub(super) place: usize,
    pub(super) job_type: String,
    pub(super) unique_key: Option<String>,
    /// Whether it waited for the end of a reservation.
    pub(super) waits_for_key: bool,
}

/// A row of [`due`].
type Found = (i64, i16, String, Option<String>, bool);

/// The jobs that are due for the longest time, `most` of them.
pub(super) async fn due(
    connection: &mut PgConnection,
    now: Timestamp,
    most: usize,
) -> Result<Vec<Candidate>, Failure> {
    let sql = "SELECT seq, priority, job_type, unique_key, held IS NOT NULL FROM jobs
               WHERE wake_at <= $1 AND wake_at IS NOT NULL AND (held IS NULL OR held = 4)
               ORDER BY wake_at LIMIT $2";
    let query = sqlx::query_as(sql).bind(now.as_microsecond()).bind(count(most));
    let found: Vec<Found> = query.fetch_all(connection).await?;
    let candidate = |(place, (seq, rank, job_type, unique_key, waits_for_key)): (usize, Found)| Candidate {
        seq,
        rank,
        place,
        job_type: original(job_type),
        unique_key: unique_key.map(original),
        waits_for_key,
    };
    Ok(found.into_iter().enumerate().map(candidate).collect())
}
