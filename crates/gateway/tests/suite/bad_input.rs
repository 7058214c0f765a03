//! Everything that must not get in: a clear 4xx in the one format, and nothing on the bus.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures::stream;
use gateway::GatewayConfig;
use http::Request;
use serde_json::{Value, json};
use service::body::BodyLimits;

use super::support::App;

/// Posts a job that must be refused as invalid and gives the problem.
async fn refused(body: impl Into<Bytes>) -> Value {
    let app = App::new();
    let problem = app.post(body).await.problem(400);
    assert_eq!(problem["error"], "Invalid job data");
    assert!(!problem["details"].as_array().unwrap().is_empty(), "{problem}");
    assert_eq!(app.bus.publications(), 0);
    problem
}

fn job_with(name: &str, value: &Value) -> String {
    let mut job = json!({"type": "echo"});
    job[name] = value.clone();
    job.to_string()
}

async fn refused_at(path: &str, body: String) {
    let problem = refused(body.clone()).await;
    assert_eq!(problem["details"][0]["path"], path, "{body}: {problem}");
}

#[tokio::test]
async fn nul_characters_are_refused_wherever_they_stand() {
    for body in [
        r#"{"type":"echo","payload":{"text":"a\u0000b"}}"#,
        r#"{"type":"echo","payload":{"a\u0000b":1}}"#,
        r#"{"type":"echo","metadata":{"deep":[{"x":"\u0000"}]}}"#,
        r#"{"type":"ec\u0000ho"}"#,
        r#"{"type":"echo","tags":["\u0000"]}"#,
        "{\"type\":\"echo\",\"payload\":{\"text\":\"a\0b\"}}",
    ] {
        refused(body).await;
    }
}

#[tokio::test]
async fn times_that_a_store_cannot_hold_are_refused() {
    for time in [
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "99999-01-01T00:00:00Z",
        "+099999-01-01T00:00:00Z",
        "-000001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2026-02-30T00:00:00Z",
        "2026-01-01",
        "2026-01-01 00:00:00Z",
        "2026-01-01T00:00:00",
        "2026-01-01T00:00:00Z[UTC]",
        "yesterday",
        "",
    ] {
        refused_at("/createdAt", job_with("createdAt", &json!(time))).await;
        refused_at("/updatedAt", job_with("updatedAt", &json!(time))).await;
    }
}

#[tokio::test]
async fn exotic_spellings_of_an_id_are_refused() {
    for id in [
        "urn:uuid:0191d2a0-7c1e-7000-8000-00000000000a",
        "{0191d2a0-7c1e-7000-8000-00000000000a}",
        "0191d2a07c1e7000800000000000000a",
        "0191d2a0-7c1e-7000-8000-00000000000a ",
        "0191d2a0-7c1e-7000-8000-00000000000",
        "0191d2a0_7c1e_7000_8000_00000000000a",
        "42",
        "",
    ] {
        refused_at("/id", job_with("id", &json!(id))).await;
    }
    for id in [
        json!(null),
        json!(42),
        json!(["0191d2a0-7c1e-7000-8000-00000000000a"]),
    ] {
        refused_at("/id", job_with("id", &id)).await;
    }
}

#[tokio::test]
async fn a_client_cannot_set_the_status() {
    for status in [
        "COMPLETED",
        "EXECUTING",
        "FAILED",
        "VALIDATED",
        "CANCELLED",
        "pending",
        "",
        "DONE",
    ] {
        refused_at("/status", job_with("status", &json!(status))).await;
    }
    insta::assert_json_snapshot!(refused(job_with("status", &json!("COMPLETED"))).await);
}

#[tokio::test]
async fn fields_of_the_wrong_type_are_refused() {
    for (name, value) in [
        ("type", json!(5)),
        ("type", json!("")),
        ("type", json!("has space")),
        ("type", json!("a".repeat(129))),
        ("payload", json!([])),
        ("payload", json!("text")),
        ("metadata", json!(1)),
        ("tags", json!("a")),
        ("timeoutSeconds", json!(0)),
        ("timeoutSeconds", json!("5")),
        ("timeoutSeconds", json!(1e9)),
        ("retry", json!(3)),
    ] {
        refused_at(&format!("/{name}"), job_with(name, &value)).await;
    }
    refused_at(
        "/retry/maxAttempts",
        job_with("retry", &json!({"maxAttempts": 0})),
    )
    .await;
    refused_at("/retry/backoff", job_with("retry", &json!({"backoff": "random"}))).await;
}

#[tokio::test]
async fn what_is_no_object_is_refused() {
    for body in [
        "[]",
        "[{\"type\":\"echo\"}]",
        "\"echo\"",
        "1",
        "true",
        "null",
        "{}",
    ] {
        refused(body).await;
    }
}

#[tokio::test]
async fn what_is_no_json_is_refused_with_the_place() {
    for body in [
        "",
        " ",
        "{",
        "{\"type\":\"echo\"",
        "{\"type\":\"echo\"}}",
        "{'type':'echo'}",
        "{\"type\":NaN}",
        "\u{feff}{}",
    ] {
        refused(body).await;
    }
    insta::assert_json_snapshot!(refused("{\"type\":\"echo\"").await);
}

#[tokio::test]
async fn invalid_utf_8_is_refused() {
    for body in [
        &b"{\"type\":\"\xff\"}"[..],
        b"\xff\xfe",
        b"{\"type\":\"echo\",\"payload\":{\"x\":\"\xed\xa0\x80\"}}",
    ] {
        refused(Bytes::from_static(body)).await;
    }
    refused(r#"{"type":"echo","payload":{"half":"\ud800"}}"#).await;
}

#[tokio::test]
async fn duplicate_keys_are_refused_at_every_depth() {
    for body in [
        r#"{"type":"echo","type":"exec"}"#,
        r#"{"type":"echo","payload":{"a":1,"a":2}}"#,
        r#"{"type":"echo","payload":{"x":[{"b":1,"\u0062":2}]}}"#,
    ] {
        refused(body).await;
    }
}

#[tokio::test]
async fn deep_nesting_is_refused_without_a_crash() {
    for depth in [65, 1000, 400_000] {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        refused(format!(
            "{{\"type\":\"echo\",\"payload\":{{\"x\":{open}{close}}}}}"
        ))
        .await;
    }
    let unclosed = format!("{{\"type\":\"echo\",\"payload\":{}", "{\"a\":".repeat(100_000));
    refused(unclosed).await;
}

#[tokio::test]
async fn numbers_that_some_reader_would_change_are_refused() {
    for number in ["1e400", "123456789012345678901234567890", "1e-20000"] {
        refused(format!("{{\"type\":\"echo\",\"payload\":{{\"n\":{number}}}}}")).await;
    }
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_too_large() {
    let app = App::new();
    let job = json!({"type": "echo", "payload": {"text": "x".repeat(10 * 1024 * 1024)}}).to_string();
    let problem = app.post(job.clone()).await.problem(413);
    assert_eq!(problem["error"], "Request too large");

    let pieces = Bytes::from(job)
        .chunks(64 * 1024)
        .map(|piece| Ok::<_, std::io::Error>(piece.to_vec()))
        .collect::<Vec<_>>();
    let request = Request::post("/jobs").header("content-type", "application/json");
    let undeclared = request.body(Body::from_stream(stream::iter(pieces))).unwrap();
    app.send(undeclared).await.problem(413);
    assert_eq!(app.bus.publications(), 0);
}

#[tokio::test]
async fn other_content_types_are_refused() {
    let app = App::new();
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/xml",
        "multipart/form-data",
        "",
    ] {
        let answer = app
            .post_to("/jobs", &[("content-type", content_type)], r#"{"type":"echo"}"#)
            .await;
        answer.problem(415);
    }
    app.post_to("/jobs", &[], r#"{"type":"echo"}"#).await.problem(415);
    app.post_with(&[("content-encoding", "gzip")], "\u{1f}")
        .await
        .problem(415);
    assert_eq!(app.bus.publications(), 0);
}

#[tokio::test]
async fn a_bad_correlation_id_is_the_clients_mistake() {
    let app = App::new();
    for id in [
        "abc",
        "",
        "urn:uuid:0191d2a0-7c1e-7000-8000-00000000000a",
        "0191d2a07c1e7000800000000000000a",
    ] {
        let problem = app
            .post_with(&[("x-correlation-id", id)], r#"{"type":"echo"}"#)
            .await
            .problem(400);
        assert_eq!(problem["title"], "Invalid correlation id");
    }
    assert_eq!(app.bus.publications(), 0);
}

#[tokio::test]
async fn a_bad_traceparent_is_replaced_and_the_job_accepted() {
    let app = App::new();
    let answer = app
        .post_with(&[("traceparent", "00-zz-zz-00")], r#"{"type":"echo"}"#)
        .await;
    assert_eq!(answer.status, 202);
    let message = app.bus.messages().remove(0);
    let correlation = message.headers.correlation_id.unwrap().simple().to_string();
    assert!(
        message
            .headers
            .traceparent
            .unwrap()
            .starts_with(&format!("00-{correlation}-"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_ends_is_given_up() {
    let limits = BodyLimits {
        bytes: 1000,
        time: Duration::from_secs(3),
    };
    let app = App::with(GatewayConfig {
        job_body: limits,
        ..GatewayConfig::default()
    });
    let request = Request::post("/jobs").header("content-type", "application/json");
    let stuck = stream::pending::<Result<Bytes, std::io::Error>>();
    app.send(request.body(Body::from_stream(stuck)).unwrap())
        .await
        .problem(408);
}

#[tokio::test]
async fn wrong_methods_and_paths_are_problems_too() {
    let app = App::new();
    assert_eq!(app.get("/jobs").await.problem(405)["error"], "Method not allowed");
    app.get("/").await.problem(404);
    app.get("/jobs/%ff/..").await.problem(404);
    app.post_to("/healthz", &[], "").await.problem(405);
}
