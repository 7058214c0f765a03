//! How a message becomes a dead letter; the same for every consumer and adapter.

use bytes::Bytes;
use contracts::DeadLetter;
use jiff::Timestamp;

use crate::{Message, routing};

/// The message that carries `rejected` to the dead letters.
///
/// `service` and `version` say who refuses it, `reason` why, in words for a person.
pub fn dead_letter_message(
    rejected: &Message,
    reason: &str,
    service: &str,
    version: &str,
    now: Timestamp,
) -> Message {
    let mut letter = DeadLetter::new(&rejected.body, reason, now, service, version);
    let header = || rejected.headers.correlation_id.map(|id| id.to_string());
    letter.correlation_id = letter.correlation_id.or_else(header);
    Message {
        routing_key: routing::DEAD_LETTER.into(),
        headers: rejected.headers.clone(),
        body: serde_json::to_vec(&letter).map_or_else(|_| Bytes::from_static(b"{}"), Bytes::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Headers;
    use serde_json::Value;

    fn letter(body: &'static [u8]) -> DeadLetter {
        let rejected = Message {
            routing_key: "job.created".into(),
            headers: Headers::default(),
            body: body.into(),
        };
        let message = dead_letter_message(&rejected, "because", "processor", "1.2.3", Timestamp::UNIX_EPOCH);
        assert_eq!(message.routing_key, routing::DEAD_LETTER);
        serde_json::from_slice(&message.body).unwrap()
    }

    #[test]
    fn json_is_quoted_as_json_with_its_correlation() {
        let letter = letter(br#"{"correlationId":"c-1","x":[1]}"#);
        assert_eq!(letter.original_event["x"][0], 1);
        assert_eq!(letter.correlation_id.as_deref(), Some("c-1"));
        assert_eq!(letter.validation_error, "because");
    }

    #[test]
    fn anything_else_is_quoted_as_text_without_nul() {
        assert_eq!(
            letter(b"{broken\0").original_event,
            Value::String("{broken\u{fffd}".into())
        );
        assert_eq!(
            letter(b"\xff\xfe").original_event,
            Value::String("\u{fffd}\u{fffd}".into())
        );
    }
}
