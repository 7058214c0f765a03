//! What claims are answered with.

use contracts::EventType;
use domain::{JobEvent, Row};
use ports::{Claim, Started};

use crate::error::Failure;
use crate::row::Stored;

/// The attempt has begun.
pub(crate) fn started(row: &Row, event: JobEvent) -> Claim {
    Claim::Started(Started {
        attempt: row.attempt,
        failures: row.failures,
        event,
    })
}

/// The attempt began before, by the same call.
pub(super) fn resumed(stored: &Stored) -> Result<Claim, Failure> {
    let current =
        |event: &JobEvent| event.event_type == EventType::Executed && event.attempt == stored.row.attempt;
    let event = stored.events()?.into_iter().find(current).ok_or_else(|| {
        Failure::corrupt(
            format_args!("history of job {}", stored.facts.id),
            "no start of the attempt",
        )
    })?;
    Ok(started(&stored.row, event))
}

/// The job has moved on: its events, without the one that everybody has from the message itself.
pub(super) fn passed(stored: &Stored) -> Result<Claim, Failure> {
    let mut events = stored.events()?;
    events.retain(|event| event.event_type != EventType::Created);
    Ok(Claim::Passed(events))
}

/// Whether a message carries the event. Every consumer has the first one from the message itself; a job whose worker
/// died, or of which a client wants something, has no message, so that the event went to the outbox by itself.
pub(crate) fn needs_a_message(event: &JobEvent) -> bool {
    match event.event_type {
        EventType::Created => false,
        EventType::Retrying | EventType::Cancelled | EventType::Quarantined => event.run_micros.is_some(),
        _ => true,
    }
}
