//! Everything about one job.

use contracts::EventType;
use domain::JobEvent;
use ports::{JobDetail, JobSummary};
use rusqlite::Connection;
use uuid::Uuid;

use super::body;
use super::row::{FIND, Stored, stored, text};
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
        wake_at: stored.row.wake_at,
        body: body.json.into(),
        result,
        correlation_id: stored.facts.correlation_id,
        history,
    }))
}

fn find(connection: &Connection, id: Uuid) -> Result<Option<Stored>, Failure> {
    let mut find = connection.prepare_cached(FIND)?;
    let mut rows = find.query([id.as_bytes()])?;
    rows.next()?.map(stored).transpose()
}

/// What a list shows of a job with this life.
pub(super) fn summary(stored: &Stored, history: &[JobEvent]) -> JobSummary {
    let ended = history
        .iter()
        .rev()
        .find(|event| ends_an_attempt(event.event_type));
    JobSummary {
        id: stored.facts.id,
        job_type: stored.facts.job_type.clone(),
        status: stored.row.status,
        created_at: stored.facts.created_at,
        updated_at: history.last().map_or(stored.facts.created_at, |event| event.at),
        attempt: stored.row.attempt,
        error: ended.and_then(|event| event.error.clone()),
        run_micros: ended.and_then(|event| event.run_micros),
    }
}

fn ends_an_attempt(event_type: EventType) -> bool {
    matches!(
        event_type,
        EventType::Retrying | EventType::Completed | EventType::Failed | EventType::Quarantined
    )
}
