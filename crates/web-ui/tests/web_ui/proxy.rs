//! The proxies when all is well: what a service gets, and what the page gets back.

use axum::extract::Request;
use axum::routing::{any, get as on_get};
use axum::{Json, Router};
use http::{Method, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use web_ui::ProxyLimits;

use crate::harness::{dashboard_before, dashboard_of, get, request, send, serve};

/// Answers with what it was asked.
async fn echo(request: Request) -> Json<Value> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.expect("a whole body").to_bytes();
    let headers: serde_json::Map<String, Value> = head
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), json!(value.to_str().unwrap_or("?"))))
        .collect();
    Json(json!({
        "method": head.method.as_str(),
        "uri": head.uri.to_string(),
        "headers": headers,
        "body": String::from_utf8_lossy(&body),
    }))
}

fn echoing() -> Router {
    Router::new().fallback(any(echo))
}

#[tokio::test]
async fn a_question_arrives_with_path_query_and_escapes() {
    let router = dashboard_before(echoing()).await;
    let seen = get(&router, "/api/jobs/a%2Fb?type=a%20b&limit=2").await.json();
    assert_eq!(
        (&seen["method"], &seen["uri"]),
        (&json!("GET"), &json!("/jobs/a%2Fb?type=a%20b&limit=2"))
    );
}

#[tokio::test]
async fn a_command_arrives_with_its_body_and_headers() {
    let router = dashboard_before(echoing()).await;
    let headers = [
        ("content-type", "application/json"),
        ("x-correlation-id", "7f4a"),
        ("idempotency-key", "once"),
    ];
    let post = request(Method::POST, "/gateway/jobs", &headers, r#"{"type":"echo"}"#);
    let seen = send(&router, post).await.json();
    assert_eq!(
        (&seen["method"], &seen["uri"], &seen["body"]),
        (&json!("POST"), &json!("/jobs"), &json!(r#"{"type":"echo"}"#))
    );
    for (name, value) in headers {
        assert_eq!(seen["headers"][name], value, "{name}");
    }
}

#[tokio::test]
async fn the_two_services_are_not_mixed_up() {
    let named = |name: &'static str| Router::new().route("/who", on_get(async move || name));
    let gateway = format!("http://{}", serve(named("gateway")).await);
    let read_model = format!("http://{}/", serve(named("read model")).await);
    let router = dashboard_of(&gateway, &read_model, ProxyLimits::default());
    assert_eq!(get(&router, "/gateway/who").await.text(), "gateway");
    assert_eq!(get(&router, "/api/who").await.text(), "read model");
}

#[tokio::test]
async fn a_base_url_may_have_a_path() {
    let base = format!("http://{}/v1/", serve(echoing()).await);
    let router = dashboard_of(&base, &base, ProxyLimits::default());
    assert_eq!(get(&router, "/api/stats").await.json()["uri"], "/v1/stats");
}

#[tokio::test]
async fn headers_of_one_connection_stay_on_it() {
    let router = dashboard_before(echoing()).await;
    let headers = [
        ("host", "dashboard.example"),
        ("connection", "keep-alive, x-private"),
        ("x-private", "1"),
        ("keep-alive", "timeout=5"),
        ("te", "trailers"),
        ("upgrade", "websocket"),
        ("proxy-authorization", "secret"),
        ("expect", "100-continue"),
        ("accept", "application/json"),
    ];
    let seen = send(&router, request(Method::GET, "/api/stats", &headers, ""))
        .await
        .json();
    let arrived = seen["headers"].as_object().expect("headers");
    assert_eq!(arrived["accept"], "application/json");
    assert_ne!(arrived["host"], "dashboard.example");
    for name in [
        "connection",
        "x-private",
        "keep-alive",
        "te",
        "upgrade",
        "proxy-authorization",
        "expect",
    ] {
        assert!(!arrived.contains_key(name), "{name} arrived");
    }
}

#[tokio::test]
async fn the_answer_comes_back_as_it_was_given() {
    let refusal = async || {
        let headers = [
            ("content-type", "application/problem+json"),
            ("x-correlation-id", "7f4a"),
            ("retry-after", "3"),
            ("connection", "close"),
        ];
        (
            StatusCode::SERVICE_UNAVAILABLE,
            headers,
            r#"{"title":"Broker away"}"#,
        )
    };
    let router = dashboard_before(Router::new().route("/stats", on_get(refusal))).await;
    let answer = get(&router, "/api/stats").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.text(), r#"{"title":"Broker away"}"#);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.header("x-correlation-id"), "7f4a");
    assert_eq!(answer.header("retry-after"), "3");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(!answer.headers.contains_key("connection"));
}

#[tokio::test]
async fn a_service_that_says_how_long_its_answer_holds_is_heard() {
    let cached = async || ([("cache-control", "max-age=60")], "{}");
    let router = dashboard_before(Router::new().route("/openapi.json", on_get(cached))).await;
    assert_eq!(
        get(&router, "/api/openapi.json").await.header("cache-control"),
        "max-age=60"
    );
}
