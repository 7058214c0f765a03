//! A bus that is full, away or silent: 503 in bounded time, never a hang, never a false 202.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use futures::stream;
use gateway::GatewayConfig;
use http::Request;
use ports::BusError;
use serde_json::Value;
use tokio::time::Instant;

use super::support::{Answer, App, Mood};

const JOB: &str = r#"{"type":"echo"}"#;

fn unavailable(answer: &Answer) -> Value {
    assert_eq!(answer.headers["retry-after"], "1");
    let problem = answer.problem(503);
    assert_eq!(problem["error"], "Failed to submit job");
    problem
}

#[tokio::test]
async fn a_full_bus_is_a_503_that_says_so() {
    let app = App::new();
    app.bus
        .set(Mood::Fails(BusError::Full("1000000 messages".into())));
    assert_eq!(unavailable(&app.post(JOB).await)["title"], "Bus full");
    assert_eq!(
        app.metric("gateway_jobs_rejected_total{reason=\"bus-full\"")
            .await,
        Some(1.0)
    );
    assert_eq!(app.metric("gateway_jobs_accepted_total").await, Some(0.0));
}

#[tokio::test]
async fn a_bus_that_is_away_is_a_503_without_the_drivers_words() {
    let app = App::new();
    app.bus.set(Mood::Fails(BusError::Unavailable(
        "amqp://user:password@broker refused".into(),
    )));
    let answer = app.post(JOB).await;
    unavailable(&answer);
    assert!(!answer.text().contains("password"), "{}", answer.text());
    app.bus.set(Mood::Fine);
    assert_eq!(app.post(JOB).await.status, 202);
}

#[tokio::test(start_paused = true)]
async fn a_bus_that_hangs_is_a_503_after_the_limit() {
    let app = App::new();
    app.bus.set(Mood::Hangs);
    let started = Instant::now();
    let problem = unavailable(&app.post(JOB).await);
    assert_eq!(problem["title"], "Bus time-out");
    assert_eq!(started.elapsed().as_secs(), 2);
}

#[tokio::test(start_paused = true)]
async fn requests_beyond_the_most_that_may_wait_are_answered_at_once() {
    let app = Arc::new(App::with(GatewayConfig {
        max_waiting: 2,
        ..GatewayConfig::default()
    }));
    app.bus.set(Mood::Hangs);
    let started = Instant::now();
    let posts: Vec<_> = (0..3)
        .map(|_| {
            let app = Arc::clone(&app);
            tokio::spawn(async move { (app.post(JOB).await, Instant::now()) })
        })
        .collect();
    let mut titles = Vec::new();
    for post in posts {
        let (answer, at) = post.await.unwrap();
        titles.push((
            unavailable(&answer)["title"].as_str().unwrap().to_owned(),
            (at - started).as_secs(),
        ));
    }
    titles.sort();
    let timed_out = ("Bus time-out".to_owned(), 2);
    assert_eq!(
        titles,
        [timed_out.clone(), timed_out, ("Overloaded".to_owned(), 0)]
    );
}

#[tokio::test(start_paused = true)]
async fn bodies_beyond_the_memory_budget_are_refused_and_it_is_given_back() {
    let app = Arc::new(App::with(GatewayConfig {
        body_budget: 4 * 1024,
        ..GatewayConfig::default()
    }));
    let large = format!(
        "{{\"type\":\"echo\",\"payload\":{{\"x\":\"{}\"}}}}",
        "y".repeat(3000)
    );
    app.bus.set(Mood::Hangs);
    let waiting = tokio::spawn({
        let (app, large) = (Arc::clone(&app), large.clone());
        async move { app.post(large).await }
    });
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(unavailable(&app.post(large.clone()).await)["title"], "Overloaded");
    unavailable(&waiting.await.unwrap());
    app.bus.set(Mood::Fine);
    assert_eq!(app.post(large).await.status, 202);
}

#[tokio::test(start_paused = true)]
async fn a_large_body_that_is_announced_and_not_sent_takes_no_memory() {
    let app = Arc::new(App::with(GatewayConfig {
        body_budget: 4 * 1024,
        ..GatewayConfig::default()
    }));
    let stalled: Vec<_> = (0..10)
        .map(|_| {
            let app = Arc::clone(&app);
            let silent = Body::from_stream(stream::pending::<Result<Vec<u8>, std::io::Error>>());
            let request = Request::post("/jobs")
                .header("content-type", "application/json")
                .header("content-length", 1_000_000);
            tokio::spawn(async move { app.send(request.body(silent).unwrap()).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(app.post(JOB).await.status, 202);
    for request in stalled {
        request.await.unwrap().problem(408);
    }
}
