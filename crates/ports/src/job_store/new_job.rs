//! Jobs on their way into a store.

use bytes::Bytes;
use contracts::{ENVELOPE_VERSION, Envelope, EventType, Job, Priority, Producer};
use domain::event_id;
use jiff::Timestamp;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{Event, Headers};

/// A job as its `job.created` message describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// The job's identifier; a job is stored once under it.
    pub id: Uuid,
    /// Which handler runs it.
    pub job_type: String,
    /// When the client made it.
    pub created_at: Timestamp,
    /// When the gateway accepted it.
    pub accepted_at: Timestamp,
    /// Follows the client's request.
    pub correlation_id: Uuid,
    /// W3C trace context of the client's request.
    pub traceparent: Option<String>,
    /// Labels to find it by.
    pub tags: Vec<String>,
    /// Which of the waiting jobs go first.
    pub priority: Priority,
    /// Not before this moment.
    pub run_at: Option<Timestamp>,
    /// No two jobs that have not ended run under the same key.
    pub unique_key: Option<String>,
    /// The name of the schedule that made it.
    pub schedule: Option<String>,
    /// The job object as it was published, JSON text.
    pub body: Bytes,
}

impl NewJob {
    /// The job that a `job.created` event announces.
    pub fn of(event: &Event, headers: &Headers) -> Self {
        let Event { envelope, job } = event;
        let body = Bytes::copy_from_slice(envelope.payload.get().as_bytes());
        Self {
            traceparent: headers.traceparent.clone(),
            ..Self::from_job(job, envelope.occurred_at, envelope.correlation_id, body)
        }
    }

    /// A job whose text is `body`, accepted at `accepted_at`.
    pub fn from_job(job: &Job, accepted_at: Timestamp, correlation_id: Uuid, body: Bytes) -> Self {
        Self {
            id: job.id,
            job_type: job.job_type.clone(),
            created_at: job.created_at,
            accepted_at,
            correlation_id,
            traceparent: None,
            tags: job.tags.clone(),
            priority: job.priority,
            run_at: job.run_at,
            unique_key: job.unique_key.clone(),
            schedule: job.schedule.clone(),
            body,
        }
    }

    /// The event that announced it, once more, in the name of `producer`.
    ///
    /// # Errors
    /// Where the stored text is no job.
    pub fn created_event(&self, producer: Producer) -> Result<Event, serde_json::Error> {
        let payload: Box<RawValue> = serde_json::from_slice(&self.body)?;
        let job: Job = serde_json::from_str(payload.get())?;
        let envelope = Envelope {
            contract_version: ENVELOPE_VERSION.into(),
            event_type: EventType::Created,
            event_id: event_id(self.id, 0, EventType::Created),
            occurred_at: self.accepted_at,
            producer,
            correlation_id: self.correlation_id,
            idempotency_key: self.id.to_string(),
            payload,
        };
        Ok(Event { envelope, job })
    }
}
