//! The one way from bytes on the bus to a typed event.

use std::fmt;

use jiff::Timestamp;
use serde_json::Value;

use crate::pointer::one_line;
use crate::strict::{self, MAX_EVENT_DEPTH, StrictError};
use crate::{DeadLetter, Envelope, Job, Violation, validator};

/// How many violations the one-line form of a rejection names.
const NAMED_VIOLATIONS: usize = 3;

/// The longest text of a message that its dead letter repeats, in bytes.
const LONGEST_ORIGINAL: usize = 64 * 1024;

/// Why a message cannot be accepted. Its `Display` is one line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The bytes are no strict JSON.
    #[error("{}", one_line(&.0.to_string()))]
    Malformed(#[from] StrictError),
    /// The document breaks its contract.
    #[error("{}", Named(.0))]
    Invalid(Vec<Violation>),
    /// The contract allows the document and our types cannot hold it.
    #[error("unreadable: {}", one_line(.0))]
    Unreadable(String),
}

struct Named<'v>(&'v [Violation]);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, violation) in self.0.iter().take(NAMED_VIOLATIONS).enumerate() {
            let separator = if at == 0 { "" } else { "; " };
            write!(f, "{separator}{}", one_line(&violation.to_string()))?;
        }
        match self.0.len().saturating_sub(NAMED_VIOLATIONS) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl Envelope {
    /// Reads an event: strict JSON, the envelope's contract, the contract of the job inside it, then the types.
    ///
    /// The payload keeps the text it arrived with.
    ///
    /// # Errors
    /// The reason for the dead letter ([`DeadLetter::new`]).
    pub fn from_slice(bytes: &[u8]) -> Result<Self, Rejection> {
        let text = strict::text_of(bytes)?;
        let document = strict::parse_text(text, MAX_EVENT_DEPTH)?;
        validator().event(&document).map_err(Rejection::Invalid)?;
        serde_json::from_str(text).map_err(|error| unreadable(&error))
    }

    /// The job that the payload of a `job.*` event is.
    ///
    /// # Errors
    /// None for an envelope that [`Envelope::from_slice`] gave; [`Rejection::Unreadable`] for one whose
    /// payload is no job.
    pub fn job(&self) -> Result<Job, Rejection> {
        serde_json::from_str(self.payload.get()).map_err(|error| unreadable(&error))
    }
}

fn unreadable(error: &serde_json::Error) -> Rejection {
    Rejection::Unreadable(error.to_string())
}

impl DeadLetter {
    /// The letter for a message that was rejected, safe for every store: what is no strict JSON goes in as
    /// text without NUL characters, cut at 64 KiB. `reason` is in words for a person.
    pub fn new(message: &[u8], reason: &str, rejected_at: Timestamp, service: &str, version: &str) -> Self {
        let original_event = readable(message);
        let correlation_id = original_event
            .get("correlationId")
            .and_then(Value::as_str)
            .map(ToOwned::to_owned);
        Self {
            original_event,
            validation_error: reason.replace('\0', "\u{fffd}"),
            rejected_at,
            correlation_id,
            service: service.to_owned(),
            service_version: Some(version.to_owned()),
        }
    }
}

fn readable(message: &[u8]) -> Value {
    strict::parse_strict_within(message, MAX_EVENT_DEPTH).unwrap_or_else(|_| {
        let beginning = &message[..message.len().min(LONGEST_ORIGINAL)];
        Value::String(String::from_utf8_lossy(beginning).replace('\0', "\u{fffd}"))
    })
}

#[cfg(test)]
mod tests;
