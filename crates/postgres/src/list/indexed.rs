//! Jobs that an index of the table finds: by their status, or by the group of their error.

use std::ops::Range;

use sqlx::postgres::PgConnection;

use super::plan::Plan;
use super::statuses::Statuses;
use crate::codes::count;
use crate::error::Failure;

/// How many jobs are found, and read, at a time.
pub(super) const BATCH: usize = 256;

const BY_STATUS: &str = "
    SELECT f.seq FROM unnest($1::bigint[]) AS l (listed) CROSS JOIN LATERAL
        (SELECT seq FROM jobs WHERE jobs.listed = l.listed AND seq >= $2 AND seq < $3
         ORDER BY seq DESC LIMIT $4) f
    ORDER BY f.seq DESC LIMIT $4";

const BY_ERROR: &str = "
    SELECT f.seq FROM unnest($1::bigint[]) AS g (fingerprint) CROSS JOIN LATERAL
        (SELECT seq FROM jobs WHERE jobs.fingerprint = g.fingerprint AND seq >= $2 AND seq < $3
         ORDER BY seq DESC LIMIT $4) f
    ORDER BY f.seq DESC LIMIT $4";

/// The highest numbers of the range that an index finds, and the number down to which these are all. Jobs that run are
/// found by their status nowhere; those with the errors that are asked for are among these all the same.
pub(super) async fn indexed(
    connection: &mut PgConnection,
    plan: &Plan,
    range: Range<i64>,
    statuses: Statuses,
) -> Result<(Vec<i64>, i64), Failure> {
    let (sql, keys) = match &plan.errors {
        Some(groups) => (BY_ERROR, groups.clone()),
        None => (
            BY_STATUS,
            statuses.listed().codes().into_iter().map(i64::from).collect(),
        ),
    };
    if keys.is_empty() || statuses.is_empty() {
        return Ok((Vec::new(), range.start));
    }
    let query = sqlx::query_scalar(sql)
        .bind(keys)
        .bind(range.start)
        .bind(range.end);
    let numbers: Vec<i64> = query.bind(count(BATCH)).fetch_all(connection).await?;
    let from = match numbers.last() {
        Some(last) if numbers.len() == BATCH => *last,
        _ => range.start,
    };
    Ok((numbers, from))
}
