//! Jobs that arrive, stored in one statement.

use std::sync::Arc;

use jiff::Timestamp;
use ports::NewJob;
use sqlx::Postgres;
use sqlx::postgres::{PgArguments, PgBindIterExt, PgConnection};
use sqlx::query::QueryAs;
use uuid::Uuid;

use crate::codes::{count, hold_code, rank, status_code};
use crate::error::Failure;
use crate::row::Stored;
use crate::text::stored as text;

/// Stores what is not there yet, says under which numbers, and notes which of it runs. In the order of identifiers,
/// so that two that store the same jobs do not wait for one another; the numbers are in the order of arrival all the
/// same. Nothing is stored if the limits are not those that the caller knows.
const INSERT: &str = "
WITH numbers AS MATERIALIZED (
    SELECT array_agg(n) AS seqs FROM (SELECT nextval('job_seq') AS n FROM generate_series(1, $1)) numbers
), arrived AS (
    INSERT INTO jobs (seq, created_at, accepted_at, id, correlation_id, priority, run_at, job_type, unique_key,
                      schedule, traceparent, tags, body, version, status, attempt, failures, crashes, round, claim,
                      updated_at, relay, cancelling, wake_at, held, listed, worker, history)
    SELECT (SELECT seqs FROM numbers)[u.place], u.created_at, u.accepted_at, u.id, u.correlation_id, u.priority,
           u.run_at, u.job_type, u.unique_key, u.schedule, u.traceparent, u.tags, u.body,
           1, u.status, CASE u.status WHEN 4 THEN 1 ELSE 0 END, 0, 0, 0, CASE u.status WHEN 4 THEN $2 ELSE 0 END,
           u.updated_at, false, false, u.wake_at, u.held, CASE u.status WHEN 4 THEN NULL ELSE u.status END,
           CASE u.status WHEN 4 THEN $3 END, u.history
    FROM unnest($5::bigint[], $6::bigint[], $7::bigint[], $8::uuid[], $9::uuid[], $10::smallint[], $11::bigint[],
                $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::bytea[], $18::smallint[],
                $19::bigint[], $20::bigint[], $21::smallint[], $22::text[])
         AS u (place, created_at, accepted_at, id, correlation_id, priority, run_at, job_type, unique_key, schedule,
               traceparent, tags, body, status, updated_at, wake_at, held, history)
    WHERE ($4::bigint IS NULL OR $4 = (SELECT limits_epoch FROM settings))
      AND NOT EXISTS (SELECT FROM forgotten_jobs WHERE forgotten_jobs.id = u.id)
    ON CONFLICT (id) DO NOTHING
    RETURNING id, seq, job_type, status
), noted AS (
    INSERT INTO job_claims (claim, worker, job_type, seqs)
    SELECT $2, $3, job_type, array_agg(seq) FROM arrived WHERE status = 4 GROUP BY job_type
    ON CONFLICT (claim, worker, job_type)
    DO UPDATE SET seqs = job_claims.seqs || excluded.seqs, noted_at = clock_timestamp()
)
SELECT id, seq FROM arrived";

/// A job that is to be stored, with its row.
pub(crate) struct Arrival<'a> {
    pub(crate) job: &'a Arc<NewJob>,
    pub(crate) stored: &'a Stored,
}

/// Who starts what starts at once, and by which limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Starter<'a> {
    pub(crate) worker: &'a str,
    pub(crate) claim: u64,
    /// Nothing is stored unless these are still the limits.
    pub(crate) limits_epoch: Option<i64>,
}

impl Starter<'_> {
    /// Nobody starts anything.
    pub(crate) const NOBODY: Self = Self {
        worker: "",
        claim: 0,
        limits_epoch: None,
    };
}

/// Stores jobs that arrive; says which, and under which numbers. Those that are known, or were forgotten, are not
/// among them.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    starter: Starter<'_>,
    arrivals: &[Arrival<'_>],
) -> Result<Vec<(Uuid, i64)>, Failure> {
    if arrivals.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows: Vec<Placed<'_>> = (1..).zip(arrivals).collect();
    rows.sort_unstable_by_key(|(_, arrival)| arrival.job.id);
    let query = sqlx::query_as(INSERT)
        .bind(count(rows.len()))
        .bind(starter.claim.cast_signed())
        .bind(text(starter.worker))
        .bind(starter.limits_epoch);
    let query = bind_row(bind_facts(query, &rows)?, &rows);
    Ok(query.fetch_all(connection).await?)
}

/// A job and its place in the order of arrival.
type Placed<'a> = (i64, &'a Arrival<'a>);

type Statement<'q> = QueryAs<'q, Postgres, (Uuid, i64), PgArguments>;

fn bind_facts<'q>(query: Statement<'q>, rows: &'q [Placed<'q>]) -> Result<Statement<'q>, Failure> {
    let facts = || rows.iter().map(|(_, arrival)| &arrival.stored.facts);
    let jobs = || rows.iter().map(|(_, arrival)| arrival.job);
    let tags: Vec<Option<String>> = jobs().map(|job| tags(&job.tags)).collect::<Result<_, _>>()?;
    Ok(query
        .bind(rows.iter().map(|(place, _)| *place).bind_iter())
        .bind(facts().map(|facts| facts.created_at.as_microsecond()).bind_iter())
        .bind(
            facts()
                .map(|facts| facts.accepted_at.as_microsecond())
                .bind_iter(),
        )
        .bind(facts().map(|facts| facts.id).bind_iter())
        .bind(facts().map(|facts| facts.correlation_id).bind_iter())
        .bind(facts().map(|facts| rank(facts.priority)).bind_iter())
        .bind(
            facts()
                .map(|facts| facts.run_at.map(Timestamp::as_microsecond))
                .bind_iter(),
        )
        .bind(jobs().map(|job| text(&job.job_type)).bind_iter())
        .bind(jobs().map(|job| job.unique_key.as_deref().map(text)).bind_iter())
        .bind(jobs().map(|job| job.schedule.as_deref().map(text)).bind_iter())
        .bind(jobs().map(|job| job.traceparent.as_deref().map(text)).bind_iter())
        .bind(tags)
        .bind(jobs().map(|job| &job.body[..]).bind_iter()))
}

fn bind_row<'q>(query: Statement<'q>, rows: &'q [Placed<'q>]) -> Statement<'q> {
    let stored = || rows.iter().map(|(_, arrival)| arrival.stored);
    query
        .bind(stored().map(|stored| status_code(stored.row.status)).bind_iter())
        .bind(
            stored()
                .map(|stored| stored.updated_at.as_microsecond())
                .bind_iter(),
        )
        .bind(
            stored()
                .map(|stored| stored.row.wake_at.map(Timestamp::as_microsecond))
                .bind_iter(),
        )
        .bind(stored().map(|stored| stored.row.held.map(hold_code)).bind_iter())
        .bind(stored().map(|stored| &*stored.news.history).bind_iter())
}

/// Tags as JSON, which most jobs have none of.
fn tags(tags: &[String]) -> Result<Option<String>, Failure> {
    if tags.is_empty() {
        return Ok(None);
    }
    let text = serde_json::to_string(tags).map_err(|error| Failure::Refused(error.to_string()))?;
    Ok(Some(text))
}
