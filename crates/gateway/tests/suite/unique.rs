//! One job under a key at a time.

use std::time::Duration;

use contracts::JobStatus;
use ports::BusError;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::stubs::{StoreMood, StubJob, away};
use super::support::{Answer, App, Mood, id};

fn job(key: &str) -> String {
    json!({"type": "echo", "uniqueKey": key}).to_string()
}

fn held(answer: &Answer, holder: &Value, key: &str) {
    let problem = answer.problem(409);
    assert!(problem["type"].as_str().unwrap().ends_with("/unique-key-held"));
    assert_eq!((&problem["jobId"], &problem["uniqueKey"]), (holder, &json!(key)));
    assert_eq!(problem["error"], "Failed to submit job");
}

#[tokio::test]
async fn a_key_is_reserved_for_half_a_minute_before_its_job_is_published() {
    let app = App::new();
    let accepted = app.post(job("invoice-1")).await;
    assert_eq!(accepted.status, 202, "{}", accepted.text());
    assert_eq!(app.jobs.desk.calls(), ["reserve 1"]);
    let (holder, until) = app.jobs.with(|held| held.keys["invoice-1"]);
    assert_eq!(accepted.json()["jobId"], holder.to_string());
    assert_eq!(until.to_string(), "2026-01-02T03:04:35Z");
}

#[tokio::test]
async fn the_answer_to_a_duplicate_names_the_holder() {
    let app = App::new();
    let first = app.post(job("invoice-1")).await.json();
    held(&app.post(job("invoice-1")).await, &first["jobId"], "invoice-1");
    assert_eq!(app.post(job("invoice-2")).await.status, 202);
    assert_eq!(app.bus.publications(), 2);
    let refused = "gateway_jobs_rejected_total{reason=\"unique-key-held\"";
    assert_eq!(app.metric(refused).await, Some(1.0));
}

#[tokio::test]
async fn a_job_is_no_conflict_with_itself() {
    let app = App::new();
    let key = [("idempotency-key", "order-4711")];
    let first = app.post_with(&key, job("a")).await;
    let second = app.post_with(&key, job("a")).await;
    assert_eq!((first.status, first.json()), (second.status, second.json()));

    let named = json!({"id": id(7), "type": "echo", "uniqueKey": "b"}).to_string();
    assert_eq!(app.post(named.clone()).await.status, 202);
    assert_eq!(app.post(named).await.status, 202);
}

#[tokio::test]
async fn a_job_that_was_accepted_before_is_so_again_whoever_holds_the_key_by_now() {
    let app = App::new();
    let named = json!({"id": id(7), "type": "echo", "uniqueKey": "a"}).to_string();
    let until = "2027-01-01T00:00:00Z".parse().unwrap();
    app.jobs.with(|held| {
        held.keys.insert("a".to_owned(), (id(8), until));
        held.jobs.push(StubJob::new(id(7), JobStatus::Completed));
    });
    assert_eq!(app.post(named).await.json()["jobId"], id(7).to_string());
    held(&app.post(job("a")).await, &json!(id(8)), "a");
}

#[tokio::test]
async fn a_job_that_is_submitted_once_more_after_its_end_does_not_hold_its_key() {
    let app = App::new();
    let named = json!({"id": id(7), "type": "echo", "uniqueKey": "a"}).to_string();
    app.jobs
        .with(|held| held.jobs.push(StubJob::new(id(7), JobStatus::Completed)));
    assert_eq!(app.post(named).await.status, 202);
    let next = app.post(job("a")).await;
    assert_eq!(next.status, 202, "{}", next.text());
    held(&app.post(job("a")).await, &next.json()["jobId"], "a");
}

#[tokio::test]
async fn without_a_key_only_the_bus_is_needed() {
    for mood in [StoreMood::Hangs, StoreMood::Fails(away())] {
        let app = App::new();
        app.jobs.desk.set(mood.clone());
        app.events.desk.set(mood);
        assert_eq!(app.post(r#"{"type":"echo"}"#).await.status, 202);
        let later = json!({"type": "echo", "delay": "5m", "priority": "low"});
        assert_eq!(app.post(later.to_string()).await.status, 202);
        assert!(app.jobs.desk.calls().is_empty() && app.events.desk.calls().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn with_a_key_a_store_that_is_away_is_a_503_in_bounded_time() {
    for mood in [StoreMood::Hangs, StoreMood::Fails(away())] {
        let app = App::new();
        app.jobs.desk.set(mood);
        let started = Instant::now();
        let problem = app.post(job("a")).await.degraded("job store");
        assert_eq!(problem["error"], "Failed to submit job");
        assert!(started.elapsed() <= Duration::from_secs(2));
        assert_eq!(app.bus.publications(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_that_did_not_reach_the_bus_gives_its_key_up() {
    let app = App::new();
    for mood in [Mood::Fails(BusError::Full("full".into())), Mood::Hangs] {
        app.bus.set(mood);
        app.post(job("a")).await.problem(503);
    }
    app.bus.set(Mood::Fine);
    assert_eq!(app.post(job("a")).await.status, 202);
}
