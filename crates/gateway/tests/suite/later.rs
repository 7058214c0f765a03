//! Jobs that wait for their time, or go before others.

use contracts::Envelope;
use ports::Message;
use serde_json::{Value, json};

use super::support::App;

async fn published(job: Value) -> Message {
    let app = App::new();
    let answer = app.post(job.to_string()).await;
    assert_eq!(answer.status, 202, "{job}: {}", answer.text());
    app.bus.messages().remove(0)
}

async fn run_at(job: Value) -> String {
    let message = published(job).await;
    let body: Value = serde_json::from_slice(&message.body).unwrap();
    assert!(body["payload"].get("delay").is_none(), "{body}");
    let read = Envelope::from_slice(&message.body).unwrap().job().unwrap();
    let written = body["payload"]["runAt"].as_str().unwrap();
    assert_eq!(read.run_at.unwrap().to_string(), written);
    written.to_owned()
}

#[tokio::test]
async fn a_delay_becomes_the_moment_that_it_leads_to() {
    for (delay, moment) in [
        ("2s", "2026-01-02T03:04:07Z"),
        ("1h30m", "2026-01-02T04:34:05Z"),
        ("500ms", "2026-01-02T03:04:05.5Z"),
        ("0s", "2026-01-02T03:04:05Z"),
    ] {
        assert_eq!(run_at(json!({"type": "echo", "delay": delay})).await, moment);
    }
}

#[tokio::test]
async fn a_moment_is_published_in_utc_to_the_microsecond() {
    for (given, moment) in [
        ("2026-02-01T12:00:00+02:00", "2026-02-01T10:00:00Z"),
        ("2026-02-01T12:00:00.123456789Z", "2026-02-01T12:00:00.123456Z"),
        ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z"),
    ] {
        assert_eq!(run_at(json!({"type": "echo", "runAt": given})).await, moment);
    }
}

#[tokio::test]
async fn times_that_cannot_be_meant_are_refused_with_their_place() {
    for (name, value, words) in [
        ("delay", json!("50"), "match"),
        ("delay", json!("30m1h"), "out of order"),
        (
            "delay",
            json!("99999999999999999999d"),
            "longer than can be counted",
        ),
        ("delay", json!("213503982334d"), "10 years"),
        ("delay", json!("4000d"), "10 years"),
        ("delay", json!(5), "string"),
        ("delay", json!("1.5h"), "match"),
        ("runAt", json!("2036-06-01T00:00:00Z"), "10 years"),
        ("runAt", json!("9999-12-30T00:00:00Z"), "10 years"),
        ("runAt", json!("99999-01-01T00:00:00Z"), "date-time"),
        ("runAt", json!("tomorrow"), "date-time"),
        ("schedule", json!("nightly"), "schedules alone"),
        ("schedule", json!(7), "schedules alone"),
        ("priority", json!("urgent"), "high"),
        ("uniqueKey", json!(""), "empty"),
        ("uniqueKey", json!("k".repeat(256)), "255"),
    ] {
        let app = App::new();
        let mut job = json!({"type": "echo"});
        job[name] = value.clone();
        let problem = app.post(job.to_string()).await.problem(400);
        assert_eq!(problem["details"][0]["path"], format!("/{name}"), "{problem}");
        let message = problem["details"][0]["message"].as_str().unwrap();
        assert!(message.contains(words), "{name} {value}: {message}");
        assert_eq!(app.bus.publications(), 0);
    }
}

#[tokio::test]
async fn a_delay_and_a_moment_contradict_each_other() {
    let app = App::new();
    let job = json!({"type": "echo", "delay": "2s", "runAt": "2026-02-01T12:00:00Z"});
    let problem = app.post(job.to_string()).await.problem(400);
    assert_eq!(problem["detail"], "/delay: must not be given together with runAt");
}

#[tokio::test]
async fn a_job_is_announced_under_its_priority() {
    for (priority, key) in [
        ("high", "job.created.high"),
        ("normal", "job.created"),
        ("low", "job.created.low"),
    ] {
        let message = published(json!({"type": "echo", "priority": priority})).await;
        assert_eq!(message.routing_key, key);
    }
    assert_eq!(
        published(json!({"type": "echo"})).await.routing_key,
        "job.created"
    );
}
