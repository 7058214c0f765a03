//! Bodies and headers that are not what the gateway reads.

use bytes::Bytes;
use http::Request;
use http::header::{HeaderName, HeaderValue};
use http_body_util::Full;

use super::{SHARED, assert_refused};
use crate::common::json_request;

const ECHO: &str = "{\"type\":\"echo\"}";

fn post(headers: &[(&'static str, &'static str)], body: impl Into<Bytes>) -> Request<Full<Bytes>> {
    let mut request = Request::post("/jobs").body(Full::new(body.into())).unwrap();
    for (name, value) in headers {
        let (name, value) = (HeaderName::from_static(name), HeaderValue::from_static(value));
        request.headers_mut().append(name, value);
    }
    request
}

fn large(bytes: usize) -> String {
    format!(
        "{{\"type\":\"echo\",\"payload\":{{\"text\":\"{}\"}}}}",
        "x".repeat(bytes)
    )
}

#[tokio::test]
async fn content_types_that_are_not_json_are_refused() {
    let observatory = SHARED.get().await;
    for content_type in [
        "",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/x-ndjson",
        "application/jsonx",
        "json",
        ";",
    ] {
        let request = post(&[("content-type", content_type)], ECHO);
        assert_refused(&observatory, content_type, request, 415).await;
    }
    assert_refused(&observatory, "no content type", post(&[], ECHO), 415).await;
    let packed = post(
        &[("content-type", "application/json"), ("content-encoding", "gzip")],
        ECHO,
    );
    assert_refused(&observatory, "a compressed body", packed, 415).await;
}

#[tokio::test]
async fn content_types_that_are_json_are_read() {
    let observatory = SHARED.get().await;
    for content_type in [
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/problem+json",
    ] {
        let request = post(&[("content-type", content_type)], ECHO);
        let answer = observatory.gateway.send(request).await.unwrap();
        assert_eq!(answer.status, 202, "{content_type}: {:?}", answer.body);
    }
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_refused_and_the_client_reads_why() {
    let observatory = SHARED.get().await;
    let request = json_request("/jobs", large(10 << 20));
    let answer = assert_refused(&observatory, "10 MB", request, 413).await;
    assert!(answer.text().contains("larger than"), "{}", answer.text());
}

#[tokio::test]
async fn a_body_just_below_the_limit_is_a_job() {
    let observatory = SHARED.get().await;
    let request = json_request("/jobs", large((1 << 20) - 100));
    let answer = observatory.gateway.send(request).await.unwrap();
    assert_eq!(answer.status, 202, "{:?}", answer.body);
    let accepted = answer.json();
    let id = accepted["jobId"].as_str().unwrap();
    // Its echo is larger than a result may be.
    assert_eq!(observatory.wait_for_end(id).await["status"], "FAILED");
    let created = observatory
        .wait_for_events(id, &["job.created", "job.executed", "job.failed"])
        .await;
    assert!(created.iter().any(|event| event.to_string().len() > 1 << 20));
    observatory.echoes("a large job").await;
}

#[tokio::test]
async fn the_page_does_not_pass_large_bodies_on() {
    let observatory = SHARED.get().await;
    let request = json_request("/gateway/jobs", large(10 << 20));
    let answer = observatory.page.send(request).await.unwrap();
    assert_eq!(answer.status, 413, "{:?}", answer.body);
    observatory.echoes("10 MB for the page").await;
}

#[tokio::test]
async fn a_batch_beyond_the_limit_is_refused() {
    let observatory = SHARED.get().await;
    let batch = Request::post("/jobs/batch").header("content-type", "application/json");
    let batch = batch
        .body(Full::from(format!("[{}]", "0,".repeat(20 << 20))))
        .unwrap();
    assert_refused(&observatory, "a batch of 40 MB", batch, 413).await;
}

#[tokio::test]
async fn headers_that_mean_something_and_do_not_read_are_refused() {
    let observatory = SHARED.get().await;
    let long = "k".repeat(256);
    let json = ("content-type", "application/json");
    for (name, value) in [
        ("x-correlation-id", "me"),
        (
            "x-correlation-id",
            "urn:uuid:0191d2a0-7c1e-7000-8000-000000000001",
        ),
        ("x-correlation-id", ""),
        ("idempotency-key", ""),
        ("idempotency-key", "two words"),
        ("idempotency-key", "\u{e9}"),
        ("idempotency-key", &*long),
    ] {
        let mut request = post(&[json], ECHO);
        let value_bytes = HeaderValue::from_bytes(value.as_bytes()).unwrap();
        request
            .headers_mut()
            .insert(HeaderName::from_static(name), value_bytes);
        assert_refused(&observatory, &format!("{name}: {value}"), request, 400).await;
    }
    let twice = post(&[json, ("idempotency-key", "a"), ("idempotency-key", "b")], ECHO);
    assert_refused(&observatory, "two keys", twice, 400).await;
}

/// A trace context that does not read is replaced, as its specification demands.
#[tokio::test]
async fn a_bad_traceparent_is_no_error() {
    let observatory = SHARED.get().await;
    let request = post(
        &[
            ("content-type", "application/json"),
            ("traceparent", "00-zz-zz-zz"),
        ],
        ECHO,
    );
    assert_eq!(observatory.gateway.send(request).await.unwrap().status, 202);
}
