//! `observatory rebuild`.

use serde_json::{Value, json};

use crate::common::{Observatory, Site};

/// What is counted, without what goes with the time.
async fn counters(observatory: &Observatory) -> Value {
    let mut stats = observatory.read_model.get("/stats").await.json();
    for changing in ["jobsPerSecond", "queues", "degraded"] {
        stats.as_object_mut().unwrap().remove(changing);
    }
    stats
}

/// Jobs of every sort of end, revived and withdrawn ones among them.
async fn lives(observatory: &Observatory) {
    for _ in 0..5 {
        observatory.run(&json!({"type": "echo"})).await;
    }
    let failed = observatory.submit(&json!({"type": "nobody-handles-this"})).await;
    observatory.wait_for_status(&failed, "FAILED").await;
    let retry = format!("/jobs/{failed}/retry");
    assert_eq!(observatory.gateway.ask("POST", &retry).await.status, 202);
    observatory.wait_for_status(&failed, "FAILED").await;
    let later = observatory.submit(&json!({"type": "echo", "delay": "1h"})).await;
    observatory.wait_for_status(&later, "SCHEDULED").await;
    let runs = observatory
        .submit(&json!({"type": "sleep", "payload": {"ms": 60_000}}))
        .await;
    observatory.wait_for_status(&runs, "EXECUTING").await;
    for id in [later, runs] {
        observatory
            .gateway
            .ask("POST", &format!("/jobs/{id}/cancel"))
            .await;
        observatory.wait_for_status(&id, "CANCELLED").await;
    }
    let counted = |stats: &Value| stats["cancelledJobs"] == 2 && stats["failedJobs"] == 2;
    observatory.wait_for_stats("all of it", counted).await;
}

#[tokio::test]
async fn counters_and_events_are_the_same_after_a_rebuild() {
    let observatory = Site::new().start(&[]).await;
    lives(&observatory).await;
    let before = counters(&observatory).await;
    assert_eq!(
        (&before["executingJobs"], &before["pendingJobs"]),
        (&json!(0), &json!(0))
    );
    observatory
        .command(&["rebuild", "live-stats"])
        .await
        .assert(0, &["live-stats rebuilt: 8 jobs, "]);
    assert_eq!(counters(&observatory).await, before);
    observatory
        .command(&["rebuild", "event-log"])
        .await
        .assert(0, &["event-log rebuilt: 8 jobs, 0 new events"]);
    let told = observatory.command(&["rebuild", "event-log", "--json"]).await;
    assert_eq!(told.json_lines()[0]["jobs"], 8);
}

/// Submitting goes on all the time; in the end every event is counted once.
#[tokio::test]
async fn a_rebuild_while_jobs_run_loses_and_doubles_nothing() {
    const BATCHES: usize = 20;
    const EACH: usize = 100;
    let observatory = Site::new().start(&[]).await;
    let submit = async {
        for _ in 0..BATCHES {
            let jobs: Vec<Value> = (0..EACH).map(|_| json!({"type": "echo"})).collect();
            let answer = observatory.gateway.post("/jobs/batch", &json!(jobs)).await.json();
            assert_eq!(answer["accepted"], EACH, "{answer}");
        }
    };
    let rebuild = async {
        for _ in 0..3 {
            observatory
                .command(&["rebuild", "live-stats"])
                .await
                .assert(0, &["rebuilt"]);
        }
    };
    tokio::join!(submit, rebuild);
    let all =
        |stats: &Value| stats["totalJobs"] == BATCHES * EACH && stats["completedJobs"] == BATCHES * EACH;
    observatory.wait_for_stats("every job once", all).await;
    observatory
        .command(&["rebuild", "live-stats"])
        .await
        .assert(0, &["2000 jobs, 6000 new events"]);
    assert!(all(&counters(&observatory).await));
}

#[tokio::test]
async fn what_cannot_be_rebuilt_is_told() {
    let observatory = super::SHARED.get().await;
    observatory
        .command(&["rebuild", "jobs"])
        .await
        .assert(2, &["live-stats", "event-log"]);
    let answer = observatory.metrics.ask("POST", "/rebuild/jobs").await;
    assert_eq!(answer.status, 404, "{:?}", answer.body);
    let nobody = ["rebuild", "live-stats", "--metrics-engine", "http://localhost:1"];
    observatory
        .command(&nobody)
        .await
        .assert(2, &["http://localhost:1"]);
}
