//! The event that announces a job.

use std::sync::Arc;

use contracts::{ENVELOPE_VERSION, Envelope, EventType, Job, Producer};
use domain::event_id;
use jiff::Timestamp;
use ports::{Event, Headers, Message, Parcel, routing};
use service::correlation::RequestContext;
use uuid::Uuid;

use crate::submission::Submission;
use crate::unique::Wish;

/// A message and what its client is told of it.
pub(crate) struct Announcement {
    pub(crate) job_id: Uuid,
    pub(crate) event_id: Uuid,
    /// The key that must be the job's before it is published.
    pub(crate) wish: Option<Wish>,
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
    let job: Job = serde_json::from_str(submission.body.get())?;
    let wish = job.unique_key.clone().map(|key| Wish {
        key,
        job_id,
        is_named: submission.is_named,
    });
    let routing_key = routing::created(job.priority);
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
        routing_key: routing_key.into(),
        headers,
        body: body.into(),
    })?;
    Ok(Announcement {
        job_id,
        event_id,
        wish,
        message,
    })
}
