//! Health, metrics, documentation, and pages of other origins.

use axum::body::Body;
use http::Request;
use ports::{LetterState, Queue, QueueDepth};
use serde_json::json;

use super::support::{App, letter};

#[tokio::test]
async fn health_is_honest_and_readiness_lenient() {
    let app = App::new();
    let ok = json!({"status": "ok", "version": service::VERSION});
    for path in ["/health", "/healthz", "/readyz", "/livez"] {
        assert_eq!(app.get(path).await.good(), ok, "{path}");
    }
    app.events.goes_away();
    for path in ["/health", "/healthz"] {
        let answer = app.get(path).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["status"]),
            (503, &json!("not_ready")),
            "{path}"
        );
        assert_eq!(answer.json()["parts"][0]["name"], "event log");
    }
    assert_eq!(app.get("/readyz").await.good(), ok);
    app.jobs.goes_away();
    app.stats.goes_away();
    assert_eq!(
        app.get("/readyz").await.json()["parts"].as_array().unwrap().len(),
        3
    );
    assert_eq!(app.get("/readyz").await.status, 503);
    assert_eq!(app.get("/livez").await.good(), ok);
}

#[tokio::test]
async fn metrics_tell_how_full_the_queues_are_and_nothing_stale() {
    let app = App::new();
    let depth = QueueDepth {
        queue: Queue::Work,
        ready: 12,
        unacknowledged: 3,
    };
    *app.bus.depths.lock().unwrap() = Some(vec![depth]);
    let text = app.get("/metrics").await.text();
    let line = text
        .lines()
        .find(|line| line.contains("state=\"ready\""))
        .unwrap();
    assert!(
        line.starts_with("observatory_queue_messages{queue=\"jobs.created\"") && line.ends_with(" 12"),
        "{line}"
    );
    *app.bus.depths.lock().unwrap() = None;
    assert!(!app.get("/metrics").await.text().contains("state=\"ready\""));
}

#[tokio::test]
async fn metrics_tell_how_many_dead_letters_are_open_and_nothing_stale() {
    let app = App::new();
    app.events
        .letters
        .lock()
        .unwrap()
        .extend([letter(1, LetterState::Open), letter(2, LetterState::Replayed)]);
    let metric = "read_model_dead_letters_open{service=\"read-model\"} 1";
    assert!(app.get("/metrics").await.text().contains(metric));
    app.events.goes_away();
    assert!(
        !app.get("/metrics")
            .await
            .text()
            .contains("\nread_model_dead_letters_open{")
    );
}

#[tokio::test]
async fn the_documentation_needs_no_other_host() {
    let app = App::new();
    let page = app.get("/docs/").await;
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("https://") && !page.text().contains("http://"));
    assert_eq!(app.get("/docs/swagger-ui-bundle.js").await.status, 200);
}

#[tokio::test]
async fn only_the_page_of_the_observatory_may_read() {
    let app = App::new();
    for (origin, allowed) in [("http://localhost:8081", true), ("http://evil.example", false)] {
        let request = Request::get("/jobs/recent")
            .header("origin", origin)
            .body(Body::empty())
            .unwrap();
        let answer = app.send(request).await;
        assert_eq!(
            answer.headers.get("access-control-allow-origin").is_some(),
            allowed,
            "{origin}"
        );
        assert!(
            answer
                .headers
                .get("access-control-allow-origin")
                .is_none_or(|value| value == origin)
        );
    }
}

#[tokio::test]
async fn other_verbs_are_refused() {
    let app = App::new();
    for method in ["POST", "PUT", "DELETE", "PATCH"] {
        let request = Request::builder()
            .method(method)
            .uri("/jobs/recent")
            .body(Body::empty())
            .unwrap();
        let answer = app.send(request).await;
        answer.problem(405);
        assert_eq!(answer.headers["allow"], "GET,HEAD");
    }
}
