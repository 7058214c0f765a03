//! Attempts that fail and may be repeated.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::SHARED;
use crate::common::text;

fn moment(value: &Value) -> Timestamp {
    text(value).parse().unwrap()
}

#[tokio::test]
async fn a_time_out_is_tried_again_with_growing_pauses_until_the_attempts_are_used_up() {
    let observatory = SHARED.get().await;
    let retry = json!({"maxAttempts": 3, "backoff": "exponential", "initialDelay": 0.2, "jitter": 0});
    let job = json!({"type": "sleep", "payload": {"ms": 60_000}, "timeoutSeconds": 0.1, "retry": retry});
    let job = observatory.run(&job).await;
    assert_eq!(
        (&job["status"], &job["failures"], &job["attempt"]),
        (&json!("FAILED"), &json!(3), &json!(3))
    );
    assert_eq!((&job["crashes"], &job["nextRunAt"]), (&json!(0), &Value::Null));

    let attempts = job["attempts"].as_array().unwrap();
    let outcomes: Vec<_> = attempts.iter().map(|attempt| text(&attempt["outcome"])).collect();
    assert_eq!(outcomes, ["RETRYING", "RETRYING", "FAILED"], "{job}");
    for attempt in attempts {
        assert_eq!(attempt["error"], "timed out after 0.1 s", "{job}");
        assert!(attempt["durationMs"].as_f64().unwrap() >= 100.0, "{job}");
    }
    for (pair, least_ms) in attempts.windows(2).zip([200, 400]) {
        let pause = moment(&pair[1]["startedAt"]).duration_since(moment(&pair[0]["endedAt"]));
        assert!(pause.as_millis() >= least_ms, "{pause}: {job}");
        assert!(pause.as_secs() < 10, "{pause}: {job}");
    }
}

#[tokio::test]
async fn a_job_that_waits_for_its_next_attempt_says_when_that_is() {
    let observatory = SHARED.get().await;
    let retry = json!({"maxAttempts": 2, "initialDelay": 300, "jitter": 0});
    let job = json!({"type": "sleep", "payload": {"ms": 60_000}, "timeoutSeconds": 0.05, "retry": retry});
    let id = observatory.submit(&job).await;
    let job = observatory.wait_for_status(&id, "RETRYING").await;
    let pause = moment(&job["nextRunAt"]).duration_since(moment(&job["attempts"][0]["endedAt"]));
    assert!((299..301).contains(&pause.as_secs()), "{job}");
    assert_eq!(
        (&job["failures"], &job["error"]),
        (&json!(1), &json!("timed out after 0.05 s"))
    );
}

#[tokio::test]
async fn without_another_word_a_job_has_several_attempts_and_a_client_may_want_one_only() {
    let observatory = SHARED.get().await;
    let job = json!({"type": "sleep", "payload": {"ms": 60_000}, "timeoutSeconds": 0.05});
    let id = observatory.submit(&job).await;
    observatory.wait_for_status(&id, "RETRYING").await;

    let mut once = job;
    once["retry"] = json!({"maxAttempts": 1});
    let once = observatory.run(&once).await;
    assert_eq!((&once["status"], &once["attempt"]), (&json!("FAILED"), &json!(1)));
}

#[tokio::test]
async fn failed_and_retried_jobs_are_counted_as_such() {
    let observatory = SHARED.get().await;
    let before = observatory.read_model.get("/stats").await.json();
    let retry = json!({"maxAttempts": 2, "initialDelay": 0, "jitter": 0});
    let job = json!({"type": "sleep", "payload": {"ms": 60_000}, "timeoutSeconds": 0.05, "retry": retry});
    observatory.run(&job).await;
    let grown = |stats: &Value, name: &str| stats[name].as_u64() > before[name].as_u64();
    observatory
        .wait_for_stats("the failure to be counted", |stats| {
            grown(stats, "failedJobs") && grown(stats, "retries") && grown(stats, "totalJobs")
        })
        .await;
}
