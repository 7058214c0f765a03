//! A store that is away: its questions get a 503 that names it, all others their answers.

use std::sync::Arc;

use ports::StoreError;
use read_model::ReadModelConfig;
use serde_json::json;
use tokio::time::Instant;

use super::stubs::{Mood, World};
use super::support::{Answer, App, id};

fn degraded(answer: &Answer, part: &str) {
    assert_eq!(answer.headers["retry-after"], "1");
    let problem = answer.problem(503);
    assert_eq!(problem["degraded"], json!([part]));
    assert!(problem["detail"].as_str().unwrap().contains(part), "{problem}");
    assert!(!answer.text().contains("secret"), "{}", answer.text());
}

fn questions() -> [(&'static str, &'static str); 14] {
    [
        ("/stats", "live stats"),
        ("/stats/history", "live stats"),
        ("/jobs/recent", "job store"),
        ("/jobs", "job store"),
        ("/jobs/0191d2a0-7c1e-7000-8000-000000000001", "job store"),
        ("/jobs/0191d2a0-7c1e-7000-8000-000000000001/events", "job store"),
        ("/jobs/0191d2a0-7c1e-7000-8000-000000000001/timeline", "job store"),
        ("/schedules", "job store"),
        ("/schedules/nightly", "job store"),
        ("/limits", "job store"),
        ("/errors", "live stats"),
        ("/events", "event log"),
        ("/dead-letters", "event log"),
        ("/dead-letters/0191d2a0-7c1e-7000-8000-000000000001", "event log"),
    ]
}

fn world<'app>(app: &'app App, part: &str) -> &'app Arc<World> {
    match part {
        "job store" => &app.jobs,
        "event log" => &app.events,
        _ => &app.stats,
    }
}

#[tokio::test]
async fn only_the_questions_to_the_part_that_is_away_fail() {
    for away in ["job store", "event log", "live stats"] {
        let app = App::new();
        world(&app, away).goes_away();
        for (path, part) in questions() {
            let answer = app.get(path).await;
            if part == away {
                degraded(&answer, part);
            } else {
                assert!(
                    answer.status == 200 || answer.status == 404,
                    "{path}: {}",
                    answer.text()
                );
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_part_that_hangs_is_given_up_after_two_seconds() {
    for (path, part) in questions() {
        let app = App::new();
        world(&app, part).set(Mood::Hangs);
        let started = Instant::now();
        degraded(&app.get(path).await, part);
        assert_eq!(started.elapsed().as_secs(), 2, "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn questions_beyond_the_most_are_answered_at_once() {
    let app = Arc::new(App::with(ReadModelConfig {
        max_questions: 1,
        ..ReadModelConfig::default()
    }));
    app.jobs.set(Mood::Hangs);
    let waiting = tokio::spawn({
        let app = Arc::clone(&app);
        async move { app.get("/jobs").await }
    });
    while app.jobs.asked.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    let started = Instant::now();
    degraded(&app.get("/events").await, "event log");
    assert!(started.elapsed().is_zero());
    degraded(&waiting.await.unwrap(), "job store");
    app.get("/events").await.good();
}

#[tokio::test]
async fn a_value_that_the_store_refuses_is_the_clients_mistake() {
    let app = App::new();
    app.jobs.set(Mood::Fails(StoreError::Refused(
        "secret words of a driver".into(),
    )));
    let answer = app.get("/jobs?cursor=zzz").await;
    answer.problem(400);
    assert!(!answer.text().contains("secret"));
    app.jobs.set(Mood::Fails(StoreError::Corrupt(
        "secret words of a driver".into(),
    )));
    app.get(&format!("/jobs/{}", id(1))).await.problem(500);
}
