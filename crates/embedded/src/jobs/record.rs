//! Results of attempts.

use contracts::EventType;
use domain::{AttemptResult, JobEvent, Outcome};
use ports::Recorded;

use super::history::to_the_microsecond;
use super::outbox;
use super::row::Stored;
use super::table::Table;
use crate::error::Failure;

/// About how many bytes a result keeps while it waits.
pub(super) fn size(result: &AttemptResult) -> usize {
    let text = match &result.outcome {
        Outcome::Completed { result } => result.as_ref().map_or(0, String::len),
        Outcome::Retry { error, .. } | Outcome::Failed { error } => error.len(),
        Outcome::HandedBack { .. } => 0,
    };
    text + 128
}

/// Applies results in order, each under its fencing token.
pub(super) fn record(table: &mut Table<'_>, results: &[AttemptResult]) -> Result<Vec<Recorded>, Failure> {
    results.iter().map(|result| apply(table, result)).collect()
}

fn apply(table: &mut Table<'_>, result: &AttemptResult) -> Result<Recorded, Failure> {
    let Some(mut stored) = table.find(result.job_id)? else {
        return Ok(Recorded::Stale);
    };
    let holder = stored.row.worker.clone();
    let recorded = match stored.row.finish(result) {
        None => repeated(&stored, result)?,
        Some(event_type) => {
            stored.row.wake_at = stored.row.wake_at.map(to_the_microsecond);
            let event = event(&stored, event_type, result);
            stored.append(&event, holder.as_deref());
            finish(table, &stored, result, &event)?;
            Recorded::Applied(event)
        }
    };
    table.keep(stored);
    Ok(recorded)
}

fn finish(
    table: &mut Table<'_>,
    stored: &Stored,
    result: &AttemptResult,
    event: &JobEvent,
) -> Result<(), Failure> {
    let text = match &result.outcome {
        Outcome::Completed { result } => result.as_deref(),
        _ => None,
    };
    table.update(stored, event.at, text)?;
    if stored.row.relay {
        outbox::put(table.connection(), event)?;
    }
    Ok(())
}

/// The same result again gets the same answer, whatever has happened since.
fn repeated(stored: &Stored, result: &AttemptResult) -> Result<Recorded, Failure> {
    let event = event(stored, result.outcome.event_type(), result);
    let known = stored.events()?.contains(&event);
    Ok(if known {
        Recorded::Applied(event)
    } else {
        Recorded::Stale
    })
}

fn event(stored: &Stored, event_type: EventType, result: &AttemptResult) -> JobEvent {
    JobEvent {
        worker: Some(result.worker.clone()),
        error: result.outcome.error().map(str::to_owned),
        run_micros: Some(result.run_micros),
        run_at: result.outcome.run_at().map(to_the_microsecond),
        ..stored.facts.event(event_type, result.attempt, result.at)
    }
}
