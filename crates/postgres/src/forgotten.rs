//! Jobs that a client had forgotten before they were ever started: the message that announces such a job may still be
//! on its way, and must not bring it back.

use std::collections::HashSet;

use jiff::Timestamp;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::error::Failure;

/// How many go at a time once they are old.
const SWEEP: i64 = 10_000;

/// Which of these were forgotten.
pub(crate) async fn among(connection: &mut PgConnection, ids: &[Uuid]) -> Result<HashSet<Uuid>, Failure> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let sql = "SELECT id FROM forgotten_jobs WHERE id = ANY($1)";
    let found: Vec<Uuid> = sqlx::query_scalar(sql).bind(ids).fetch_all(connection).await?;
    Ok(found.into_iter().collect())
}

/// Notes such jobs.
pub(crate) async fn note(connection: &mut PgConnection, ids: &[Uuid], at: Timestamp) -> Result<(), Failure> {
    if ids.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO forgotten_jobs (id, forgotten_at) SELECT id, $2 FROM unnest($1::uuid[]) AS u (id)
               ON CONFLICT (id) DO UPDATE SET forgotten_at = excluded.forgotten_at";
    sqlx::query(sql)
        .bind(ids)
        .bind(at.as_microsecond())
        .execute(connection)
        .await?;
    Ok(())
}

/// Lets go of those that were forgotten before `before`, whose messages are not on their way any more.
pub(crate) async fn sweep(connection: &mut PgConnection, before: Timestamp) -> Result<(), Failure> {
    let sql = "DELETE FROM forgotten_jobs WHERE id IN
               (SELECT id FROM forgotten_jobs WHERE forgotten_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)";
    sqlx::query(sql)
        .bind(before.as_microsecond())
        .bind(SWEEP)
        .execute(connection)
        .await?;
    Ok(())
}
