//! Many jobs at once.

use std::time::Duration;

use gateway::GatewayConfig;
use ports::BusError;
use serde_json::{Value, json};

use super::support::{Answer, App, Mood};

const LINES: [(&str, &str); 1] = [("content-type", "application/x-ndjson")];
const ARRAY: [(&str, &str); 1] = [("content-type", "application/json")];

async fn array(app: &App, body: &str) -> Answer {
    app.post_to("/jobs/batch", &ARRAY, body.to_owned()).await
}

async fn lines(app: &App, body: &str) -> Answer {
    app.post_to("/jobs/batch", &LINES, body.to_owned()).await
}

fn many(count: usize) -> String {
    json!(vec![json!({"type": "echo"}); count]).to_string()
}

#[tokio::test]
async fn every_job_has_its_own_entry_in_order() {
    let app = App::new();
    let id = "0191d2a0-7c1e-7000-8000-00000000000a";
    let body = format!(r#"[{{"type":"echo","id":"{id}"}},{{"type":"no type"}},7,{{"type":"sleep"}}]"#);
    let answer = array(&app, &body).await;
    assert_eq!(answer.status, 202);
    insta::assert_json_snapshot!(answer.json());
    assert_eq!(app.bus.messages().len(), 2);
    assert_eq!(app.metric("gateway_jobs_accepted_total").await, Some(2.0));
    assert_eq!(
        app.metric("gateway_jobs_rejected_total{reason=\"invalid-job\"")
            .await,
        Some(2.0)
    );
}

#[tokio::test]
async fn lines_are_read_on_their_own() {
    let app = App::new();
    let answer = lines(
        &app,
        "{\"type\":\"echo\"}\r\n\n{broken\n{\"type\":\"echo\",\"type\":\"x\"}\n{\"type\":\"echo\"}",
    )
    .await;
    assert_eq!(answer.status, 202);
    let body = answer.json();
    assert_eq!((&body["accepted"], &body["rejected"]), (&json!(2), &json!(2)));
    let failed: Vec<_> = body["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|item| item["error"].is_string())
        .collect();
    assert_eq!(
        failed
            .iter()
            .map(|item| item["index"].as_u64().unwrap())
            .collect::<Vec<_>>(),
        [1, 2]
    );
}

#[tokio::test]
async fn a_large_batch_is_published_in_chunks_and_answered_in_order() {
    let app = App::new();
    let answer = array(&app, &many(1201)).await.json();
    assert_eq!(
        (
            &answer["accepted"],
            app.bus.messages().len(),
            app.bus.publications()
        ),
        (&json!(1201), 1201, 3)
    );
    for (index, item) in answer["items"].as_array().unwrap().iter().enumerate() {
        assert_eq!(item["index"], index);
        let body: Value = serde_json::from_slice(&app.bus.messages()[index].body).unwrap();
        assert_eq!(item["jobId"], body["payload"]["id"]);
        assert_eq!(item["eventId"], body["eventId"]);
        if index > 20 {
            break;
        }
    }
}

#[tokio::test]
async fn a_batch_without_a_valid_job_is_a_400_that_says_why_for_each() {
    let app = App::new();
    let problem = array(&app, r#"[{},{"type":""}]"#).await.problem(400);
    assert_eq!(problem["error"], "Invalid job data");
    assert_eq!(
        (&problem["accepted"], &problem["rejected"]),
        (&json!(0), &json!(2))
    );
    assert_eq!(problem["items"][1]["details"][0]["path"], "/type");
    assert_eq!(app.bus.publications(), 0);
}

#[tokio::test]
async fn what_is_no_batch_is_refused_as_a_whole() {
    let app = App::new();
    for body in [
        "",
        "{}",
        "[]",
        "[{\"type\":\"echo\"}",
        "[{\"type\":\"echo\"}]]",
        "null",
        "\"x\"",
    ] {
        assert_eq!(
            array(&app, body).await.problem(400)["error"],
            "Invalid job data",
            "{body}"
        );
    }
    lines(&app, "\n \n").await.problem(400);
    app.post_to("/jobs/batch", &[("content-type", "text/csv")], "a,b")
        .await
        .problem(415);
    assert_eq!(app.bus.publications(), 0);
}

#[tokio::test]
async fn a_batch_has_bounds() {
    let app = App::with(GatewayConfig {
        max_batch: 10,
        ..GatewayConfig::default()
    });
    assert_eq!(array(&app, &many(10)).await.status, 202);
    let problem = array(&app, &many(11)).await.problem(413);
    assert_eq!(problem["detail"], "the batch has more than 10 jobs");
    let huge = format!(
        "[{{\"type\":\"echo\",\"payload\":{{\"x\":\"{}\"}}}}]",
        "y".repeat(2 * 1024 * 1024)
    );
    let problem = array(&app, &huge).await.problem(400);
    assert!(
        problem["items"][0]["details"][0]["message"]
            .as_str()
            .unwrap()
            .contains("larger than"),
        "{problem}"
    );
}

#[tokio::test]
async fn when_the_bus_stops_taking_the_rest_is_told_so_and_not_tried() {
    let app = App::new();
    app.bus.set(Mood::FailsAfter(1));
    let answer = array(&app, &many(1600)).await;
    assert_eq!(answer.status, 202);
    let body = answer.json();
    assert_eq!(
        (&body["accepted"], &body["rejected"]),
        (&json!(500), &json!(1100))
    );
    assert!(
        body["items"][500]["error"].as_str().unwrap().contains("bus"),
        "{}",
        body["items"][500]
    );
    assert_eq!(app.bus.calls(), 2);
    assert!(!answer.text().contains("secret-broker"));
    assert_eq!(
        app.metric("gateway_jobs_rejected_total{reason=\"bus-unavailable\"")
            .await,
        Some(1100.0)
    );
}

#[tokio::test(start_paused = true)]
async fn a_bus_that_takes_nothing_makes_the_batch_a_503() {
    let app = App::new();
    for (mood, title) in [
        (Mood::Fails(BusError::Full("full".into())), "Bus full"),
        (Mood::Hangs, "Bus time-out"),
    ] {
        app.bus.set(mood);
        let started = tokio::time::Instant::now();
        let answer = array(&app, &many(3)).await;
        assert_eq!(answer.headers["retry-after"], "1");
        let problem = answer.problem(503);
        assert_eq!(
            (&problem["title"], &problem["rejected"]),
            (&json!(title), &json!(3))
        );
        assert!(started.elapsed() <= Duration::from_secs(2));
    }
}

#[tokio::test]
async fn what_is_left_when_the_time_is_over_is_not_tried() {
    let app = App::with(GatewayConfig {
        batch_timeout: Duration::ZERO,
        ..GatewayConfig::default()
    });
    let problem = array(&app, &many(600)).await.problem(503);
    assert_eq!(
        (&problem["title"], &problem["rejected"]),
        (&json!("Batch time-out"), &json!(600))
    );
    assert_eq!(app.bus.calls(), 0);
}

#[tokio::test]
async fn a_key_names_every_job_of_the_batch() {
    let app = App::new();
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", "night-run"),
    ];
    let first = app.post_to("/jobs/batch", &headers, many(3)).await.json();
    let second = app.post_to("/jobs/batch", &headers, many(3)).await.json();
    assert_eq!(first, second);
    assert_ne!(first["items"][0]["jobId"], first["items"][1]["jobId"]);
}
