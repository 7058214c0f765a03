//! The answers that are not files.

use http::{Method, StatusCode};
use serde_json::json;
use web_ui::ProxyLimits;

use crate::harness::{dashboard, dashboard_of, get, request, send};

#[tokio::test]
async fn the_page_is_html_and_never_stored() {
    let answer = get(&dashboard(), "/").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.text().contains("<title>Task Observatory</title>"));
}

#[tokio::test]
async fn health_is_a_plain_ok() {
    for path in ["/health", "/healthz", "/readyz"] {
        let answer = get(&dashboard(), path).await;
        assert_eq!((answer.status, answer.text()), (StatusCode::OK, "ok"), "{path}");
    }
}

#[tokio::test]
async fn the_page_is_told_where_its_services_are() {
    let router = dashboard_of("http://gw:3000", "http://rm:8080", ProxyLimits::default());
    let answer = get(&router, "/config.json").await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(
        answer.json(),
        json!({ "gatewayUrl": "http://gw:3000", "readModelUrl": "http://rm:8080" })
    );
}

#[tokio::test]
async fn the_registry_lists_the_published_entries_with_all_their_fields() {
    let registry = get(&dashboard(), "/ui-registry.json").await.json();
    assert_eq!(registry["baseUrl"], "http://localhost");
    let entries = registry["entries"].as_array().expect("entries");
    let published = [
        ("dashboard", 8081, "/"),
        ("gateway-docs", 3000, "/docs"),
        ("read-model-docs", 8080, "/docs"),
        ("rabbitmq", 15672, "/"),
        ("grafana", 3002, "/"),
        ("prometheus", 9090, "/"),
        ("pgadmin", 5050, "/"),
        ("mongo-express", 8082, "/"),
        ("redisinsight", 8001, "/"),
    ];
    for (id, port, path) in published {
        let entry = entries.iter().find(|entry| entry["id"] == id).expect(id);
        assert_eq!(
            (&entry["port"], &entry["path"]),
            (&json!(port), &json!(path)),
            "{id}"
        );
        assert!(
            entry["name"].is_string() && entry["description"].is_string(),
            "{id}"
        );
    }
}

#[tokio::test]
async fn an_unknown_path_is_a_problem() {
    for path in [
        "/nothing",
        "/js/nothing.js",
        "/api",
        "/gateway/",
        "/index.html/../x",
    ] {
        let detail = get(&dashboard(), path).await.problem(StatusCode::NOT_FOUND);
        assert!(detail.contains(path), "{detail}");
    }
}

#[tokio::test]
async fn a_wrong_method_is_a_problem_that_names_the_right_ones() {
    for (method, path, allowed) in [
        (Method::POST, "/", "GET,HEAD"),
        (Method::DELETE, "/style.css", "GET,HEAD"),
        (Method::POST, "/api/jobs", "GET,HEAD"),
        (Method::PUT, "/gateway/jobs", "GET,HEAD,POST"),
    ] {
        let answer = send(&dashboard(), request(method, path, &[], "")).await;
        answer.problem(StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.header("allow"), allowed, "{path}");
    }
}
