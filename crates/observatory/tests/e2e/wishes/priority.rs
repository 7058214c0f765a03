//! Which of the waiting jobs go first.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::common::{Observatory, Site, moment, text};

/// How many jobs there are of each priority: more than a worker takes ahead.
const EACH: usize = 40;

/// When the jobs of one priority started.
async fn starts(observatory: &Observatory, priority: &str) -> Vec<Timestamp> {
    let mut starts = Vec::new();
    for job in observatory.find(&format!("priority:{priority} tag:race")).await {
        let done = observatory.wait_for_status(text(&job["id"]), "COMPLETED").await;
        starts.push(moment(&done["attempts"][0]["startedAt"]));
    }
    starts.sort_unstable();
    assert_eq!(starts.len(), EACH, "{priority}");
    starts
}

/// With one worker that is busy while all of them arrive, those that arrived last go first.
#[tokio::test]
async fn under_a_saturated_worker_higher_priorities_go_first_and_lower_ones_still_go() {
    let observatory = Site::new().start(&["--concurrency", "1"]).await;
    let blocker = observatory
        .submit(&json!({"type": "sleep", "payload": {"ms": 60_000}}))
        .await;
    observatory.wait_for_status(&blocker, "EXECUTING").await;
    let jobs: Vec<Value> = ["low", "normal", "high"]
        .into_iter()
        .flat_map(|priority| {
            let job = json!({"type": "sleep", "payload": {"ms": 5}, "priority": priority, "tags": ["race"]});
            std::iter::repeat_n(job, EACH)
        })
        .collect();
    let answer = observatory.gateway.post("/jobs/batch", &json!(jobs)).await.json();
    assert_eq!(answer["accepted"], EACH * 3, "{answer}");
    observatory
        .wait_for_jobs("tag:race state:pending", EACH * 3)
        .await;
    let cancel = format!("/jobs/{blocker}/cancel");
    assert_eq!(observatory.gateway.ask("POST", &cancel).await.status, 202);

    let (high, normal, low) = (
        starts(&observatory, "high").await,
        starts(&observatory, "normal").await,
        starts(&observatory, "low").await,
    );
    let middle = EACH / 2;
    assert!(high[middle] < normal[middle], "{high:?} {normal:?}");
    assert!(normal[middle] < low[middle], "{normal:?} {low:?}");
    assert!(high[EACH - 1] < low[EACH - 1], "{high:?} {low:?}");
}

#[tokio::test]
async fn a_priority_that_is_none_is_refused() {
    let observatory = super::SHARED.get().await;
    let job = json!({"type": "echo", "priority": "urgent"});
    let answer = observatory.gateway.post("/jobs", &job).await;
    assert_eq!(
        (answer.status, &answer.json()["details"][0]["path"]),
        (400, &json!("/priority"))
    );
}
