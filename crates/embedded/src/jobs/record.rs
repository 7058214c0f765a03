//! Results of attempts.

use contracts::EventType;
use domain::{AttemptResult, JobEvent, Outcome};
use ports::Recorded;

use super::facts::to_the_microsecond;
use super::obstacle::end_makes_room;
use super::row::Stored;
use super::table::Table;
use super::{logs, outbox, unique};
use crate::error::Failure;

/// About how many bytes a result keeps while it waits.
pub(super) fn size(result: &AttemptResult) -> usize {
    let text = match &result.outcome {
        Outcome::Completed { result } => result.as_ref().map_or(0, String::len),
        Outcome::Retry { error, .. } | Outcome::Failed { error } => error.len(),
        Outcome::Cancelled { reason } => reason.len(),
        Outcome::HandedBack { .. } => 0,
    };
    let log: usize = result.log.iter().map(|line| line.text.len() + 32).sum();
    text + log + 128
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
        None => repeated(table, &stored, result)?,
        Some(event_type) => {
            stored.row.wake_at = stored.row.wake_at.map(to_the_microsecond);
            let event = event(&stored, event_type, result);
            stored.append(&event, holder.as_deref());
            let makes_room = finish(table, &mut stored, result, &event)?;
            Recorded::Applied { event, makes_room }
        }
    };
    table.keep(stored);
    Ok(recorded)
}

/// Writes the end of an attempt. Says whether it lets another job start.
fn finish(
    table: &mut Table<'_>,
    stored: &mut Stored,
    result: &AttemptResult,
    event: &JobEvent,
) -> Result<bool, Failure> {
    let text = match &result.outcome {
        Outcome::Completed { result } => result.as_deref(),
        _ => None,
    };
    let hands_key_on = table.update(stored, event.at, text)?;
    logs::keep(table.connection(), stored.seq, result.attempt, &result.log)?;
    if stored.row.relay {
        outbox::put(table.connection(), event)?;
    }
    Ok(hands_key_on || end_makes_room(table, &stored.facts.job_type, event.at)?)
}

/// The same result again gets the same answer, whatever has happened since.
fn repeated(table: &mut Table<'_>, stored: &Stored, result: &AttemptResult) -> Result<Recorded, Failure> {
    let known = stored.events()?.into_iter().find(|known| {
        let again = JobEvent {
            round: known.round,
            ..event(stored, known.event_type, result)
        };
        can_be_of(known.event_type, &result.outcome) && again == *known
    });
    let Some(event) = known else {
        return Ok(Recorded::Stale);
    };
    let key_is_on_its_way =
        stored.row.status.is_terminal() && unique::has_passed_on(table.connection(), stored)?;
    Ok(Recorded::Applied {
        makes_room: key_is_on_its_way || end_makes_room(table, &stored.facts.job_type, event.at)?,
        event,
    })
}

/// Whether an event of this type may have come of the outcome: of one that another attempt follows, a withdrawal may.
fn can_be_of(event_type: EventType, outcome: &Outcome) -> bool {
    let withdrawn = event_type == EventType::Cancelled && outcome.run_at().is_some();
    withdrawn || event_type == outcome.event_type()
}

fn event(stored: &Stored, event_type: EventType, result: &AttemptResult) -> JobEvent {
    let run_at = result.outcome.run_at().map(to_the_microsecond);
    JobEvent {
        attempt: result.attempt,
        worker: Some(result.worker.clone()),
        error: result.outcome.error().map(str::to_owned),
        run_micros: Some(result.run_micros),
        run_at: run_at.filter(|_| event_type == EventType::Retrying),
        ..stored.event(event_type, result.at)
    }
}
