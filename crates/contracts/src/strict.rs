//! Strict JSON: what every byte string from outside goes through before anything looks at it.
//!
//! [`parse_strict`] refuses what parsers disagree about (a key given twice, trailing data, numbers
//! that would be rounded) and what a store further down cannot hold (NUL, extreme numbers, deep
//! nesting). What it accepts means the same to every service, whatever it is written in.

mod error;
mod numbers;
mod visit;

use serde::de::DeserializeSeed;
use serde_json::{Deserializer, Value};

pub use error::{NumberFault, StrictError};

/// How many arrays and objects may stand inside each other in a document from a client.
pub const MAX_DEPTH: usize = 64;

/// The limit for an event: a document from a client with the envelope around it.
pub const MAX_EVENT_DEPTH: usize = MAX_DEPTH + 1;

/// The limit for a dead letter: an event with the reason around it.
pub const MAX_DEAD_LETTER_DEPTH: usize = MAX_EVENT_DEPTH + 1;

/// Reads one JSON document of at most [`MAX_DEPTH`] levels.
///
/// # Errors
/// Says what is wrong and where: a line and a column for text, a JSON pointer for content.
pub fn parse_strict(bytes: &[u8]) -> Result<Value, StrictError> {
    parse_strict_within(bytes, MAX_DEPTH)
}

/// Reads one JSON document of at most `max_depth` levels; at most 127 can be asked for.
///
/// # Errors
/// As [`parse_strict`].
pub fn parse_strict_within(bytes: &[u8], max_depth: usize) -> Result<Value, StrictError> {
    parse_text(text_of(bytes)?, max_depth)
}

pub(crate) fn text_of(bytes: &[u8]) -> Result<&str, StrictError> {
    std::str::from_utf8(bytes).map_err(|fault| StrictError::utf8(bytes, fault.valid_up_to()))
}

pub(crate) fn parse_text(text: &str, max_depth: usize) -> Result<Value, StrictError> {
    let findings = visit::Findings::default();
    let mut parser = Deserializer::from_str(text);
    let value = visit::Root::new(&findings, max_depth)
        .deserialize(&mut parser)
        .map_err(|error| findings.explain(&error))?;
    parser.end().map_err(|error| StrictError::trailing(&error))?;
    if findings.saw_decimal() {
        numbers::check(text)?;
    }
    Ok(value)
}

#[cfg(test)]
mod tests;
