use serde_json::{Value, json};

use super::*;

fn job() -> Value {
    json!({
        "id": "0191d2a0-7c1e-7000-8000-000000000001",
        "type": "echo",
        "status": "PENDING",
        "createdAt": "2026-01-02T03:04:05Z"
    })
}

fn envelope(payload: &Value) -> Value {
    json!({
        "contractVersion": "1.1.0",
        "eventType": "job.created",
        "eventId": "0191d2a0-7c1e-7000-8000-000000000002",
        "occurredAt": "2026-01-02T03:04:05Z",
        "producer": {"service": "gateway", "instanceId": "local", "version": "0.1.0"},
        "correlationId": "0191d2a0-7c1e-7000-8000-000000000003",
        "idempotencyKey": "k",
        "payload": payload
    })
}

fn with(mut document: Value, field: &str, value: Value) -> Value {
    document[field] = value;
    document
}

fn told(result: Result<(), Vec<Violation>>) -> String {
    result
        .unwrap_err()
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}

#[test]
fn a_published_job_is_a_valid_job_and_a_valid_submission() {
    assert_eq!(validator().job(&job()), Ok(()));
    assert_eq!(validator().submission(&job()), Ok(()));
}

#[test]
fn a_submission_needs_only_a_type() {
    assert_eq!(validator().submission(&json!({"type": "echo"})), Ok(()));
    assert_eq!(told(validator().submission(&json!({}))), "`type` is missing");
}

#[test]
fn a_client_is_told_that_the_status_is_not_its_own_to_set() {
    for status in [json!("COMPLETED"), json!("pending"), json!(5), Value::Null] {
        let violations = validator()
            .submission(&json!({"type": "echo", "status": status}))
            .unwrap_err();
        assert_eq!(violations.len(), 1);
        assert_eq!(violations[0].path, "/status");
        assert!(violations[0].message.contains("a client cannot set the status"));
    }
}

#[test]
fn a_type_with_other_than_plain_characters_is_refused_at_the_door_only() {
    for name in ["", "-x", "a b", "a\n", "é", "<script>", &"x".repeat(129)] {
        assert!(
            validator().submission(&json!({ "type": name })).is_err(),
            "{name}"
        );
        assert_eq!(validator().job(&with(job(), "type", json!(name))), Ok(()));
    }
}

#[test]
fn violations_point_at_the_part_and_name_the_rule() {
    let broken = json!({
        "id": "urn:uuid:0191d2a0-7c1e-7000-8000-000000000001",
        "type": "echo",
        "createdAt": "0000-01-01T00:00:00Z",
        "payload": [],
        "tags": ["ok", ""],
        "retry": {"maxAttempts": 0, "backoff": "none", "jitter": 1.5}
    });
    let told = told(validator().submission(&broken));
    for part in [
        "/id: must be a UUID in its plain form",
        "/createdAt: must be an RFC 3339 date-time",
        "/payload: must be an object",
        "/tags/1: must not be empty",
        "/retry/maxAttempts: must be at least 1",
        "/retry/backoff: must be one of exponential, linear, fixed",
        "/retry/jitter: must be at most 1",
    ] {
        assert!(told.contains(part), "{part} not in {told}");
    }
}

#[test]
fn no_more_than_ten_violations_are_listed() {
    let tags: Vec<Value> = (0..32).map(|_| json!("")).collect();
    let violations = validator()
        .submission(&json!({"type": "echo", "tags": tags}))
        .unwrap_err();
    assert_eq!(violations.len(), MAX_VIOLATIONS);
}

#[test]
fn a_message_never_repeats_the_foreign_value() {
    let long = "z".repeat(100_000);
    let broken =
        json!({"type": long, "id": long, "status": long, "payload": long, "retry": {"backoff": long}});
    assert!(told(validator().submission(&broken)).len() < 1000);
    let surplus = json!({"jobId": "x", "eventId": "y", long: 1});
    assert!(told(validator().job_accepted(&surplus)).len() < 1000);
}

#[test]
fn an_event_is_checked_with_the_job_inside_it() {
    assert_eq!(validator().event(&envelope(&job())), Ok(()));
    let broken = with(
        envelope(&with(job(), "status", json!("DONE"))),
        "eventId",
        json!("1"),
    );
    let told = told(validator().event(&broken));
    assert!(told.contains("/eventId: must be a UUID"), "{told}");
    assert!(
        told.contains("/payload/status: must be one of PENDING, VALIDATED"),
        "{told}"
    );
}

#[test]
fn documents_that_are_no_objects_are_violations_too() {
    for document in [json!([]), json!("x"), json!(1), Value::Null] {
        assert_eq!(told(validator().event(&document)), "must be an object");
        assert_eq!(told(validator().submission(&document)), "must be an object");
    }
}

#[test]
fn digits_of_other_scripts_are_no_version() {
    let broken = with(envelope(&job()), "contractVersion", json!("١.٠.٠"));
    assert!(validator().envelope(&broken).is_err());
}

#[test]
fn explicit_null_is_no_absent_field() {
    for field in ["payload", "updatedAt", "tags", "timeoutSeconds", "retry"] {
        assert!(
            validator().job(&with(job(), field, Value::Null)).is_err(),
            "{field}"
        );
    }
}

#[test]
fn a_dead_letter_may_lack_a_correlation_id() {
    let letter = json!({
        "original_event": "{", "validation_error": "no JSON", "rejected_at": "2026-01-02T03:04:05Z",
        "correlation_id": null, "service": "processor"
    });
    assert_eq!(validator().dead_letter(&letter), Ok(()));
}
