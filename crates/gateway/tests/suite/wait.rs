//! Clients that wait for the end of their job.

use std::sync::Arc;
use std::time::Duration;

use contracts::JobStatus;
use gateway::GatewayConfig;
use serde_json::json;
use tokio::time::Instant;

use super::stubs::{StoreMood, StubJob, away};
use super::support::{Answer, App, id};

const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

async fn submit(app: &App, query: &str) -> Answer {
    let job = json!({"id": id(1), "type": "echo"}).to_string();
    app.post_to(&format!("/jobs{query}"), &JSON, job).await
}

/// The job is seen as EXECUTING for so many looks and as `end` after them.
fn runs_for(app: &App, looks: usize, end: StubJob) {
    app.jobs.with(|held| {
        held.jobs.push(StubJob::new(id(1), JobStatus::Executing));
        held.ends = Some((looks, end));
    });
}

fn completed() -> StubJob {
    StubJob {
        result: Some(r#"{"hello": [1.0]}"#.to_owned()),
        ..StubJob::new(id(1), JobStatus::Completed)
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_that_ends_in_time_is_answered_with_its_result() {
    let app = App::new();
    runs_for(&app, 3, completed());
    let started = Instant::now();
    let answer = submit(&app, "?wait=5s").await;
    assert_eq!(answer.status, 200);
    let body = answer.json();
    assert_eq!(
        (&body["jobId"], &body["status"]),
        (&json!(id(1)), &json!("COMPLETED"))
    );
    assert_eq!(
        (&body["result"], &body["error"]),
        (&json!({"hello": [1.0]}), &json!(null))
    );
    assert!(body["eventId"].is_string());
    assert!(
        started.elapsed() < Duration::from_millis(50),
        "pauses are short at first"
    );
}

#[tokio::test(start_paused = true)]
async fn a_job_that_fails_in_time_is_answered_with_its_error() {
    let app = App::new();
    let failed = StubJob {
        error: Some("boom".to_owned()),
        ..StubJob::new(id(1), JobStatus::Failed)
    };
    runs_for(&app, 0, failed);
    let body = submit(&app, "?wait=1s").await.json();
    assert_eq!(
        (&body["status"], &body["result"], &body["error"]),
        (&json!("FAILED"), &json!(null), &json!("boom"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_job_that_does_not_end_in_time_is_answered_with_its_state() {
    let app = App::new();
    runs_for(&app, usize::MAX, completed());
    let started = Instant::now();
    let answer = submit(&app, "?wait=3s").await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["status"]),
        (202, &json!("EXECUTING"))
    );
    assert_eq!(started.elapsed(), Duration::from_secs(3));
    let looks = app.jobs.desk.count("job ");
    assert!((30..100).contains(&looks), "{looks} looks");
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_away_makes_it_a_plain_202_in_time() {
    for mood in [StoreMood::Hangs, StoreMood::Fails(away())] {
        let app = App::new();
        app.jobs.desk.set(mood);
        let started = Instant::now();
        let answer = submit(&app, "?wait=3s").await;
        assert_eq!(answer.status, 202);
        contracts::validator().job_accepted(&answer.json()).unwrap();
        assert!(started.elapsed() <= Duration::from_secs(3));
    }
}

#[tokio::test(start_paused = true)]
async fn a_store_that_comes_back_ends_the_wait() {
    let app = Arc::new(App::new());
    app.jobs.desk.set(StoreMood::Hangs);
    let waiting = tokio::spawn({
        let app = Arc::clone(&app);
        async move { submit(&app, "?wait=10s").await }
    });
    tokio::time::sleep(Duration::from_secs(1)).await;
    runs_for(&app, 0, completed());
    app.jobs.desk.set(StoreMood::Fine);
    assert_eq!(waiting.await.unwrap().json()["status"], "COMPLETED");
}

#[tokio::test(start_paused = true)]
async fn those_beyond_the_most_who_may_wait_are_answered_at_once() {
    let app = Arc::new(App::with(GatewayConfig {
        max_waiters: 1,
        ..GatewayConfig::default()
    }));
    let waiting = tokio::spawn({
        let app = Arc::clone(&app);
        async move { submit(&app, "?wait=30s").await }
    });
    while app.jobs.desk.calls().is_empty() {
        tokio::task::yield_now().await;
    }
    let started = Instant::now();
    let answer = submit(&app, "?wait=30s").await;
    assert_eq!((answer.status.as_u16(), started.elapsed()), (202, Duration::ZERO));
    assert_eq!(waiting.await.unwrap().status, 202);
}

#[tokio::test(start_paused = true)]
async fn who_waits_holds_no_memory_of_the_body() {
    let app = Arc::new(App::with(GatewayConfig {
        body_budget: 4 * 1024,
        ..GatewayConfig::default()
    }));
    let large = json!({"type": "echo", "payload": {"text": "x".repeat(3000)}}).to_string();
    let waiting = tokio::spawn({
        let (app, large) = (Arc::clone(&app), large.clone());
        async move { app.post_to("/jobs?wait=30s", &JSON, large).await }
    });
    while app.jobs.desk.calls().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(app.post(large).await.status, 202);
    assert!(!waiting.is_finished());
    waiting.abort();
}

#[tokio::test]
async fn a_wait_that_is_none_is_refused() {
    let app = App::new();
    for (query, words) in [
        ("?wait=31s", "at most 30s"),
        ("?wait=5", "no unit"),
        ("?wait=soon", "span of time"),
        ("?wait=1s&wait=2s", "once"),
        ("?wiat=5s", "no parameter"),
    ] {
        let problem = submit(&app, query).await.problem(400);
        assert!(problem["detail"].as_str().unwrap().contains(words), "{problem}");
    }
    assert_eq!(app.bus.publications(), 0);
}
