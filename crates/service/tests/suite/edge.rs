//! What every request passes first, and every answer last.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use axum::routing::{get, post};
use domain::SeededIds;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use service::correlation::RequestContext;
use service::edge::{Cors, Edge};
use service::metrics::{HttpMetrics, Metrics};
use tower_service::Service;

const PAGE: &str = "http://localhost:8081";

struct Api {
    router: Router,
    metrics: Metrics,
}

impl Api {
    fn new() -> Self {
        let metrics = Metrics::new("test").unwrap();
        let http = HttpMetrics::register(&metrics).unwrap();
        let edge = Edge::new(
            Arc::new(SeededIds::new(1)),
            Cors::new([PAGE], "GET, POST").unwrap(),
            http,
        );
        let context = |context: RequestContext| async move { context.correlation_id.to_string() };
        let router = Router::new()
            .route("/things/{id}", get(context))
            .route("/only-post", post(|| async { "posted" }))
            .route("/panic", get(panicking));
        Self {
            router: edge.protect(router),
            metrics,
        }
    }

    async fn call(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.router
            .clone()
            .call(request.body(Body::empty()).unwrap())
            .await
            .unwrap()
    }
}

async fn panicking() -> &'static str {
    panic!("a bug in a handler")
}

async fn text(response: Response) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

#[tokio::test]
async fn the_handler_and_the_client_see_the_same_correlation_id() {
    let response = Api::new().call("GET", "/things/1", &[]).await;
    let id = response.headers()["x-correlation-id"]
        .to_str()
        .unwrap()
        .to_owned();
    assert_eq!(text(response).await, id);
}

#[tokio::test]
async fn every_error_is_a_problem_with_a_correlation_id() {
    let api = Api::new();
    for (method, path, status) in [
        ("GET", "/nowhere", 404),
        ("GET", "/", 404),
        ("GET", "/only-post", 405),
        ("DELETE", "/things/1", 405),
        ("GET", "/panic", 500),
    ] {
        let response = api.call(method, path, &[]).await;
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json",
            "{path}"
        );
        assert!(response.headers().contains_key("x-correlation-id"), "{path}");
        let body: Value = serde_json::from_str(&text(response).await).unwrap();
        assert_eq!(body["status"], status, "{path}");
        assert!(body["error"].is_string() && body["details"].is_array(), "{body}");
    }
    let wrong_method = api.call("GET", "/only-post", &[]).await;
    assert_eq!(wrong_method.headers()["allow"], "POST");
}

#[tokio::test]
async fn a_bad_correlation_id_is_refused_and_the_answer_has_a_good_one() {
    let response = Api::new()
        .call("GET", "/things/1", &[("x-correlation-id", "nonsense")])
        .await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(response.headers()["x-correlation-id"].len(), 36);
    assert!(text(response).await.contains("X-Correlation-Id must be a UUID"));
}

#[tokio::test]
async fn an_allowed_page_may_ask_and_read() {
    let api = Api::new();
    let asked = [("origin", PAGE), ("access-control-request-method", "POST")];
    let preflight = api.call("OPTIONS", "/only-post", &asked).await;
    assert_eq!(preflight.status(), StatusCode::NO_CONTENT);
    assert_eq!(preflight.headers()["access-control-allow-origin"], PAGE);
    assert_eq!(preflight.headers()["access-control-allow-methods"], "GET, POST");
    let answer = api.call("GET", "/things/1", &[("origin", PAGE)]).await;
    assert_eq!(answer.headers()["access-control-allow-origin"], PAGE);
    assert_eq!(answer.headers()["vary"], "origin");
}

#[tokio::test]
async fn other_pages_may_not() {
    let api = Api::new();
    for origin in [
        "http://evil.example",
        "null",
        "http://localhost:8082",
        "https://localhost:8081",
    ] {
        let asked = [("origin", origin), ("access-control-request-method", "POST")];
        let preflight = api.call("OPTIONS", "/only-post", &asked).await;
        assert_eq!(preflight.status(), StatusCode::FORBIDDEN, "{origin}");
        let answer = api.call("GET", "/things/1", &[("origin", origin)]).await;
        assert!(
            !answer.headers().contains_key("access-control-allow-origin"),
            "{origin}"
        );
    }
}

#[tokio::test]
async fn durations_are_counted_by_route_and_not_by_path() {
    let api = Api::new();
    for path in ["/things/1", "/things/2", "/nowhere/1", "/nowhere/2"] {
        api.call("GET", path, &[]).await;
    }
    api.call("BREW", "/things/1", &[]).await;
    let text = api.metrics.text().unwrap();
    let counts: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("http_request_duration_seconds_count"))
        .collect();
    assert_eq!(counts.len(), 3, "{counts:#?}");
    assert!(
        counts
            .iter()
            .any(|line| line.contains("route=\"/things/{id}\"") && line.ends_with(" 2"))
    );
    assert!(
        counts
            .iter()
            .any(|line| line.contains("route=\"unmatched\"") && line.ends_with(" 2"))
    );
    assert!(counts.iter().any(|line| line.contains("method=\"OTHER\"")));
}
