//! Why something did not go well, out of the event that says so.

use std::borrow::Cow;

use contracts::{Envelope, EventType};
use domain::fingerprint::{fingerprint, normalised};
use ports::Failure;
use serde::Deserialize;

/// The part of a payload that says why, and who was at it.
#[derive(Default, Deserialize)]
struct Reason<'p> {
    #[serde(borrow, default)]
    error: Option<Cow<'p, str>>,
    #[serde(borrow, default)]
    worker: Option<Cow<'p, str>>,
}

/// How an event ended something.
pub(crate) struct End {
    /// Whether an attempt ended with it. A job that was withdrawn or revived while it did not run has no worker.
    pub(crate) of_attempt: bool,
    /// The error that it tells of. Payloads of other publishers may have none, or something else under that name:
    /// they are counted without.
    pub(crate) failure: Option<Failure>,
}

/// What an event ended, and why.
pub(crate) fn of(envelope: &Envelope) -> End {
    if !may_have_failed(envelope.event_type) {
        return End {
            of_attempt: envelope.event_type == EventType::Completed,
            failure: None,
        };
    }
    let reason: Reason<'_> = serde_json::from_str(envelope.payload.get()).unwrap_or_default();
    let error = reason.error.filter(|error| !error.trim().is_empty());
    End {
        of_attempt: ends_always(envelope.event_type) || reason.worker.is_some(),
        failure: error.map(|error| Failure {
            fingerprint: fingerprint(&error),
            title: normalised(&error),
        }),
    }
}

fn ends_always(event_type: EventType) -> bool {
    matches!(event_type, EventType::Failed | EventType::Quarantined)
}

/// Only these are read once more: most events are of those that went well.
fn may_have_failed(event_type: EventType) -> bool {
    match event_type {
        EventType::Retrying | EventType::Failed | EventType::Quarantined | EventType::Cancelled => true,
        EventType::Created
        | EventType::Validated
        | EventType::Scheduled
        | EventType::Executed
        | EventType::Completed => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0199a3f2-7c1e-7000-8000-0123456789ab";

    /// An event whose payload has `more` beside what every job has.
    fn event(event_type: EventType, more: &str) -> String {
        format!(
            r#"{{"contractVersion": "1.1.0", "eventType": "{event_type}", "eventId": "{ID}",
                "occurredAt": "2026-01-02T03:04:05Z", "correlationId": "{ID}", "idempotencyKey": "k",
                "producer": {{"service": "s", "instanceId": "i", "version": "1.0.0"}},
                "payload": {{"id": "{ID}", "type": "echo", "status": "FAILED",
                    "createdAt": "2026-01-02T03:04:05Z"{more}}}}}"#,
        )
    }

    fn end(event_type: EventType, more: &str) -> End {
        of(&Envelope::from_slice(event(event_type, more).as_bytes()).unwrap())
    }

    fn failure(event_type: EventType, more: &str) -> Option<Failure> {
        end(event_type, more).failure
    }

    #[test]
    fn an_attempt_ends_where_a_worker_was_at_it() {
        use EventType::{Cancelled, Completed, Created, Executed, Failed, Quarantined, Retrying, Scheduled};
        let worker = r#", "worker": "w", "error": "no luck""#;
        for (event_type, without, with) in [
            (Created, false, false),
            (Scheduled, false, false),
            (Executed, false, false),
            (Completed, true, true),
            (Failed, true, true),
            (Quarantined, true, true),
            (Retrying, false, true),
            (Cancelled, false, true),
        ] {
            assert_eq!(end(event_type, "").of_attempt, without, "{event_type}");
            assert_eq!(end(event_type, worker).of_attempt, with, "{event_type}");
        }
    }

    #[test]
    fn errors_of_one_cause_have_one_fingerprint_and_one_title() {
        for event_type in [
            EventType::Retrying,
            EventType::Failed,
            EventType::Quarantined,
            EventType::Cancelled,
        ] {
            let first = failure(
                event_type,
                r#", "error": "timeout after 30s calling 10.0.0.7:80""#,
            )
            .unwrap();
            assert_eq!(first.title, "timeout after <n>s calling <address>");
            assert_eq!(
                first.fingerprint,
                fingerprint("timeout after 1s calling 10.0.0.9:443")
            );
            let escaped = failure(
                event_type,
                r#", "error": "timeout after 5s\u0020calling 10.0.0.8:80""#,
            );
            assert_eq!(escaped, Some(first), "escapes are read");
        }
    }

    #[test]
    fn what_went_well_has_no_error() {
        for event_type in [EventType::Created, EventType::Executed, EventType::Completed] {
            assert_eq!(failure(event_type, r#", "error": "odd""#), None);
        }
    }

    #[test]
    fn a_payload_that_says_nothing_usable_has_no_error() {
        for more in [
            "",
            r#", "error": null"#,
            r#", "error": 7"#,
            r#", "error": []"#,
            r#", "error": "\n ""#,
        ] {
            assert_eq!(failure(EventType::Failed, more), None, "{more}");
        }
    }
}
