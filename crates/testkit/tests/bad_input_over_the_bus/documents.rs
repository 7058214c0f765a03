//! Bodies that are no event.

use contracts::JobStatus;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::system::{CREATED, System, envelope, envelope_with, job, job_with, message};

#[tokio::test]
async fn what_is_no_json_is_kept_as_text() {
    let system = System::start();
    for (what, body, reason) in [
        ("nothing", &b""[..], "not JSON"),
        ("a cut off object", b"{\"eventType\":\"job.cre", "not JSON"),
        ("words", b"hello", "not JSON"),
        ("bytes that are no UTF-8", b"\xff\xfe{}", "UTF-8"),
        ("a byte order mark", b"\xef\xbb\xbf{}", "not JSON"),
        ("bare NULs", b"\0\0{}\0", "not JSON"),
        ("two documents", b"{}{}", "more data"),
    ] {
        for letter in system.assert_unreadable(what, body, reason).await {
            let kept = String::from_utf8_lossy(body).replace('\0', "\u{fffd}");
            assert_eq!(letter.original_event, Value::String(kept), "{what}");
        }
    }
}

/// JSON that is no event or has no job: what it is, and a part of the reason.
fn no_events() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        (
            "a list",
            json!([envelope(&job(Uuid::new_v4()))]),
            "must be an object",
        ),
        ("text", json!("job.created"), "must be an object"),
        ("null", Value::Null, "must be an object"),
        ("a number", json!(7), "must be an object"),
        ("an empty object", json!({}), "is missing"),
        (
            "an unknown type",
            envelope_with("eventType", json!("job.exploded")),
            "/eventType",
        ),
        (
            "an event id in another form",
            envelope_with("eventId", json!("urn:uuid:0191d2a0-7c1e-7000-8000-000000000001")),
            "/eventId",
        ),
        (
            "a correlation id in braces",
            envelope_with("correlationId", json!("{0191d2a0-7c1e-7000-8000-000000000001}")),
            "/correlationId",
        ),
        (
            "an event of year 0",
            envelope_with("occurredAt", json!("0000-01-01T00:00:00Z")),
            "/occurredAt",
        ),
        (
            "a payload that is a list",
            envelope_with("payload", json!([])),
            "/payload",
        ),
        (
            "a payload that is no job",
            envelope_with("payload", json!({"jobId": 7})),
            "/payload",
        ),
    ]
}

/// Events whose payload is no job, likewise.
fn no_jobs() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        (
            "a job id without hyphens",
            job_with("id", json!("0191d2a07c1e70008000000000000001")),
            "/payload/id",
        ),
        (
            "a job id as a URN",
            job_with("id", json!("urn:uuid:0191d2a0-7c1e-7000-8000-000000000001")),
            "/payload/id",
        ),
        (
            "a job of year 0",
            job_with("createdAt", json!("0000-01-01T00:00:00Z")),
            "/payload/createdAt",
        ),
        (
            "a job of year 99999",
            job_with("createdAt", json!("99999-01-01T00:00:00Z")),
            "/payload/createdAt",
        ),
        (
            "a job before all time",
            job_with("createdAt", json!("-009999-01-01T00:00:00Z")),
            "/payload/createdAt",
        ),
        (
            "a status of nobody's",
            job_with("status", json!("DONE")),
            "/payload/status",
        ),
        (
            "a priority of nobody's",
            job_with("priority", json!("urgent")),
            "/payload/priority",
        ),
        (
            "a moment that is none",
            job_with("runAt", json!("tomorrow")),
            "/payload/runAt",
        ),
        (
            "an empty unique key",
            job_with("uniqueKey", json!("")),
            "/payload/uniqueKey",
        ),
        (
            "a long unique key",
            job_with("uniqueKey", json!("x".repeat(256))),
            "/payload/uniqueKey",
        ),
        (
            "a tag that is no text",
            job_with("tags", json!(["a", 7])),
            "/payload/tags",
        ),
        (
            "attempts without end",
            job_with("retry", json!({"maxAttempts": 1e18})),
            "/payload/retry",
        ),
    ]
}

#[tokio::test]
async fn json_that_is_no_event_is_kept_as_json() {
    let system = System::start();
    for (what, document, reason) in no_events().into_iter().chain(no_jobs()) {
        for letter in system.assert_unreadable(what, document.to_string(), reason).await {
            assert_eq!(letter.original_event, document, "{what}");
            let correlation = document["correlationId"].as_str().map(ToOwned::to_owned);
            assert_eq!(letter.correlation_id, correlation, "{what}");
        }
    }
}

#[tokio::test]
async fn json_that_readers_would_understand_differently_is_rejected() {
    let system = System::start();
    let good = envelope(&job(Uuid::new_v4())).to_string();
    let deep = |depth: usize| format!("{{\"x\":{}1{}}}", "[".repeat(depth), "]".repeat(depth));
    let with_payload = |text: &str| good.replacen("\"type\"", &format!("\"payload\":{text},\"type\""), 1);
    for (what, body, reason) in [
        (
            "a key that is there twice",
            good.replacen('{', "{\"eventId\":\"x\",", 1),
            "duplicate key",
        ),
        ("an escaped NUL", with_payload(r#"{"text":"a\u0000b"}"#), "NUL"),
        ("an escaped NUL in a key", with_payload(r#"{"\u0000":1}"#), "NUL"),
        (
            "a number that nobody holds",
            with_payload(r#"{"n":1e999}"#),
            "out of range",
        ),
        (
            "half a character",
            with_payload(r#"{"text":"\ud800"}"#),
            "not JSON",
        ),
        ("lists in lists", with_payload(&deep(1000)), "nested deeper"),
        ("very deep lists", with_payload(&deep(200_000)), "nested deeper"),
        ("lists without an end", "[".repeat(1_000_000), "nested deeper"),
    ] {
        for letter in system.assert_unreadable(what, body, reason).await {
            let kept = letter.original_event.as_str().expect("it is kept as text");
            assert!(
                !kept.contains('\0') && kept.len() <= 64 * 1024,
                "{what}: {}",
                kept.len()
            );
        }
    }
}

#[tokio::test]
async fn large_messages_stop_nobody() {
    let system = System::start();
    let noise = "x".repeat(2 << 20);
    for letter in system
        .assert_unreadable("2 MB of noise", noise.clone(), "not JSON")
        .await
    {
        assert_eq!(letter.original_event.as_str().map(str::len), Some(64 * 1024));
    }
    let mut bad = envelope_with("eventId", json!("x"));
    bad["payload"]["payload"] = json!({"text": noise});
    system
        .assert_unreadable("a bad event of 2 MB", bad.to_string(), "/eventId")
        .await;

    let id = Uuid::new_v4();
    let mut large = job(id);
    large["payload"] = json!({"text": noise});
    system
        .assert_rejected("a good event of 2 MB", message(CREATED, &envelope(&large)), &[])
        .await;
    let found = system.jobs.job(id).await.unwrap().expect("it is a job");
    assert_eq!(
        found.summary.status,
        JobStatus::Failed,
        "its echo is larger than a result may be"
    );
}
