//! The steps of the published integration gate and harness, as requests.

use std::collections::BTreeSet;

use contracts::validator;
use serde_json::{Value, json};

use super::{published_job, words};
use crate::common::{Observatory, Site, count, metric, text};

/// One observatory of its own, so that the numbers are those of the gate's jobs alone.
#[tokio::test]
async fn the_steps_of_the_published_gate_pass() {
    let observatory = Site::new().start(&[]).await;
    health(&observatory).await;
    let jobs: Vec<Value> = (1..=3).map(|n| published_job("echo", &json!({"n": n}))).collect();
    for job in &jobs {
        accept(&observatory, job).await;
    }
    for job in &jobs {
        observatory.wait_for_status(text(&job["id"]), "COMPLETED").await;
    }
    recent(&observatory, &jobs).await;
    events(&observatory, &jobs).await;
    let stats = observatory
        .wait_for_stats("three jobs to be counted", |stats| {
            count(&stats["completedJobs"]) == 3
        })
        .await;
    assert_eq!((count(&stats["totalJobs"]), count(&stats["failedJobs"])), (3, 0));
    metrics(&observatory).await;
}

async fn health(observatory: &Observatory) {
    for path in ["/healthz", "/readyz"] {
        let answer = observatory.gateway.get(path).await;
        assert_eq!(
            (answer.status, &answer.json()["status"]),
            (200, &json!("ok")),
            "{path}"
        );
        assert!(!text(&answer.json()["version"]).is_empty(), "{path}");
    }
    for path in ["/health", "/healthz", "/readyz"] {
        let answer = observatory.read_model.get(path).await;
        assert_eq!(
            (answer.status, &answer.json()["status"]),
            (200, &json!("ok")),
            "{path}"
        );
        assert!(!text(&answer.json()["version"]).is_empty(), "{path}");
    }
}

async fn accept(observatory: &Observatory, job: &Value) {
    let answer = observatory.gateway.post("/jobs", job).await;
    assert_eq!(answer.status, 202, "{:?}", answer.body);
    let accepted = answer.json();
    validator()
        .job_accepted(&accepted)
        .unwrap_or_else(|violations| panic!("{}", words(&violations)));
    assert_eq!(accepted["jobId"], job["id"]);
}

/// A list of objects that have the published members, with the published types.
async fn recent(observatory: &Observatory, jobs: &[Value]) {
    let recent = observatory.read_model.get("/jobs/recent").await.json();
    let recent = recent.as_array().expect("a bare array");
    assert!(recent.len() <= 10, "{}", recent.len());
    for job in jobs {
        let listed = recent
            .iter()
            .find(|listed| listed["id"] == job["id"])
            .expect("it is listed");
        assert_eq!(
            (&listed["type"], &listed["status"]),
            (&job["type"], &json!("COMPLETED"))
        );
        assert_eq!(listed["createdAt"], job["createdAt"]);
    }
}

async fn events(observatory: &Observatory, jobs: &[Value]) {
    let life = ["job.created", "job.executed", "job.completed"];
    for job in jobs {
        observatory.wait_for_events(text(&job["id"]), &life).await;
    }
    let answer = observatory.read_model.get("/events").await;
    let events = answer.json();
    let events = events.as_array().expect("a bare array");
    assert_eq!(events.len(), jobs.len() * life.len());
    for job in jobs {
        assert!(answer.text().contains(text(&job["id"])), "{}", answer.text());
    }
    let ids: BTreeSet<_> = events.iter().map(|event| text(&event["eventId"])).collect();
    assert_eq!(ids.len(), events.len(), "an event is there twice");
    for event in events {
        let checked = validator().event(event);
        checked.unwrap_or_else(|violations| panic!("{event}: {}", words(&violations)));
    }
}

async fn metrics(observatory: &Observatory) {
    let gateway = observatory.gateway.get("/metrics").await;
    assert!(gateway.header("content-type").starts_with("text/plain"));
    for name in ["gateway_jobs_submitted_total", "gateway_jobs_accepted_total"] {
        assert_eq!(metric(gateway.text(), name), Some(3.0), "{name}");
    }
    assert!(gateway.text().contains("type=\"echo\""));

    let processor = observatory.metrics.get("/metrics").await;
    assert!(processor.header("content-type").starts_with("text/plain"));
    for (name, value) in [
        ("processor_jobs_processed_total", 3.0),
        ("processor_jobs_completed_total", 3.0),
        ("processor_jobs_failed_total", 0.0),
        ("processor_jobs_validation_failed_total", 0.0),
        ("processor_job_processing_seconds_count", 3.0),
    ] {
        assert_eq!(metric(processor.text(), name), Some(value), "{name}");
    }
    for name in [
        "processor_job_processing_seconds_bucket",
        "processor_job_processing_seconds_sum",
    ] {
        assert!(metric(processor.text(), name).is_some(), "{name}");
    }
}
