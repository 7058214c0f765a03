//! What handlers wrote down while they ran, for the attempts that wrote anything.

use domain::LogLine;
use ports::AttemptLog;
use rusqlite::{Connection, params};

use crate::error::Failure;

/// Keeps the log of an attempt, if there is anything in it.
pub(super) fn keep(connection: &Connection, seq: i64, attempt: u32, log: &[LogLine]) -> Result<(), Failure> {
    if log.is_empty() {
        return Ok(());
    }
    let json = serde_json::to_vec(log).map_err(|error| Failure::Refused(error.to_string()))?;
    let sql = "INSERT OR REPLACE INTO job_logs (seq, attempt, log) VALUES (?1, ?2, ?3)";
    connection
        .prepare_cached(sql)?
        .execute(params![seq, attempt, json])?;
    Ok(())
}

/// The logs of a job, by attempt.
pub(super) fn of_job(connection: &Connection, seq: i64) -> Result<Vec<AttemptLog>, Failure> {
    let sql = "SELECT attempt, log FROM job_logs WHERE seq = ?1 ORDER BY attempt";
    let mut find = connection.prepare_cached(sql)?;
    let mut rows = find.query([seq])?;
    let mut logs = Vec::new();
    while let Some(row) = rows.next()? {
        let json: Vec<u8> = row.get(1)?;
        let lines = serde_json::from_slice(&json)
            .map_err(|error| Failure::Corrupt(format!("job_logs {seq}: {error}")))?;
        logs.push(AttemptLog {
            attempt: row.get(0)?,
            lines,
        });
    }
    Ok(logs)
}

/// Forgets the logs of a job.
pub(super) fn forget(connection: &Connection, seq: i64) -> Result<(), Failure> {
    let mut delete = connection.prepare_cached("DELETE FROM job_logs WHERE seq = ?1")?;
    delete.execute([seq])?;
    Ok(())
}
