//! One way through the whole system.

use serde_json::{Value, json};

use crate::system::{Servers, System, post};

#[tokio::test]
async fn a_job_goes_through_all_five_processes() {
    let servers = Servers::start().await;
    let system = System::start(&servers, 1).await;

    // Through the page, as its visitors do.
    let job = json!({"type": "echo", "payload": {"hello": "world"}});
    let (status, text) = post(&system.web_ui.url("/gateway/jobs"), &job).await;
    assert_eq!(status, 202, "{text}");
    let accepted: Value = serde_json::from_str(&text).unwrap();
    let id = accepted["jobId"].as_str().unwrap();
    let done = system.wait_until_completed(id).await;
    assert_eq!(done["result"], json!({"hello": "world"}));

    let events = system
        .wait_for(&format!("/events?jobId={id}"), |events| {
            events.as_array().is_some_and(|events| events.len() == 3)
        })
        .await;
    let mut types: Vec<&str> = events
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|event| event["eventType"].as_str())
        .collect();
    types.sort_unstable();
    assert_eq!(types, ["job.completed", "job.created", "job.executed"]);
    let counted =
        |stats: &Value| stats["totalJobs"] == 1 && stats["completedJobs"] == 1 && stats["failedJobs"] == 0;
    system.wait_for("/stats", counted).await;
    let through_the_page = system.web_ui.get("/api/stats").await.unwrap();
    assert!(
        through_the_page.1.contains("\"completedJobs\":1"),
        "{through_the_page:?}"
    );

    let metrics = [
        (
            &system.gateway,
            "gateway_jobs_accepted_total{service=\"gateway\"} 1",
        ),
        (
            &system.processors[0],
            "processor_jobs_completed_total{service=\"processor\"} 1",
        ),
        (
            &system.metrics_engine,
            "metrics_engine_events_applied_total{service=\"metrics-engine\"} 3",
        ),
    ];
    for (role, metric) in metrics {
        let (_, text) = role.get("/metrics").await.unwrap();
        assert!(text.contains(metric), "no {metric} in {text}");
    }
    system.stop().await;
}
