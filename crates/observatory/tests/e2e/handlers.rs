//! The built-in handlers as their users meet them.

mod concurrency;
mod exec;
mod http;
mod retries;

use serde_json::{Value, json};

use crate::common::{Shared, text};

static SHARED: Shared = Shared::new(&[]);

/// A job that failed in its first attempt, for a reason that another attempt would meet again.
fn assert_failed_for_good(job: &Value, reason: &str) {
    assert_eq!(job["status"], "FAILED", "{job}");
    assert!(text(&job["error"]).contains(reason), "{reason}: {job}");
    let attempts = job["attempts"].as_array().unwrap();
    assert_eq!((attempts.len(), &job["attempt"]), (1, &json!(1)), "{job}");
    assert_eq!(attempts[0]["error"], job["error"], "{job}");
    assert_eq!(attempts[0]["outcome"], "FAILED", "{job}");
}

#[tokio::test]
async fn echo_returns_its_payload_as_it_came() {
    let observatory = SHARED.get().await;
    let payload = json!({
        "text": "Grüße \u{1F30D} \u{202e} \"quoted\" \\ \u{7f}",
        "numbers": [0, -1, 9_007_199_254_740_993_i64, 0.1, 1e300, u64::MAX],
        "deep": {"a": [{"b": [[], {}, null, true]}]},
    });
    let job = observatory
        .run(&json!({"type": "echo", "payload": payload}))
        .await;
    assert_eq!((&job["status"], &job["result"]), (&json!("COMPLETED"), &payload));
}

#[tokio::test]
async fn sleep_takes_as_long_as_it_is_told() {
    let observatory = SHARED.get().await;
    let job = observatory
        .run(&json!({"type": "sleep", "payload": {"ms": 150}}))
        .await;
    assert_eq!(
        (&job["status"], &job["result"]),
        (&json!("COMPLETED"), &Value::Null)
    );
    let attempt = &job["attempts"][0];
    assert!(attempt["durationMs"].as_f64().unwrap() >= 150.0, "{job}");
    assert_eq!(attempt["outcome"], "COMPLETED");
}

/// Whoever looks at a long job sees that it runs, and on which worker.
#[tokio::test]
async fn a_running_job_is_seen_running() {
    let observatory = SHARED.get().await;
    let id = observatory
        .submit(&json!({"type": "sleep", "payload": {"ms": 700}}))
        .await;
    let job = observatory.wait_for_status(&id, "EXECUTING").await;
    assert_eq!(job["attempts"][0]["endedAt"], Value::Null, "{job}");
    assert!(!text(&job["attempts"][0]["worker"]).is_empty(), "{job}");
    observatory
        .wait_for_events(&id, &["job.created", "job.executed"])
        .await;
    assert_eq!(observatory.wait_for_end(&id).await["status"], "COMPLETED");
}

#[tokio::test]
async fn a_type_that_nobody_handles_fails_with_its_reason_and_is_not_tried_again() {
    let observatory = SHARED.get().await;
    let retry = json!({"maxAttempts": 5, "initialDelay": 0});
    let job = observatory
        .run(&json!({"type": "no.such-type", "retry": retry}))
        .await;
    assert_failed_for_good(&job, "no handler for job type `no.such-type`");
    assert!(
        text(&job["error"]).contains("echo"),
        "the known ones are named: {job}"
    );
}

#[tokio::test]
async fn a_payload_that_does_not_fit_fails_with_its_reason_and_is_not_tried_again() {
    let observatory = SHARED.get().await;
    for payload in [json!({}), json!({"ms": "soon"}), json!({"ms": -1})] {
        let job = observatory
            .run(&json!({"type": "sleep", "payload": payload}))
            .await;
        assert_failed_for_good(&job, "payload does not fit the handler");
    }
}

#[tokio::test]
async fn a_result_that_is_too_large_fails_the_job_and_not_the_processor() {
    let observatory = SHARED.get().await;
    let payload = json!({"text": "x".repeat(100_000)});
    let job = observatory
        .run(&json!({"type": "echo", "payload": payload}))
        .await;
    assert_failed_for_good(&job, "exceeds the limit");
    observatory.echoes("a large result").await;
}
