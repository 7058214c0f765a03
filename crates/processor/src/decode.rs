//! From a delivery to a job, or to the reason why not.

use bytes::Bytes;
use contracts::{EventType, TYPE_LIMIT};
use ports::{ClaimRequest, Event, NewJob, Parcel};

/// Reads a message of the work or ledger queue.
///
/// # Errors
/// The reason for the dead letter.
pub(crate) fn decode(message: &Parcel) -> Result<ClaimRequest, String> {
    let Event { envelope, job } = message.event().map_err(ToString::to_string)?;
    if envelope.event_type != EventType::Created {
        return Err(format!("a `{}` event asks for no work", envelope.event_type));
    }
    if job.job_type.len() > TYPE_LIMIT {
        return Err(format!("job type is longer than {TYPE_LIMIT} bytes"));
    }
    let stored = NewJob {
        id: job.id,
        job_type: job.job_type.clone(),
        created_at: job.created_at,
        accepted_at: envelope.occurred_at,
        correlation_id: envelope.correlation_id,
        traceparent: message.headers.traceparent.clone(),
        tags: job.tags.clone(),
        body: Bytes::copy_from_slice(envelope.payload.get().as_bytes()),
    };
    Ok(ClaimRequest {
        job: stored,
        attempt: message.headers.attempt.unwrap_or(1),
    })
}
