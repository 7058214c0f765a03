//! The tokens that starts under a rate are paid with.

use std::collections::HashMap;

use domain::limits::Bucket;
use jiff::Timestamp;
use sqlx::postgres::{PgBindIterExt, PgConnection};

use crate::codes::moment;
use crate::error::Failure;
use crate::text::{original, stored as text};

/// The buckets of types, until the end of the transaction nobody else's: so jobs of a limited type are started by one
/// after the other, whoever asks. Types without limits are not among them.
pub(crate) async fn lock_buckets(
    connection: &mut PgConnection,
    job_types: &[&str],
) -> Result<HashMap<String, Option<Bucket>>, Failure> {
    let sql = "SELECT job_type, tokens, tokens_at FROM limits WHERE job_type = ANY($1) ORDER BY job_type FOR UPDATE";
    find(connection, sql, job_types).await
}

/// The buckets of types, as they are at the moment.
pub(crate) async fn read_buckets(
    connection: &mut PgConnection,
    job_types: &[&str],
) -> Result<HashMap<String, Option<Bucket>>, Failure> {
    let sql = "SELECT job_type, tokens, tokens_at FROM limits WHERE job_type = ANY($1)";
    find(connection, sql, job_types).await
}

async fn find(
    connection: &mut PgConnection,
    sql: &'static str,
    job_types: &[&str],
) -> Result<HashMap<String, Option<Bucket>>, Failure> {
    if job_types.is_empty() {
        return Ok(HashMap::new());
    }
    let query = sqlx::query_as(sql).bind(job_types.iter().map(|job_type| text(job_type)).bind_iter());
    let found: Vec<(String, Option<f64>, Option<i64>)> = query.fetch_all(connection).await?;
    let bucket = |tokens: Option<f64>, at: Option<i64>| {
        let filled = tokens.zip(at);
        filled
            .map(|(tokens, at)| {
                Ok::<_, Failure>(Bucket {
                    tokens,
                    at: moment(at)?,
                })
            })
            .transpose()
    };
    let buckets = found
        .into_iter()
        .map(|(job_type, tokens, at)| Ok((original(job_type), bucket(tokens, at)?)));
    buckets.collect()
}

/// Saves buckets that were locked.
pub(crate) async fn save_buckets(
    connection: &mut PgConnection,
    buckets: &[(&str, Bucket)],
) -> Result<(), Failure> {
    if buckets.is_empty() {
        return Ok(());
    }
    let sql = "UPDATE limits SET tokens = u.tokens, tokens_at = u.at
               FROM unnest($1::text[], $2::double precision[], $3::bigint[]) AS u (job_type, tokens, at)
               WHERE limits.job_type = u.job_type";
    sqlx::query(sql)
        .bind(buckets.iter().map(|(job_type, _)| text(job_type)).bind_iter())
        .bind(buckets.iter().map(|(_, bucket)| bucket.tokens).bind_iter())
        .bind(
            buckets
                .iter()
                .map(|(_, bucket)| Timestamp::as_microsecond(bucket.at))
                .bind_iter(),
        )
        .execute(connection)
        .await?;
    Ok(())
}
