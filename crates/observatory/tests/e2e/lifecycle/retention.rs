//! What is kept, and for how long.

use serde_json::{Value, json};
use testkit::wait_until;

use crate::common::{Observatory, PATIENCE, Site};

async fn stop(mut observatory: Observatory) {
    observatory.process.signal("TERM");
    assert_eq!(observatory.process.exit_code(PATIENCE).await, 0);
}

async fn is_empty(observatory: &Observatory, path: &str) -> bool {
    let answer = observatory.read_model.get(path).await.json();
    let list = if answer.is_array() {
        &answer
    } else {
        &answer["items"]
    };
    list.as_array().is_some_and(Vec::is_empty)
}

#[tokio::test]
async fn ended_jobs_and_their_events_go_when_their_time_is_over_and_the_totals_stay() {
    let site = Site::new();
    let observatory = site.start(&[]).await;
    for _ in 0..3 {
        observatory.echoes("nothing").await;
    }
    let waiting = json!({"type": "sleep", "payload": {"ms": 60_000}, "timeoutSeconds": 0.05, "retry": {"initialDelay": 300}});
    let waiting = observatory.submit(&waiting).await;
    observatory.wait_for_status(&waiting, "RETRYING").await;
    let counted =
        |stats: &Value| stats["totalJobs"] == 4 && stats["completedJobs"] == 3 && stats["retries"] == 1;
    observatory.wait_for_stats("all to be counted", counted).await;
    stop(observatory).await;

    let kept = site.start(&["--retention", "1h"]).await;
    let jobs = kept.read_model.get("/jobs").await.json();
    assert_eq!(jobs["items"].as_array().unwrap().len(), 4);
    stop(kept).await;

    let short = site.start(&["--retention", "1ms"]).await;
    wait_until(PATIENCE, "old events to go", || is_empty(&short, "/events")).await;
    wait_until(PATIENCE, "ended jobs to go", || {
        is_empty(&short, "/jobs?state=COMPLETED")
    })
    .await;
    let job = short.job(&waiting).await.expect("a job that has not ended stays");
    assert_eq!(job["status"], "RETRYING", "{job}");
    short.wait_for_stats("the totals", counted).await;
}
