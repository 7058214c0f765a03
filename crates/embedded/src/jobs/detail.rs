//! Everything about one job.

use domain::JobEvent;
use ports::{JobDetail, JobSummary};
use rusqlite::Connection;
use uuid::Uuid;

use super::row::{FIND, Stored, stored, text};
use super::{body, logs};
use crate::error::Failure;

/// The job, if it is known.
pub(super) fn job(connection: &Connection, id: Uuid) -> Result<Option<JobDetail>, Failure> {
    let transaction = connection.unchecked_transaction()?;
    let Some(stored) = find(&transaction, id)? else {
        return Ok(None);
    };
    let body = body::find(&transaction, stored.seq)?;
    let mut result = transaction.prepare_cached("SELECT result FROM jobs WHERE seq = ?1")?;
    let mut rows = result.query([stored.seq])?;
    let result = rows.next()?.map(|row| text(row, 0)).transpose()?.flatten();
    let history = stored.events()?;
    Ok(Some(JobDetail {
        summary: summary(&stored, &history),
        failures: stored.row.failures,
        crashes: stored.row.crashes,
        round: stored.row.round,
        cancelling: stored.row.cancelling,
        accepted_at: body.accepted_at,
        body: body.json.into(),
        result,
        correlation_id: stored.facts.correlation_id,
        history,
        logs: logs::of_job(&transaction, stored.seq)?,
    }))
}

fn find(connection: &Connection, id: Uuid) -> Result<Option<Stored>, Failure> {
    let mut find = connection.prepare_cached(FIND)?;
    let mut rows = find.query([id.as_bytes()])?;
    rows.next()?.map(stored).transpose()
}

/// What a list shows of a job with this life.
pub(super) fn summary(stored: &Stored, history: &[JobEvent]) -> JobSummary {
    let Stored { facts, row, .. } = stored;
    let ended = history.iter().rev().find(|event| ends_an_attempt(event));
    JobSummary {
        id: facts.id,
        job_type: facts.job_type.clone(),
        status: row.status,
        created_at: facts.created_at,
        updated_at: history.last().map_or(facts.created_at, |event| event.at),
        attempt: row.attempt,
        priority: facts.priority,
        held: row.held,
        wake_at: row.wake_at,
        error: ended.and_then(|event| event.error.clone()),
        run_micros: ended.and_then(|event| event.run_micros),
    }
}

/// Whether an attempt ended with the event: it ran for some time, or its worker died. What clients do to a job that
/// does not run has neither.
fn ends_an_attempt(event: &JobEvent) -> bool {
    event.run_micros.is_some() || event.error.is_some()
}
