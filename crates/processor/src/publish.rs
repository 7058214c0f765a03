//! From job events to messages.

use std::sync::Arc;

use contracts::{ENVELOPE_VERSION, Envelope, EventType, Job, Producer};
use domain::{JobEvent, event_id};
use jiff::Timestamp;
use ports::{
    Delivery, Dispatch, Event, Headers, Message, NewJob, Parcel, Post, dead_letter_message, routing,
};
use serde_json::value::RawValue;

/// Writes messages in the name of one processor.
#[derive(Clone, Debug)]
pub(crate) struct Scribe {
    producer: Producer,
}

impl Scribe {
    pub(crate) fn new(instance_id: String) -> Self {
        let version = env!("CARGO_PKG_VERSION").into();
        Self {
            producer: Producer {
                service: "processor".into(),
                instance_id: instance_id.into(),
                version,
            },
        }
    }

    /// The message that publishes a lifecycle event.
    pub(crate) fn event(&self, event: &JobEvent) -> Option<Arc<Parcel>> {
        let headers = Headers {
            correlation_id: Some(event.correlation_id),
            ..Headers::default()
        };
        let envelope = event.envelope(self.producer.clone()).ok()?;
        let job = event.job();
        parcel(Event { envelope, job }, event.event_type.as_str(), headers)
    }

    /// The messages that publish lifecycle events.
    pub(crate) fn events<'a>(&self, events: impl IntoIterator<Item = &'a JobEvent>) -> Vec<Arc<Parcel>> {
        events.into_iter().filter_map(|event| self.event(event)).collect()
    }

    /// The message that asks for the next attempt of a stored job: its `job.created` event once more, under
    /// a routing key that only workers listen to.
    pub(crate) fn dispatch(&self, dispatch: &Dispatch) -> Option<Arc<Parcel>> {
        let stored = &dispatch.job;
        let (envelope, mut headers) = self.created_again(stored)?;
        headers.attempt = Some(dispatch.attempt);
        let job = readable(envelope.job(), &envelope)?;
        parcel(
            Event { envelope, job },
            routing::dispatch(stored.priority),
            headers,
        )
    }

    /// What leaves a store by itself.
    pub(crate) fn post(&self, post: &Post) -> Option<Arc<Parcel>> {
        match post {
            Post::Event(event) => self.event(event),
            Post::Created(stored) => self.created(stored),
        }
    }

    /// The announcement of a job that a schedule made.
    fn created(&self, stored: &NewJob) -> Option<Arc<Parcel>> {
        let (envelope, headers) = self.created_again(stored)?;
        let job = readable(envelope.job(), &envelope)?;
        parcel(
            Event { envelope, job },
            routing::created(stored.priority),
            headers,
        )
    }

    /// The `job.created` event of a stored job.
    fn created_again(&self, stored: &NewJob) -> Option<(Envelope, Headers)> {
        let text = std::str::from_utf8(&stored.body).ok()?;
        let envelope = Envelope {
            contract_version: ENVELOPE_VERSION.into(),
            event_type: EventType::Created,
            event_id: event_id(stored.id, 0, EventType::Created),
            occurred_at: stored.accepted_at,
            producer: self.producer.clone(),
            correlation_id: stored.correlation_id,
            idempotency_key: stored.id.to_string(),
            payload: RawValue::from_string(text.to_owned()).ok()?,
        };
        let headers = Headers {
            correlation_id: Some(stored.correlation_id),
            traceparent: stored.traceparent.clone(),
            attempt: None,
        };
        Some((envelope, headers))
    }

    /// The dead letter for a delivery that was refused.
    pub(crate) fn dead_letter(&self, delivery: &Delivery, reason: &str, now: Timestamp) -> Arc<Parcel> {
        let Producer { service, version, .. } = &self.producer;
        dead_letter_message(&delivery.message, reason, service, version, now).into()
    }
}

fn parcel(event: Event, routing_key: &'static str, headers: Headers) -> Option<Arc<Parcel>> {
    let id = event.envelope.event_id;
    let message = |body: Vec<u8>| Message {
        routing_key: routing_key.into(),
        headers,
        body: body.into(),
    };
    // Plain data always serializes; an event that did not would be republished by nobody, so say so.
    Parcel::of(event, message)
        .inspect_err(|error| tracing::error!(%error, event = %id, "event does not serialize"))
        .ok()
}

fn readable(job: Result<Job, contracts::Rejection>, envelope: &Envelope) -> Option<Job> {
    job.inspect_err(|error| tracing::error!(%error, event = %envelope.event_id, "stored job does not read"))
        .ok()
}
