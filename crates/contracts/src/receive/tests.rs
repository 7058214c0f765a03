use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{Backoff, EventType, JobStatus};

const EVENT: &str = r#"{
  "contractVersion": "1.0.0", "eventType": "job.created",
  "eventId": "0191d2a0-7c1e-7000-8000-000000000002", "occurredAt": "2026-01-02T03:04:05.5+01:00",
  "producer": {"service": "gateway", "instanceId": "local", "version": "0.1.0", "extra": true},
  "correlationId": "0191d2a0-7c1e-7000-8000-000000000003", "idempotencyKey": "k", "extra": 1,
  "payload": {"id": "0191d2a0-7c1e-7000-8000-000000000001", "type": "echo", "status": "PENDING",
    "createdAt": "2026-01-02T03:04:05Z", "payload": {"b": 1.50, "a": [ 1 ]}, "own": "kept",
    "retry": {"maxAttempts": 3.0, "backoff": "linear"}}
}"#;

fn rejection(text: &str) -> String {
    Envelope::from_slice(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn a_published_event_becomes_typed_and_keeps_the_text_of_its_payload() {
    let envelope = Envelope::from_slice(EVENT.as_bytes()).unwrap();
    assert_eq!(envelope.event_type, EventType::Created);
    assert_eq!(envelope.occurred_at.to_string(), "2026-01-02T02:04:05.5Z");
    assert!(
        envelope
            .payload
            .get()
            .contains(r#""payload": {"b": 1.50, "a": [ 1 ]}, "own": "kept""#)
    );
}

#[test]
fn the_job_inside_is_typed_on_request() {
    let job = Envelope::from_slice(EVENT.as_bytes()).unwrap().job().unwrap();
    assert_eq!((job.job_type.as_str(), job.status), ("echo", JobStatus::Pending));
    let retry = job.retry.unwrap();
    assert_eq!(
        (retry.max_attempts, retry.backoff),
        (Some(3), Some(Backoff::Linear))
    );
    assert_eq!(job.payload.unwrap().get(), r#"{"b": 1.50, "a": [ 1 ]}"#);
}

#[test]
fn a_rejection_is_one_line_with_the_first_three_violations() {
    let text = EVENT
        .replace("0191d2a0-7c1e", "no")
        .replace("\"PENDING\"", "1")
        .replace("2026-01-02T03:04:05Z", "x");
    let told = rejection(&text);
    assert!(!told.contains('\n'), "{told}");
    assert_eq!(told.matches("; ").count(), 3, "{told}");
    assert!(told.contains("/eventId: must be a UUID"), "{told}");
    assert!(told.ends_with("; and 3 more"), "{told}");
}

#[test]
fn malformed_messages_tell_their_place() {
    assert_eq!(
        rejection("{"),
        "not JSON: EOF while parsing an object at line 1 column 1"
    );
    let told = rejection(&EVENT.replace("\"kept\"", r#""x\u0000""#));
    assert_eq!(told, "NUL character in the string at `/payload/own`");
    assert_eq!(
        rejection("{\"a\\nb\":1,\"a\\nb\":1}"),
        "duplicate key `a b` at `/a b`"
    );
}

#[test]
fn a_job_of_the_full_depth_still_fits_into_its_event() {
    let deep = format!("{}{}", "[".repeat(62), "]".repeat(62));
    let text = |payload: &str| EVENT.replace("[ 1 ]", payload);
    assert!(Envelope::from_slice(text(&deep).as_bytes()).is_ok());
    assert_eq!(
        rejection(&text(&format!("[{deep}]"))),
        "nested deeper than 65 levels"
    );
}

#[test]
fn a_dead_letter_holds_the_message_and_its_correlation() {
    let text = EVENT.replace("job.created", "job.lost");
    let reason = Envelope::from_slice(text.as_bytes()).unwrap_err();
    let letter = DeadLetter::new(
        text.as_bytes(),
        &reason.to_string(),
        Timestamp::UNIX_EPOCH,
        "processor",
        "0.1.0",
    );
    assert_eq!(letter.original_event["eventType"], json!("job.lost"));
    assert_eq!(
        letter.correlation_id.as_deref(),
        Some("0191d2a0-7c1e-7000-8000-000000000003")
    );
    assert!(
        letter
            .validation_error
            .starts_with("/eventType: must be one of job.created")
    );
    assert_eq!(
        validator().dead_letter(&serde_json::to_value(&letter).unwrap()),
        Ok(())
    );
}

#[test]
fn a_dead_letter_of_poison_is_no_poison() {
    let mut message = b"{\"a\":\"\\u0000 \0 \xff\"".to_vec();
    message.resize(200_000, b'x');
    let reason = Envelope::from_slice(&message).unwrap_err();
    let letter = DeadLetter::new(
        &message,
        &reason.to_string(),
        Timestamp::UNIX_EPOCH,
        "processor",
        "0.1.0",
    );
    let text = serde_json::to_string(&letter).unwrap();
    assert!(text.len() < 70_000);
    assert!(parse(&text).is_ok());
}

fn parse(text: &str) -> Result<Value, StrictError> {
    strict::parse_strict_within(text.as_bytes(), strict::MAX_DEAD_LETTER_DEPTH)
}

/// A field with a value that may or may not be right for it.
fn odd_field() -> impl Strategy<Value = (&'static str, Value)> {
    const NAMES: [&str; 9] = [
        "id",
        "type",
        "status",
        "payload",
        "createdAt",
        "updatedAt",
        "tags",
        "timeoutSeconds",
        "retry",
    ];
    let values = prop_oneof![
        Just(Value::Null),
        Just(json!(0)),
        Just(json!(3.0)),
        Just(json!(1e300)),
        Just(json!("FAILED")),
        Just(json!("2016-12-31t23:59:60.999999999-00:00")),
        Just(json!("9999-12-31T23:59:59+23:59")),
        Just(json!("ABCDEFAB-CDEF-ABCD-EFAB-CDEFABCDEFAB")),
        Just(json!(["a", "b"])),
        Just(
            json!({"maxAttempts": 100.0, "backoff": "fixed", "initialDelay": 0, "maxDelay": 0.5, "jitter": 1})
        ),
        Just(json!({"maxAttempts": null})),
        Just(json!({"maxAttempts": 1e2, "other": []})),
    ];
    (prop::sample::select(&NAMES[..]), values)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_the_contract_allows_fits_the_types(fields in prop::collection::vec(odd_field(), 0..3)) {
        let mut event: Value = serde_json::from_str(EVENT).unwrap();
        for (name, value) in fields {
            event["payload"][name] = value;
        }
        match Envelope::from_slice(event.to_string().as_bytes()) {
            Ok(envelope) => prop_assert!(envelope.job().is_ok(), "{event}"),
            Err(rejection) => prop_assert!(matches!(rejection, Rejection::Invalid(_)), "{event}: {rejection}"),
        }
    }
}
