//! What handlers wrote down while they ran, for the attempts that wrote anything.

use ports::AttemptLog;
use sqlx::postgres::{PgBindIterExt, PgConnection};

use crate::error::Failure;

/// Keeps logs of attempts, by the numbers of their jobs.
pub(crate) async fn keep(connection: &mut PgConnection, logs: &[(i64, i32, &str)]) -> Result<(), Failure> {
    if logs.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO job_logs (seq, attempt, lines)
               SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[])
               ON CONFLICT (seq, attempt) DO UPDATE SET lines = excluded.lines";
    sqlx::query(sql)
        .bind(logs.iter().map(|(seq, ..)| *seq).bind_iter())
        .bind(logs.iter().map(|(_, attempt, _)| *attempt).bind_iter())
        .bind(logs.iter().map(|(.., lines)| *lines).bind_iter())
        .execute(connection)
        .await?;
    Ok(())
}

/// Reads a log.
pub(crate) fn read(attempt: i32, lines: &str) -> Result<AttemptLog, Failure> {
    let lines = serde_json::from_str(lines).map_err(|error| Failure::corrupt("job_logs", error))?;
    Ok(AttemptLog {
        attempt: attempt.cast_unsigned(),
        lines,
    })
}
