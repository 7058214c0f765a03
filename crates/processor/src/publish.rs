//! From job events to messages.

use std::sync::Arc;

use contracts::Producer;
use domain::JobEvent;
use jiff::Timestamp;
use ports::{
    Delivery, Dispatch, Event, Headers, Message, NewJob, Parcel, Post, dead_letter_message, routing,
};

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
        let headers = Headers {
            attempt: Some(dispatch.attempt),
            ..headers(stored)
        };
        let event = self.created_again(stored)?;
        parcel(event, routing::dispatch(stored.priority), headers)
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
        let event = self.created_again(stored)?;
        parcel(event, routing::created(stored.priority), headers(stored))
    }

    /// The `job.created` event of a stored job.
    fn created_again(&self, stored: &NewJob) -> Option<Event> {
        stored
            .created_event(self.producer.clone())
            .inspect_err(|error| tracing::error!(%error, job = %stored.id, "stored job does not read"))
            .ok()
    }

    /// The dead letter for a delivery that was refused.
    pub(crate) fn dead_letter(&self, delivery: &Delivery, reason: &str, now: Timestamp) -> Arc<Parcel> {
        let Producer { service, version, .. } = &self.producer;
        dead_letter_message(&delivery.message, reason, service, version, now).into()
    }
}

fn headers(stored: &NewJob) -> Headers {
    Headers {
        correlation_id: Some(stored.correlation_id),
        traceparent: stored.traceparent.clone(),
        attempt: None,
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
