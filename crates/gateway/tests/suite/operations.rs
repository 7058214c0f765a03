//! Health, metrics, documentation, and pages of other origins.

use axum::body::Body;
use http::Request;
use ports::BusError;
use serde_json::json;

use super::support::{App, Mood};

#[tokio::test]
async fn health_and_readiness_follow_the_bus_and_liveness_does_not() {
    let app = App::new();
    let ok = json!({"status": "ok", "version": service::VERSION});
    for path in ["/healthz", "/readyz", "/livez"] {
        let answer = app.get(path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()),
            (200, ok.clone()),
            "{path}"
        );
    }
    app.bus
        .set(Mood::Fails(BusError::Unavailable("connection refused".into())));
    for path in ["/healthz", "/readyz"] {
        let answer = app.get(path).await;
        assert_eq!(answer.status, 503, "{path}");
        assert_eq!(answer.json()["status"], "not_ready");
        assert_eq!(
            answer.json()["reason"],
            "bus: bus unavailable: connection refused"
        );
    }
    assert_eq!(app.get("/livez").await.json(), ok);
}

#[tokio::test(start_paused = true)]
async fn a_bus_that_hangs_does_not_hold_the_health_check() {
    let app = App::new();
    app.bus.set(Mood::Hangs);
    assert_eq!(app.get("/readyz").await.status, 503);
}

#[tokio::test]
async fn metrics_are_text_of_prometheus() {
    let app = App::new();
    let answer = app.get("/metrics").await;
    assert!(
        answer.headers["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/plain; version=0.0.4")
    );
    assert!(
        answer
            .text()
            .contains("# TYPE gateway_jobs_accepted_total counter")
    );
    assert_eq!(
        app.metric("http_request_duration_seconds_count{method=\"GET\",route=\"/metrics\"")
            .await,
        Some(1.0)
    );
}

#[tokio::test]
async fn the_documentation_needs_no_other_host() {
    let app = App::new();
    assert_eq!(app.get("/docs").await.headers["location"], "/docs/");
    let page = app.get("/docs/").await;
    assert_eq!(page.status, 200);
    assert!(
        !page.text().contains("https://") && !page.text().contains("http://"),
        "{}",
        page.text()
    );
    assert!(
        app.get("/docs/swagger-initializer.js")
            .await
            .text()
            .contains("/openapi.json")
    );
    assert_eq!(app.get("/docs/swagger-ui-bundle.js").await.status, 200);
    app.get("/docs/nothing.js").await.problem(404);
}

#[tokio::test]
async fn the_page_of_the_observatory_may_submit_and_others_may_not() {
    let app = App::new();
    for (origin, status) in [
        ("http://localhost:8081", 204),
        ("http://127.0.0.1:8081", 204),
        ("http://evil.example", 403),
    ] {
        let request = Request::options("/jobs")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type");
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, status, "{origin}");
        let allowed = answer
            .headers
            .get("access-control-allow-origin")
            .map(|value| value.to_str().unwrap());
        assert_eq!(allowed, (status == 204).then_some(origin));
        if status == 204 {
            assert_eq!(
                answer.headers["access-control-allow-methods"],
                "GET, POST, PUT, DELETE"
            );
        }
    }
}
