//! Events, as clients read them: the envelopes that went over the bus.

use std::borrow::Cow;

use contracts::{EventType, Producer};
use domain::JobEvent;
use ports::LoggedEvent;
use serde_json::value::{RawValue, to_raw_value};

/// The envelope of a logged event, as it was published.
///
/// # Errors
/// When what was stored does not read.
pub(crate) fn envelope_of(event: &LoggedEvent) -> Result<Box<RawValue>, serde_json::Error> {
    serde_json::from_slice(&event.body)
}

/// A job's own history as envelopes. They carry the ids under which they were published; the producer is the
/// role that published them, its instance the worker that held the attempt.
///
/// # Errors
/// None in practice: every field is plain data.
pub(crate) fn life(history: &[JobEvent]) -> Result<Vec<Box<RawValue>>, serde_json::Error> {
    history
        .iter()
        .map(|event| to_raw_value(&event.envelope(producer(event))?))
        .collect()
}

fn producer(event: &JobEvent) -> Producer {
    let service = if event.event_type == EventType::Created {
        "gateway"
    } else {
        "processor"
    };
    let instance = event.worker.clone().map_or(Cow::Borrowed("unknown"), Cow::Owned);
    Producer {
        service: Cow::Borrowed(service),
        instance_id: instance,
        version: Cow::Borrowed(service::VERSION),
    }
}
