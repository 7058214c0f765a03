//! What keeps other sites out.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::routing::post;
use http::{Method, StatusCode};

use crate::harness::{Answer, dashboard, dashboard_before, get, request, send};

fn assert_hardened(answer: &Answer, path: &str) {
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'self'"), "{path}: {policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
    assert!(
        policy.contains("require-trusted-types-for 'script'"),
        "{path}: {policy}"
    );
    assert!(!policy.contains("unsafe"), "{path}: {policy}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
    assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let service = Router::new().route("/stats", axum::routing::get(async || "{}"));
    let router = dashboard_before(service).await;
    for path in [
        "/",
        "/style.css",
        "/js/app.js",
        "/config.json",
        "/health",
        "/api/stats",
        "/nothing",
    ] {
        assert_hardened(&get(&router, path).await, path);
    }
    let unreachable = get(&dashboard(), "/api/stats").await;
    unreachable.problem(StatusCode::BAD_GATEWAY);
    assert_hardened(&unreachable, "an unreachable service");
}

#[tokio::test]
async fn a_service_cannot_weaken_them_or_open_our_origin() {
    let headers = [
        ("content-security-policy", "default-src *"),
        ("x-frame-options", "ALLOWALL"),
        ("access-control-allow-origin", "*"),
        ("access-control-allow-credentials", "true"),
        ("set-cookie", "a=b"),
    ];
    let service = Router::new().route("/stats", axum::routing::get(async move || (headers, "{}")));
    let answer = get(&dashboard_before(service).await, "/api/stats").await;
    assert_hardened(&answer, "/api/stats");
    assert_eq!(
        answer.headers.get_all("content-security-policy").iter().count(),
        1
    );
    for name in [
        "access-control-allow-origin",
        "access-control-allow-credentials",
        "set-cookie",
    ] {
        assert!(!answer.headers.contains_key(name), "{name}");
    }
}

/// A gateway that counts the jobs that reach it.
fn counting_gateway() -> (Router, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let seen = count.clone();
    let submit = async move || {
        seen.fetch_add(1, Ordering::SeqCst);
        StatusCode::ACCEPTED
    };
    (Router::new().route("/jobs", post(submit)), count)
}

#[tokio::test]
async fn a_job_from_another_site_never_reaches_the_gateway() {
    let (gateway, count) = counting_gateway();
    let router = dashboard_before(gateway).await;
    let host = ("host", "localhost:8081");
    for foreign in [
        ("origin", "http://evil.example"),
        ("origin", "http://localhost:9999"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let post = request(Method::POST, "/gateway/jobs", &[host, foreign], "{}");
        send(&router, post).await.problem(StatusCode::FORBIDDEN);
    }
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_job_from_our_page_or_from_a_script_does() {
    let (gateway, count) = counting_gateway();
    let router = dashboard_before(gateway).await;
    let host = ("host", "localhost:8081");
    let ours = [host, ("origin", "http://localhost:8081")];
    for headers in [&ours[..], &[host], &[]] {
        let post = request(Method::POST, "/gateway/jobs", headers, "{}");
        assert_eq!(send(&router, post).await.status, StatusCode::ACCEPTED);
    }
    assert_eq!(count.load(Ordering::SeqCst), 3);
}
