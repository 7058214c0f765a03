//! Alerts, from Alertmanager if there is one.

use std::time::Duration;

use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use read_model::ReadModelConfig;
use serde_json::json;
use service::http_server::{ServerLimits, serve};
use service::shutdown::Shutdown;
use tokio::net::TcpListener;

use super::support::{Answer, App};

async fn ask(router: Router) -> Answer {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve(listener, router, ServerLimits::default(), Shutdown::new()));
    let config = ReadModelConfig {
        alertmanager_url: Some(url),
        proxy_timeout: Duration::from_millis(300),
        ..ReadModelConfig::default()
    };
    App::with(config).get("/alerts").await
}

fn alertmanager(status: u16, body: serde_json::Value) -> Router {
    let status = StatusCode::from_u16(status).unwrap();
    Router::new().route("/api/v2/alerts", get(move || async move { (status, Json(body)) }))
}

#[tokio::test]
async fn without_alertmanager_the_list_is_empty_and_says_why() {
    let expected = json!({"items": [], "degraded": ["alertmanager is not configured"]});
    assert_eq!(App::new().get("/alerts").await.good(), expected);
}

#[tokio::test]
async fn its_alerts_are_passed_on() {
    let alerts = json!([{"labels": {"alertname": "JobsQuarantined"}}]);
    let answer = ask(alertmanager(200, alerts.clone())).await;
    assert_eq!(answer.good(), json!({"items": alerts, "degraded": []}));
}

#[tokio::test]
async fn an_alertmanager_that_does_not_answer_well_is_no_empty_list() {
    for router in [
        alertmanager(500, json!([])),
        alertmanager(200, json!({})),
        Router::new(),
    ] {
        assert_eq!(ask(router).await.status, 502);
    }
    let hanging = Router::new().route("/api/v2/alerts", get(std::future::pending::<()>));
    assert_eq!(ask(hanging).await.status, 504);
}
