//! Transitions of jobs that are stored, written in one statement.

use std::collections::HashSet;

use jiff::Timestamp;
use sqlx::Postgres;
use sqlx::postgres::{PgArguments, PgBindIterExt, PgConnection};
use sqlx::query::QueryScalar;

use crate::codes::{hold_code, status_code};
use crate::error::Failure;
use crate::insert::Starter;
use crate::row::Stored;
use crate::text::stored as text;

/// Changes the rows that are as the caller has seen them, and says which; notes which of them run now, and lets go of
/// the notes of claims of which nothing runs any more. Nothing is changed if the limits are not those that the caller
/// knows.
const UPDATE: &str = "
WITH changed AS (
    UPDATE jobs SET
        version = jobs.version + 1, status = u.status, attempt = u.attempt, failures = u.failures,
        crashes = u.crashes, round = u.round, claim = u.claim, updated_at = u.updated_at, relay = u.relay,
        cancelling = u.cancelling, wake_at = u.wake_at, held = u.held, released_until = u.released_until,
        listed = CASE WHEN u.status IN (4, 5) THEN NULL ELSE u.status END, fingerprint = u.fingerprint,
        worker = u.worker,
        history = CASE u.history WHEN '' THEN jobs.history ELSE jobs.history || u.history END,
        result = coalesce(u.result, jobs.result)
    FROM unnest($2::bigint[], $3::integer[], $4::smallint[], $5::integer[], $6::integer[], $7::integer[],
                $8::integer[], $9::bigint[], $10::bigint[], $11::boolean[], $12::boolean[], $13::bigint[],
                $14::smallint[], $15::bigint[], $16::bigint[], $17::text[], $18::text[], $19::bytea[], $20::boolean[])
         AS u (seq, version, status, attempt, failures, crashes, round, claim, updated_at, relay, cancelling, wake_at,
               held, released_until, fingerprint, worker, history, result, starts)
    WHERE jobs.seq = u.seq AND jobs.version = u.version
      AND ($1::bigint IS NULL OR $1 = (SELECT limits_epoch FROM settings))
    RETURNING jobs.seq, jobs.claim, jobs.worker, jobs.job_type, u.starts
), noted AS (
    INSERT INTO job_claims (claim, worker, job_type, seqs)
    SELECT claim, worker, job_type, array_agg(seq) FROM changed WHERE starts GROUP BY claim, worker, job_type
    ON CONFLICT (claim, worker, job_type)
    DO UPDATE SET seqs = job_claims.seqs || excluded.seqs, noted_at = clock_timestamp()
), ended AS (
    DELETE FROM job_claims USING unnest($21::bigint[], $22::text[]) AS e (claim, worker)
    WHERE job_claims.claim = e.claim AND job_claims.worker = e.worker
)
SELECT seq FROM changed";

/// Writes the news of rows that are stored. Says which were written: the others were changed by somebody else since
/// they were read. `ended` are claims of which nothing runs any more.
pub(crate) async fn update(
    connection: &mut PgConnection,
    starter: Starter<'_>,
    rows: &[&Stored],
    ended: &[(u64, String)],
) -> Result<HashSet<i64>, Failure> {
    if rows.is_empty() {
        return Ok(HashSet::new());
    }
    // In the order of their numbers, in which everybody locks rows.
    let mut rows = rows.to_vec();
    rows.sort_unstable_by_key(|stored| stored.seq);
    let query = sqlx::query_scalar(UPDATE).bind(starter.limits_epoch);
    let query = bind_news(bind_row(query, &rows), &rows)
        .bind(ended.iter().map(|(claim, _)| claim.cast_signed()).bind_iter())
        .bind(ended.iter().map(|(_, worker)| text(worker)).bind_iter());
    let changed: Vec<i64> = query.fetch_all(connection).await?;
    Ok(changed.into_iter().collect())
}

type Statement<'q> = QueryScalar<'q, Postgres, i64, PgArguments>;

fn bind_row<'q>(query: Statement<'q>, rows: &'q [&'q Stored]) -> Statement<'q> {
    let views = || rows.iter().map(|stored| &stored.row);
    query
        .bind(rows.iter().map(|stored| stored.seq).bind_iter())
        .bind(rows.iter().map(|stored| stored.version).bind_iter())
        .bind(views().map(|row| status_code(row.status)).bind_iter())
        .bind(views().map(|row| row.attempt.cast_signed()).bind_iter())
        .bind(views().map(|row| row.failures.cast_signed()).bind_iter())
        .bind(views().map(|row| row.crashes.cast_signed()).bind_iter())
        .bind(views().map(|row| row.round.cast_signed()).bind_iter())
        .bind(views().map(|row| row.claim.cast_signed()).bind_iter())
        .bind(
            rows.iter()
                .map(|stored| stored.updated_at.as_microsecond())
                .bind_iter(),
        )
        .bind(views().map(|row| row.relay).bind_iter())
        .bind(views().map(|row| row.cancelling).bind_iter())
        .bind(
            views()
                .map(|row| row.wake_at.map(Timestamp::as_microsecond))
                .bind_iter(),
        )
        .bind(views().map(|row| row.held.map(hold_code)).bind_iter())
}

fn bind_news<'q>(query: Statement<'q>, rows: &'q [&'q Stored]) -> Statement<'q> {
    query
        .bind(
            rows.iter()
                .map(|stored| stored.released_until.map(Timestamp::as_microsecond))
                .bind_iter(),
        )
        .bind(
            rows.iter()
                .map(|stored| stored.fingerprint.map(u64::cast_signed))
                .bind_iter(),
        )
        .bind(
            rows.iter()
                .map(|stored| stored.row.worker.as_deref().map(text))
                .bind_iter(),
        )
        .bind(rows.iter().map(|stored| &*stored.news.history).bind_iter())
        .bind(
            rows.iter()
                .map(|stored| stored.news.result.as_deref().map(str::as_bytes))
                .bind_iter(),
        )
        .bind(rows.iter().map(|stored| stored.news.starts).bind_iter())
}
