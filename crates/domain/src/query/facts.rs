//! What a query can ask of a job.

use contracts::{JobStatus, Priority};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::limits::Hold;

/// Everything that a query can ask of a job.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The identifier.
    pub id: Uuid,
    /// The type.
    pub job_type: &'a str,
    /// The status.
    pub status: JobStatus,
    /// The tags.
    pub tags: &'a [String],
    /// The priority.
    pub priority: Priority,
    /// The unique key that it was submitted with.
    pub unique_key: Option<&'a str>,
    /// The name of the schedule that made it.
    pub schedule: Option<&'a str>,
    /// Why it is held back.
    pub held: Option<Hold>,
    /// The worker that holds it.
    pub worker: Option<&'a str>,
    /// Its last error.
    pub error: Option<&'a str>,
    /// How many attempts were started.
    pub attempt: u32,
    /// How many failed.
    pub failures: u32,
    /// How many workers died under it.
    pub crashes: u32,
    /// When the platform took it.
    pub accepted_at: Timestamp,
    /// When the client made it.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When the scheduler looks at it again.
    pub wake_at: Option<Timestamp>,
    /// Its payload. Read only where [`super::Query::needs_body`] says so, and for the index.
    pub payload: Option<&'a Value>,
    /// Its metadata, likewise.
    pub metadata: Option<&'a Value>,
}

/// The parts of a stored job's text that a query can ask for.
///
/// ```
/// let body: domain::query::Body = serde_json::from_str(r#"{"id": "…", "payload": {"a": 1}}"#)?;
/// assert!(body.payload.is_some() && body.metadata.is_none());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Body {
    /// Its payload.
    pub payload: Option<Value>,
    /// Its metadata.
    pub metadata: Option<Value>,
}
