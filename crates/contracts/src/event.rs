//! Events: the envelope that every message on the bus wears, and its closed list of types.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

/// The envelope contract's version that our producers declare (see `schemas/event-envelope.json`).
pub const ENVELOPE_VERSION: &str = "1.1.0";

/// What happened to a job. Grows by minor versions only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EventType {
    /// The gateway accepted the job.
    #[serde(rename = "job.created")]
    Created,
    /// Reserved by the published contract; no service of ours emits it.
    #[serde(rename = "job.validated")]
    Validated,
    /// The job waits for a time that its client asked for.
    #[serde(rename = "job.scheduled")]
    Scheduled,
    /// A worker started an attempt.
    #[serde(rename = "job.executed")]
    Executed,
    /// An attempt ended without a result and another one follows.
    #[serde(rename = "job.retrying")]
    Retrying,
    /// Terminal: a handler returned a result.
    #[serde(rename = "job.completed")]
    Completed,
    /// Terminal: no attempt succeeded and none follows.
    #[serde(rename = "job.failed")]
    Failed,
    /// Terminal: a client withdrew the job.
    #[serde(rename = "job.cancelled")]
    Cancelled,
    /// Terminal: too many workers died while they ran the job.
    #[serde(rename = "job.quarantined")]
    Quarantined,
}

impl EventType {
    /// Every type, in the order of a job's life.
    pub const ALL: [Self; 9] = [
        Self::Created,
        Self::Validated,
        Self::Scheduled,
        Self::Executed,
        Self::Retrying,
        Self::Completed,
        Self::Failed,
        Self::Cancelled,
        Self::Quarantined,
    ];

    /// The name on the wire, which is also the routing key on the bus.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "job.created",
            Self::Validated => "job.validated",
            Self::Scheduled => "job.scheduled",
            Self::Executed => "job.executed",
            Self::Retrying => "job.retrying",
            Self::Completed => "job.completed",
            Self::Failed => "job.failed",
            Self::Cancelled => "job.cancelled",
            Self::Quarantined => "job.quarantined",
        }
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is no event type of the contract.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown event type `{0}`")]
pub struct UnknownEventType(pub String);

impl FromStr for EventType {
    type Err = UnknownEventType;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|event_type| event_type.as_str() == name)
            .ok_or_else(|| UnknownEventType(name.to_owned()))
    }
}

/// Who emitted an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Producer {
    /// The role: `gateway`, `processor`, …
    pub service: Cow<'static, str>,
    /// Which running copy of the role.
    pub instance_id: Cow<'static, str>,
    /// The software version of the role.
    pub version: Cow<'static, str>,
}

/// The one shape of every event on the bus (`schemas/event-envelope.json`).
///
/// The payload stays raw text: most services pass it on without looking inside.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    /// The version of the envelope contract that the producer followed.
    pub contract_version: Cow<'static, str>,
    /// What happened.
    pub event_type: EventType,
    /// Deterministic for our own events, so that a repeated publication is recognised.
    pub event_id: Uuid,
    /// When it happened, by the producer's clock.
    pub occurred_at: Timestamp,
    /// Who says so.
    pub producer: Producer,
    /// Follows one client request through every service.
    pub correlation_id: Uuid,
    /// Names the fact: the same key means the same fact, however often it is published.
    pub idempotency_key: String,
    /// A [`Job`](crate::Job) object for every `job.*` event.
    pub payload: Box<RawValue>,
}
