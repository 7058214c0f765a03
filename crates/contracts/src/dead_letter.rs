//! What stands in the dead-letter queue.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A message that no consumer could accept, with the reason (queue `jobs.failed.validation`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// The rejected message: its JSON where it parsed, its text (lossy) where it did not.
    pub original_event: serde_json::Value,
    /// Why it was rejected, in words for a person.
    pub validation_error: String,
    /// When it was rejected.
    pub rejected_at: Timestamp,
    /// From the message where it was readable.
    #[serde(default)]
    pub correlation_id: Option<String>,
    /// Which service rejected it.
    pub service: String,
    /// The software version of that service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_version: Option<String>,
}
