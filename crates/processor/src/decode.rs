//! From a delivery to a wish for work, or to the reason why not.

use contracts::{EventType, TYPE_LIMIT};
use ports::{ClaimRequest, Parcel};

/// Reads a message of a work queue or the ledger.
///
/// # Errors
/// The reason for the dead letter.
pub(crate) fn decode(message: &Parcel) -> Result<ClaimRequest, String> {
    let event = message.event().map_err(ToString::to_string)?;
    let event_type = event.envelope.event_type;
    if event_type != EventType::Created {
        return Err(format!("a `{event_type}` event asks for no work"));
    }
    if event.job.job_type.len() > TYPE_LIMIT {
        return Err(format!("job type is longer than {TYPE_LIMIT} bytes"));
    }
    Ok(ClaimRequest {
        job: message.new_job().map_err(ToString::to_string)?,
        attempt: message.headers.attempt.unwrap_or(1),
        dispatched: message.headers.attempt.is_some(),
    })
}
