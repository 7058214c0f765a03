//! Commands on one job.

use std::sync::Arc;
use std::time::Duration;

use contracts::JobStatus;
use serde_json::json;
use tokio::time::Instant;

use super::stubs::{StoreMood, StubJob, away};
use super::support::{App, id};

/// An app whose store has this one job.
fn app_with(status: JobStatus) -> App {
    let app = App::new();
    app.jobs.with(|held| held.jobs.push(StubJob::new(id(1), status)));
    app
}

fn path(command: &str) -> String {
    format!("/jobs/{}{command}", id(1))
}

#[tokio::test]
async fn a_job_that_waits_is_cancelled_at_once() {
    for status in [JobStatus::Pending, JobStatus::Scheduled, JobStatus::Retrying] {
        let app = app_with(status);
        let answer = app.call("POST", &path("/cancel")).await;
        let expected = json!({"jobId": id(1), "status": "CANCELLED"});
        assert_eq!((answer.status.as_u16(), answer.json()), (200, expected));
    }
}

#[tokio::test]
async fn the_worker_of_a_job_that_runs_is_asked_to_end_it() {
    let app = app_with(JobStatus::Executing);
    let answer = app.call("POST", &path("/cancel")).await;
    let expected = json!({"jobId": id(1), "status": "EXECUTING", "cancelling": true});
    assert_eq!((answer.status.as_u16(), answer.json()), (202, expected));
}

#[tokio::test]
async fn a_job_that_ended_without_a_result_begins_anew() {
    for status in [JobStatus::Failed, JobStatus::Cancelled, JobStatus::Quarantined] {
        let app = app_with(status);
        let answer = app.call("POST", &path("/retry")).await;
        let expected = json!({"jobId": id(1), "status": "RETRYING"});
        assert_eq!((answer.status.as_u16(), answer.json()), (202, expected));
    }
}

#[tokio::test]
async fn a_job_that_has_ended_is_forgotten() {
    let app = app_with(JobStatus::Completed);
    let answer = app.call("DELETE", &path("")).await;
    assert_eq!((answer.status.as_u16(), answer.text()), (204, String::new()));
}

#[tokio::test]
async fn a_state_that_does_not_allow_it_is_a_conflict_that_names_it() {
    for (method, command, status, words) in [
        ("POST", "/cancel", JobStatus::Failed, "has ended as FAILED"),
        ("POST", "/retry", JobStatus::Completed, "has its result"),
        (
            "POST",
            "/retry",
            JobStatus::Executing,
            "is EXECUTING and has not ended",
        ),
        ("DELETE", "", JobStatus::Pending, "cancel it first"),
    ] {
        let app = app_with(status);
        let problem = app.call(method, &path(command)).await.problem(409);
        assert!(
            problem["type"].as_str().unwrap().ends_with("/conflict"),
            "{problem}"
        );
        assert_eq!(
            (&problem["status"], &problem["jobStatus"]),
            (&json!(409), &json!(status.as_str()))
        );
        assert_eq!(problem["jobId"], json!(id(1)));
        assert!(problem["detail"].as_str().unwrap().contains(words), "{problem}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_job_is_a_404_after_a_second() {
    for (method, command) in [("POST", "/cancel"), ("POST", "/retry"), ("DELETE", "")] {
        let app = App::new();
        let started = Instant::now();
        let problem = app.call(method, &path(command)).await.problem(404);
        assert_eq!(problem["detail"], format!("no job has the id {}", id(1)));
        let took = started.elapsed().as_millis();
        assert!((1_000..=1_100).contains(&took), "{took} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_that_was_accepted_a_moment_ago_is_waited_for() {
    let app = app_with(JobStatus::Pending);
    app.jobs.with(|held| held.hidden_for = 5);
    assert_eq!(app.call("POST", &path("/cancel")).await.status, 200);
    assert_eq!(app.jobs.desk.count("Cancel"), 6);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_away_is_told_in_bounded_time() {
    for mood in [StoreMood::Hangs, StoreMood::Fails(away())] {
        for (method, command) in [("POST", "/cancel"), ("POST", "/retry"), ("DELETE", "")] {
            let app = app_with(JobStatus::Pending);
            app.jobs.desk.set(mood.clone());
            let started = Instant::now();
            app.call(method, &path(command)).await.degraded("job store");
            assert!(started.elapsed() <= Duration::from_secs(2));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn calls_beyond_the_most_are_answered_at_once() {
    let app = Arc::new(App::with(gateway::GatewayConfig {
        max_store_calls: 1,
        ..gateway::GatewayConfig::default()
    }));
    app.jobs.desk.set(StoreMood::Hangs);
    let waiting = tokio::spawn({
        let app = Arc::clone(&app);
        async move { app.call("POST", &path("/cancel")).await }
    });
    while app.jobs.desk.calls().is_empty() {
        tokio::task::yield_now().await;
    }
    let started = Instant::now();
    app.call("POST", &path("/retry")).await.degraded("job store");
    assert_eq!(started.elapsed(), Duration::ZERO);
    waiting.await.unwrap().degraded("job store");
}

#[tokio::test]
async fn what_is_no_id_is_refused() {
    let app = App::new();
    for (method, path) in [
        ("POST", "/jobs/42/cancel"),
        ("POST", "/jobs/0191d2a07c1e7000800000000000000a/retry"),
        ("DELETE", "/jobs/%ff"),
        ("DELETE", "/jobs/batch-1"),
    ] {
        let problem = app.call(method, path).await.problem(400);
        assert_eq!(problem["details"][0]["path"], "id", "{path}");
    }
    let problem = app.call("POST", &path("/cancel?force=true")).await.problem(400);
    assert!(problem["detail"].as_str().unwrap().contains("force"), "{problem}");
    assert!(app.jobs.desk.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn commands_are_counted_by_kind_and_outcome() {
    let app = app_with(JobStatus::Executing);
    app.call("POST", &path("/cancel")).await;
    app.call("POST", &path("/retry")).await;
    app.call("DELETE", &format!("/jobs/{}", id(9))).await;
    for (command, outcome) in [
        ("cancel", "requested"),
        ("retry", "conflict"),
        ("delete", "unknown"),
    ] {
        let name = format!("gateway_commands_total{{command=\"{command}\",outcome=\"{outcome}\"");
        assert_eq!(app.metric(&name).await, Some(1.0), "{name}");
    }
}
