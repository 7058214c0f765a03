//! Documents that are no job.

use serde_json::json;

use super::{SHARED, assert_refused};
use crate::common::{json_request, text};

/// A submission with one member of ours, as JSON text.
fn with(member: &str, value: &str) -> String {
    format!("{{\"type\":\"echo\",\"{member}\":{value}}}")
}

async fn each_is_refused(cases: &[(&str, Vec<u8>, &str)]) {
    let observatory = SHARED.get().await;
    for (what, body, reason) in cases {
        let request = json_request("/jobs", body.clone());
        let answer = assert_refused(&observatory, what, request, 400).await;
        assert!(
            answer.text().contains(reason),
            "{what}: {reason} is not in {}",
            answer.text()
        );
        assert_eq!(answer.json()["error"], "Invalid job data", "{what}");
    }
}

#[tokio::test]
async fn nul_characters_are_refused_wherever_they_stand() {
    each_is_refused(&[
        (
            "NUL in the payload",
            with("payload", r#"{"text":"a\u0000b"}"#).into(),
            "NUL",
        ),
        ("NUL in a key", with("payload", r#"{"a\u0000b":1}"#).into(), "NUL"),
        (
            "NUL in metadata",
            with("metadata", r#"{"deep":[{"x":"\u0000"}]}"#).into(),
            "NUL",
        ),
        ("NUL in a tag", with("tags", r#"["\u0000"]"#).into(), "NUL"),
        ("NUL in the type", br#"{"type":"echo\u0000"}"#.to_vec(), "NUL"),
        (
            "NUL in a field of nobody's",
            with("whatever", r#""\u0000""#).into(),
            "NUL",
        ),
        ("a bare NUL", b"{\"type\":\"echo\0\"}".to_vec(), "not JSON"),
    ])
    .await;
}

#[tokio::test]
async fn times_that_no_database_holds_are_refused() {
    for time in [
        "0000-01-01T00:00:00Z",
        "99999-01-01T00:00:00Z",
        "+099999-01-01T00:00:00Z",
        "-000001-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "2026-02-30T00:00:00Z",
        "2026-01-02T25:00:00Z",
        "2026-01-02T03:04:05",
        "2026-01-02",
        "now",
        "",
    ] {
        for member in ["createdAt", "updatedAt"] {
            let body = with(member, &json!(time).to_string());
            each_is_refused(&[(&format!("{member} {time}"), body.into(), "date-time")]).await;
        }
    }
}

#[tokio::test]
async fn exotic_forms_of_uuids_are_refused() {
    let id = "0191d2a0-7c1e-7000-8000-000000000001";
    for exotic in [
        format!("urn:uuid:{id}"),
        format!("{{{id}}}"),
        id.replace('-', ""),
        format!(" {id}"),
        format!("{id}\n"),
        format!("{id}0"),
        id[1..].to_owned(),
        id.replace('0', "\u{ff10}"),
        id.replacen('0', "g", 1),
        String::new(),
    ] {
        let body = with("id", &json!(exotic).to_string());
        each_is_refused(&[(&format!("id {exotic}"), body.into(), "UUID")]).await;
    }
}

#[tokio::test]
async fn keys_that_are_there_twice_are_refused() {
    each_is_refused(&[
        (
            "the type twice",
            br#"{"type":"echo","type":"sleep"}"#.to_vec(),
            "duplicate key",
        ),
        (
            "an escaped key twice",
            br#"{"type":"echo","\u0074ype":"sleep"}"#.to_vec(),
            "duplicate key",
        ),
        (
            "twice in the payload",
            with("payload", r#"{"a":1,"b":{"c":1,"c":2}}"#).into(),
            "duplicate key",
        ),
    ])
    .await;
}

#[tokio::test]
async fn deep_nesting_is_refused_without_harm() {
    let nested = |open: &str, close: &str, depth: usize| {
        let value = format!("{{\"x\":{}1{}}}", open.repeat(depth), close.repeat(depth));
        with("payload", &value).into_bytes()
    };
    each_is_refused(&[
        ("65 lists", nested("[", "]", 65), "nested deeper"),
        ("100,000 lists", nested("[", "]", 100_000), "nested deeper"),
        (
            "100,000 objects",
            nested("{\"a\":", "}", 100_000),
            "nested deeper",
        ),
        (
            "lists without an end",
            format!("{{\"type\":{}", "[".repeat(500_000)).into(),
            "nested deeper",
        ),
    ])
    .await;
}

#[tokio::test]
async fn what_is_no_json_or_no_object_is_refused() {
    each_is_refused(&[
        ("nothing", Vec::new(), "not JSON"),
        ("spaces", b"   \n".to_vec(), "not JSON"),
        (
            "a cut off object",
            b"{\"type\":\"echo\",\"payl".to_vec(),
            "not JSON",
        ),
        ("a cut off escape", b"{\"type\":\"echo\\u00".to_vec(), "not JSON"),
        (
            "half a surrogate pair",
            br#"{"type":"echo","payload":{"a":"\ud800"}}"#.to_vec(),
            "not JSON",
        ),
        (
            "two objects",
            b"{\"type\":\"echo\"}{\"type\":\"echo\"}".to_vec(),
            "more data",
        ),
        ("a trailing comma", b"{\"type\":\"echo\",}".to_vec(), "not JSON"),
        (
            "a byte order mark",
            b"\xef\xbb\xbf{\"type\":\"echo\"}".to_vec(),
            "not JSON",
        ),
        ("UTF-16", b"\xff\xfe{\0\"\0t\0".to_vec(), "UTF-8"),
        (
            "bytes that are no UTF-8",
            b"{\"type\":\"echo\",\"payload\":{\"a\":\"\xff\xc0\"}}".to_vec(),
            "UTF-8",
        ),
        ("NaN", with("payload", r#"{"n":NaN}"#).into(), "not JSON"),
        (
            "a number out of range",
            with("payload", r#"{"n":1e999}"#).into(),
            "out of range",
        ),
        ("XML", b"<job/>".to_vec(), "not JSON"),
        ("a list", b"[{\"type\":\"echo\"}]".to_vec(), "object"),
        ("text", b"\"echo\"".to_vec(), "object"),
        ("null", b"null".to_vec(), "object"),
        ("a number", b"7".to_vec(), "object"),
    ])
    .await;
}

#[tokio::test]
async fn types_that_are_no_names_are_refused() {
    let long = "x".repeat(129);
    for name in [
        "",
        " ",
        "echo ",
        ".hidden",
        "a/b",
        "a\nb",
        "<script>alert(1)</script>",
        "Zoë",
        "\u{202e}ohce",
        &long,
    ] {
        let body = json!({"type": name}).to_string();
        each_is_refused(&[(&format!("type {name:?}"), body.into(), "/type")]).await;
    }
}

#[tokio::test]
async fn wishes_out_of_their_bounds_are_refused() {
    for (member, value) in [
        ("timeoutSeconds", json!(0)),
        ("timeoutSeconds", json!(-1)),
        ("timeoutSeconds", json!(1e308)),
        ("retry", json!({"maxAttempts": 0})),
        ("retry", json!({"maxAttempts": 4_294_967_296_u64})),
        ("retry", json!({"initialDelay": -0.1})),
        ("retry", json!({"jitter": 2})),
        ("retry", json!({"backoff": "random"})),
        ("retry", json!([])),
        ("tags", json!(vec!["tag"; 33])),
        ("tags", json!("tag")),
        ("payload", json!("text")),
        ("metadata", json!(null)),
    ] {
        let body = with(member, &value.to_string());
        each_is_refused(&[(&format!("{member} {value}"), body.into(), &format!("/{member}"))]).await;
    }
}

/// One bad job in a batch is one bad job.
#[tokio::test]
async fn bad_jobs_in_a_batch_do_not_touch_the_good_ones() {
    let observatory = SHARED.get().await;
    let lines = [
        r#"{"type":"echo"}"#,
        r#"{"type":"echo","payload":{"a":"\u0000"}}"#,
        r#"{"type":"echo","createdAt":"0000-01-01T00:00:00Z"}"#,
        r#"{"type":"echo""#,
        r"[[[[",
        r#"{"type":"echo","id":"urn:uuid:0191d2a0-7c1e-7000-8000-000000000001"}"#,
        r#"{"type":"echo"}"#,
    ];
    let mut request = json_request("/jobs/batch", lines.join("\n"));
    request
        .headers_mut()
        .insert("content-type", "application/x-ndjson".parse().unwrap());
    let answer = observatory.gateway.send(request).await.unwrap();
    assert_eq!(answer.status, 202, "{:?}", answer.body);
    let answer = answer.json();
    assert_eq!(
        (&answer["accepted"], &answer["rejected"]),
        (&json!(2), &json!(5)),
        "{answer}"
    );
    let items = answer["items"].as_array().unwrap();
    assert_eq!(items.len(), lines.len());
    for (at, item) in items.iter().enumerate() {
        assert_eq!(item["index"], at, "{item}");
        match text(&item["jobId"]) {
            "" => assert!(!item["details"].as_array().unwrap().is_empty(), "{item}"),
            id => assert_eq!(observatory.wait_for_end(id).await["status"], "COMPLETED"),
        }
    }
}

/// Nothing of all that reached the bus.
#[tokio::test]
async fn what_the_door_refuses_never_becomes_a_dead_letter() {
    let observatory = SHARED.get().await;
    let body = with("payload", r#"{"text":"\u0000"}"#);
    assert_refused(&observatory, "NUL", json_request("/jobs", body), 400).await;
    let letters = observatory.read_model.get("/dead-letters").await.json();
    assert_eq!(letters["items"], json!([]));
    let metrics = observatory.metrics.get("/metrics").await;
    let rejected = crate::common::metric(metrics.text(), "processor_jobs_validation_failed_total");
    assert_eq!(rejected, Some(0.0));
}
