//! Errors as published clients read them.

use http::Request;
use http_body_util::Full;
use serde_json::{Value, json};

use super::{SHARED, published_job};
use crate::common::{Answer, json_request, text};

/// The published members beside those of RFC 9457.
fn assert_is_problem(answer: &Answer, status: u16, error: &str) -> Value {
    assert_eq!(answer.status, status, "{:?}", answer.body);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["error"], error, "{problem}");
    assert_eq!(problem["status"], status, "{problem}");
    assert!(text(&problem["type"]).starts_with("https://"), "{problem}");
    for member in ["title", "detail"] {
        assert!(!text(&problem[member]).is_empty(), "{member}: {problem}");
    }
    problem
}

#[tokio::test]
async fn an_invalid_job_is_answered_with_the_published_error_and_its_details() {
    let observatory = SHARED.get().await;
    let missing_type =
        json!({"id": uuid::Uuid::new_v4(), "status": "PENDING", "createdAt": "2026-01-02T03:04:05Z"});
    let cases = [
        (missing_type, "", "type"),
        (json!({"type": 7}), "/type", "string"),
        (json!({"type": "echo", "id": "no-uuid"}), "/id", "UUID"),
        (
            json!({"type": "echo", "createdAt": "yesterday"}),
            "/createdAt",
            "date-time",
        ),
        (json!({"type": "echo", "payload": []}), "/payload", "object"),
        (
            json!({"type": "echo", "status": 1}),
            "/status",
            "client cannot set",
        ),
    ];
    for (job, path, message) in cases {
        let answer = observatory.gateway.post("/jobs", &job).await;
        let problem = assert_is_problem(&answer, 400, "Invalid job data");
        let details = problem["details"].as_array().expect("details are a list");
        let named = details
            .iter()
            .any(|detail| detail["path"] == path && text(&detail["message"]).contains(message));
        assert!(named, "{path} {message}: {problem}");
    }
}

#[tokio::test]
async fn a_client_cannot_set_the_status() {
    let observatory = SHARED.get().await;
    for status in [
        "COMPLETED",
        "FAILED",
        "EXECUTING",
        "VALIDATED",
        "RETRYING",
        "pending",
        "",
    ] {
        let mut job = published_job("echo", &json!({}));
        job["status"] = json!(status);
        let answer = observatory.gateway.post("/jobs", &job).await;
        assert_is_problem(&answer, 400, "Invalid job data");
        assert!(observatory.job(text(&job["id"])).await.is_none(), "{status}");
    }
}

#[tokio::test]
async fn broken_json_and_wrong_content_types_have_the_same_format() {
    let observatory = SHARED.get().await;
    let broken = observatory
        .gateway
        .send(json_request("/jobs", "{\"type\":"))
        .await
        .unwrap();
    assert_is_problem(&broken, 400, "Invalid job data");

    let text = Request::post("/jobs").header("content-type", "text/plain");
    let text = text.body(Full::from("{\"type\":\"echo\"}")).unwrap();
    let text = observatory.gateway.send(text).await.unwrap();
    assert_is_problem(&text, 415, "Unsupported media type");
}

#[tokio::test]
async fn unknown_paths_and_methods_have_the_same_format() {
    let observatory = SHARED.get().await;
    for api in [observatory.gateway, observatory.read_model] {
        assert_is_problem(&api.get("/no/such/path").await, 404, "Not found");
    }
    let get = observatory.gateway.get("/jobs").await;
    assert_is_problem(&get, 405, "Method not allowed");
    assert_eq!(get.header("allow"), "POST");
    let post = observatory.read_model.post("/stats", &json!({})).await;
    assert_is_problem(&post, 405, "Method not allowed");
}

#[tokio::test]
async fn a_correlation_id_that_is_no_uuid_is_the_clients_mistake() {
    let observatory = SHARED.get().await;
    let mut request = json_request("/jobs", "{\"type\":\"echo\"}");
    request
        .headers_mut()
        .insert("x-correlation-id", "me".parse().unwrap());
    let answer = observatory.gateway.send(request).await.unwrap();
    assert_is_problem(&answer, 400, "Invalid correlation id");
}

#[tokio::test]
async fn unknown_jobs_and_ids_that_are_none_are_told_apart() {
    let observatory = SHARED.get().await;
    let unknown = format!("/jobs/{}", uuid::Uuid::new_v4());
    assert_is_problem(&observatory.read_model.get(&unknown).await, 404, "Not found");
    for path in [
        "/jobs/7",
        "/events?jobId=7",
        "/jobs?limit=0",
        "/jobs?limit=x",
        "/jobs?colour=red",
    ] {
        let answer = observatory.read_model.get(path).await;
        assert_eq!(answer.status, 400, "{path}: {:?}", answer.body);
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{path}"
        );
    }
}

/// Nobody has told this observatory where Alertmanager and Prometheus are.
#[tokio::test]
async fn the_proxies_say_what_is_missing_as_the_published_ones_do() {
    let observatory = SHARED.get().await;
    for path in ["/proxy/alerts", "/proxy/targets"] {
        let answer = observatory.gateway.get(path).await;
        assert_eq!(answer.status, 502, "{path}: {:?}", answer.body);
        let problem = answer.json();
        for member in ["error", "details"] {
            assert!(!text(&problem[member]).is_empty(), "{path} {member}: {problem}");
        }
    }
}

/// The published read model let every page of the web read everything.
#[tokio::test]
async fn only_our_own_page_may_ask_from_a_browser() {
    let observatory = SHARED.get().await;
    let ours = format!("http://localhost:{}", observatory.page.port);
    for (origin, allowed) in [(&*ours, true), ("http://evil.example", false)] {
        let request = Request::get("/stats").header("origin", origin);
        let answer = observatory
            .read_model
            .send(request.body(Full::default()).unwrap())
            .await
            .unwrap();
        let allows = answer.header("access-control-allow-origin");
        assert_eq!(allows == origin, allowed, "{origin}: {allows}");
        assert_ne!(allows, "*");
    }
}
