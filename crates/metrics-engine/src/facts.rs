//! What the two derived stores take of an event.

use bytes::Bytes;
use contracts::TYPE_LIMIT;
use ports::{Event, LoggedEvent, Parcel, StatEvent};

use crate::failure::{self, End};

/// An event as it is counted and as it is kept.
pub(crate) type Facts = (StatEvent, LoggedEvent);

/// The facts of a message, or why it has none.
pub(crate) fn decode(message: &Parcel) -> Result<Facts, String> {
    let event = message.event().map_err(ToString::to_string)?;
    if event.job.job_type.len() > TYPE_LIMIT {
        return Err(format!("job type is longer than {TYPE_LIMIT} bytes"));
    }
    Ok(of(event, message.body.clone()))
}

/// The facts of an event whose text is `body`.
pub(crate) fn of(event: &Event, body: Bytes) -> Facts {
    let Event { envelope, job } = event;
    let End { of_attempt, failure } = failure::of(envelope);
    let counted = StatEvent {
        event_id: envelope.event_id,
        job_id: job.id,
        job_type: job.job_type.clone(),
        event_type: envelope.event_type,
        at: envelope.occurred_at,
        attempt_ended: of_attempt,
        failure,
    };
    let logged = LoggedEvent {
        event_id: envelope.event_id,
        job_id: job.id,
        event_type: envelope.event_type,
        occurred_at: envelope.occurred_at,
        body,
    };
    (counted, logged)
}
