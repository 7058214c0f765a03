//! Alertmanager and Prometheus behind the gateway.

use std::time::Duration;

use axum::routing::get;
use axum::{Json, Router};
use gateway::GatewayConfig;
use http::StatusCode;
use serde_json::json;
use service::http_server::{ServerLimits, serve};
use service::shutdown::Shutdown;
use tokio::net::TcpListener;

use super::support::App;

async fn upstream(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(serve(listener, router, ServerLimits::default(), Shutdown::new()));
    url
}

fn app(alertmanager: Option<String>, prometheus: Option<String>) -> App {
    App::with(GatewayConfig {
        alertmanager_url: alertmanager,
        prometheus_url: prometheus,
        proxy_timeout: Duration::from_millis(300),
        ..GatewayConfig::default()
    })
}

#[tokio::test]
async fn answers_are_passed_on_as_they_are() {
    let url = upstream(
        Router::new()
            .route(
                "/api/v2/alerts",
                get(|| async { Json(json!([{"labels": {"alertname": "A"}}])) }),
            )
            .route(
                "/api/v1/targets",
                get(|| async { (StatusCode::IM_A_TEAPOT, Json(json!({"status": "error"}))) }),
            ),
    )
    .await;
    let app = app(Some(url.clone()), Some(url));
    let alerts = app.get("/proxy/alerts").await;
    assert_eq!(
        (alerts.status.as_u16(), alerts.text()),
        (200, r#"[{"labels":{"alertname":"A"}}]"#.to_owned())
    );
    let targets = app.get("/proxy/targets").await;
    assert_eq!(
        (targets.status.as_u16(), targets.text()),
        (418, r#"{"status":"error"}"#.to_owned())
    );
}

/// The proxies answer with one text as `details`, as the published clients know it.
fn text_of_details(answer: &super::support::Answer, status: u16) -> String {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    let body = answer.json();
    assert!(body["error"].is_string());
    body["details"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_service_that_is_not_configured_is_named_by_its_variable() {
    let app = app(None, Some(String::new()));
    assert_eq!(
        text_of_details(&app.get("/proxy/alerts").await, 502),
        "ALERTMANAGER_URL is not set"
    );
    assert_eq!(
        text_of_details(&app.get("/proxy/targets").await, 502),
        "PROMETHEUS_URL is not set"
    );
    insta::assert_json_snapshot!(app.get("/proxy/alerts").await.json());
}

#[tokio::test]
async fn a_service_that_is_away_or_speaks_something_else_is_a_502() {
    let url = upstream(Router::new().route("/api/v1/targets", get(|| async { "<html>" }))).await;
    let app = app(Some("http://127.0.0.1:1".into()), Some(url));
    text_of_details(&app.get("/proxy/alerts").await, 502);
    assert_eq!(
        text_of_details(&app.get("/proxy/targets").await, 502),
        "status 200, and no JSON"
    );
}

#[tokio::test]
async fn a_service_that_hangs_is_a_504() {
    let url = upstream(Router::new().route("/api/v2/alerts", get(std::future::pending::<()>))).await;
    let answer = app(Some(url), None).get("/proxy/alerts").await;
    assert_eq!(text_of_details(&answer, 504), "no answer within 0.3 s");
}
