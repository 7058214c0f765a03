//! The event that announces a job.

use std::sync::Arc;

use contracts::{ENVELOPE_VERSION, Envelope, EventType, Producer};
use domain::event_id;
use jiff::Timestamp;
use ports::{Event, Headers, Message, Parcel};
use service::correlation::RequestContext;
use uuid::Uuid;

use crate::submission::Submission;

/// A message and what its client is told of it.
pub(crate) struct Announcement {
    pub(crate) job_id: Uuid,
    pub(crate) event_id: Uuid,
    pub(crate) message: Arc<Parcel>,
}

/// The `job.created` of a submission. The same job gives the same event id, so that a repeated submission is
/// applied once.
pub(crate) fn announce(
    submission: Submission,
    context: &RequestContext,
    producer: Producer,
    now: Timestamp,
) -> Result<Announcement, serde_json::Error> {
    let job_id = submission.job_id;
    let job = serde_json::from_str(submission.body.get())?;
    let event_id = event_id(job_id, 0, EventType::Created);
    let envelope = Envelope {
        contract_version: ENVELOPE_VERSION.into(),
        event_type: EventType::Created,
        event_id,
        occurred_at: now,
        producer,
        correlation_id: context.correlation_id,
        idempotency_key: job_id.to_string(),
        payload: submission.body,
    };
    let headers = Headers {
        correlation_id: Some(context.correlation_id),
        traceparent: Some(context.traceparent.as_str().to_owned()),
        attempt: None,
    };
    let message = Parcel::of(Event { envelope, job }, |body| Message {
        routing_key: EventType::Created.as_str().into(),
        headers,
        body: body.into(),
    })?;
    Ok(Announcement {
        job_id,
        event_id,
        message,
    })
}
