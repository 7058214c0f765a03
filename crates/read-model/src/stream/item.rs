//! An event on its way to clients.

use std::borrow::Cow;
use std::sync::OnceLock;

use bytes::Bytes;
use contracts::JobStatus;
use ports::LoggedEvent;
use serde::Deserialize;
use uuid::Uuid;

use super::frame;
use super::place::Place;

/// An event with its place. What only some clients ask for is worked out once, when the first one does.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) event: LoggedEvent,
    place: Place,
    facts: OnceLock<Facts>,
    frame: OnceLock<Bytes>,
}

/// What the envelope says of the job.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) job_type: Option<String>,
    pub(super) status: Option<JobStatus>,
}

/// An event as it waits for a client: its name, and the text that every client gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) id: Uuid,
    pub(super) frame: Bytes,
}

impl Item {
    pub(super) fn new(event: LoggedEvent, place: Place) -> Self {
        Self {
            event,
            place,
            facts: OnceLock::new(),
            frame: OnceLock::new(),
        }
    }

    /// What a filter may ask for. An envelope that does not read has none of it.
    pub(super) fn facts(&self) -> &Facts {
        self.facts
            .get_or_init(|| Facts::of(&self.event.body).unwrap_or_default())
    }

    pub(super) fn entry(&self) -> Entry {
        let frame = || frame::job(&self.place, &self.event.body);
        Entry {
            id: self.event.event_id,
            frame: self.frame.get_or_init(frame).clone(),
        }
    }
}

impl Facts {
    fn of(envelope: &[u8]) -> Option<Self> {
        let Envelope { payload } = serde_json::from_slice(envelope).ok()?;
        Some(Self {
            job_type: Some(payload.job_type.into_owned()),
            status: payload.status.and_then(|name| name.parse().ok()),
        })
    }
}

/// The parts of an envelope that filters read.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    payload: Payload<'a>,
}

#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(rename = "type", borrow)]
    job_type: Cow<'a, str>,
    #[serde(default, borrow)]
    status: Option<Cow<'a, str>>,
}
