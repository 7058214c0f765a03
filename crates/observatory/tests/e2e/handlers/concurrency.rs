//! How many jobs run at once.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::common::{Observatory, Site, text};

/// When the only attempt of a job began and ended.
async fn span(observatory: &Observatory, id: &str) -> (Timestamp, Timestamp) {
    let job = observatory.wait_for_status(id, "COMPLETED").await;
    let moment = |name: &str| text(&job["attempts"][0][name]).parse().unwrap();
    (moment("startedAt"), moment("endedAt"))
}

async fn most_at_once(observatory: &Observatory, jobs: usize) -> usize {
    let jobs = vec![json!({"type": "sleep", "payload": {"ms": 100}}); jobs];
    let answer = observatory.gateway.post("/jobs/batch", &json!(jobs)).await.json();
    let mut spans = Vec::new();
    for item in answer["items"].as_array().map(Vec::as_slice).unwrap_or_default() {
        spans.push(span(observatory, text(&item["jobId"])).await);
    }
    let running = |at: Timestamp| spans.iter().filter(|(from, to)| *from <= at && at < *to).count();
    spans
        .iter()
        .map(|(from, _)| running(*from))
        .max()
        .unwrap_or_default()
}

#[tokio::test]
async fn no_more_jobs_run_at_once_than_allowed() {
    let observatory = Site::new().start(&["--concurrency", "2"]).await;
    assert_eq!(most_at_once(&observatory, 8).await, 2);
}

#[tokio::test]
async fn many_jobs_run_at_once_by_default() {
    let observatory = super::SHARED.get().await;
    assert!(most_at_once(&observatory, 50).await > 25);
}

/// Jobs that wait are seen waiting, before any worker has taken them.
#[tokio::test]
async fn a_job_that_waits_for_a_worker_is_seen_waiting() {
    let observatory = Site::new().start(&["--concurrency", "1"]).await;
    let first = observatory
        .submit(&json!({"type": "sleep", "payload": {"ms": 1500}}))
        .await;
    observatory.wait_for_status(&first, "EXECUTING").await;
    let second = observatory.submit(&json!({"type": "echo"})).await;
    let waiting = observatory.wait_for_status(&second, "PENDING").await;
    assert_eq!(
        (&waiting["attempt"], &waiting["attempts"]),
        (&json!(0), &json!([])),
        "{waiting}"
    );
    let one = |stats: &Value| stats["pendingJobs"] == 1 && stats["executingJobs"] == 1;
    observatory
        .wait_for_stats("one that runs and one that waits", one)
        .await;
    assert_eq!(observatory.wait_for_end(&second).await["status"], "COMPLETED");
}
