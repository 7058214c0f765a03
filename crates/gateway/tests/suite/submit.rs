//! A good job, and the message that it becomes.

use contracts::{Envelope, EventType, Job, JobStatus};
use domain::event_id;
use serde_json::{Value, json};

use super::support::{App, NOW};

const ID: &str = "0191d2a0-7c1e-7000-8000-00000000000a";
const CORRELATION: &str = "0191d2a0-7c1e-7000-8000-00000000000c";
const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[tokio::test]
async fn a_full_job_of_the_published_clients_is_accepted_under_its_own_id() {
    let app = App::new();
    let job = json!({"id": ID, "type": "TEST", "status": "PENDING", "payload": {"n": 1}, "createdAt": NOW});
    let answer = app.post(job.to_string()).await;
    assert_eq!(answer.status, 202);
    let expected_event = event_id(ID.parse().unwrap(), 0, EventType::Created).to_string();
    assert_eq!(answer.json(), json!({"jobId": ID, "eventId": expected_event}));
    contracts::validator().job_accepted(&answer.json()).unwrap();
}

#[tokio::test]
async fn the_published_event_is_complete() {
    let app = App::new();
    let headers = [("x-correlation-id", CORRELATION), ("traceparent", TRACE)];
    let job = json!({"id": ID, "type": "echo", "payload": {"text": "ü"}, "colour": "red"});
    let answer = app.post_with(&headers, job.to_string()).await;
    assert_eq!(answer.headers["x-correlation-id"], CORRELATION);

    let [message] = &app.bus.messages()[..] else {
        panic!("one message")
    };
    assert_eq!(message.routing_key, "job.created");
    assert_eq!(message.headers.correlation_id, Some(CORRELATION.parse().unwrap()));
    assert_eq!(message.headers.traceparent.as_deref(), Some(TRACE));
    assert_eq!(message.headers.attempt, None);
    let envelope: Value = serde_json::from_slice(&message.body).unwrap();
    insta::assert_json_snapshot!(envelope);
    contracts::validator().event(&envelope).unwrap();
}

#[tokio::test]
async fn a_type_is_enough() {
    let app = App::new();
    let answer = app.post(r#"{"type":"echo"}"#).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    let message = app.bus.messages().remove(0);
    let envelope = Envelope::from_slice(&message.body).unwrap();
    let job: Job = envelope.job().unwrap();
    assert_eq!(
        (&*job.job_type, job.status, job.created_at.to_string()),
        ("echo", JobStatus::Pending, NOW.into())
    );
    assert!(job.payload.is_none());
    assert_eq!(answer.json()["jobId"], job.id.to_string());
    assert_eq!(message.headers.correlation_id, Some(envelope.correlation_id));
    assert_eq!(
        answer.headers["x-correlation-id"],
        envelope.correlation_id.to_string()
    );
}

#[tokio::test]
async fn every_spelling_of_a_job_is_published_in_one_form() {
    let app = App::new();
    let spelled =
        json!({"id": ID.to_uppercase(), "type": "echo", "createdAt": "2026-01-02T08:04:05.000+05:00"});
    let plain = json!({"createdAt": NOW, "status": "PENDING", "type": "echo", "id": ID});
    let correlation = [("x-correlation-id", CORRELATION)];
    app.post_with(&correlation, spelled.to_string()).await;
    app.post_with(&correlation, plain.to_string()).await;
    let bodies: Vec<_> = app
        .bus
        .messages()
        .into_iter()
        .map(|message| message.body)
        .collect();
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test]
async fn submissions_are_counted_and_types_are_bounded() {
    let app = App::new();
    for number in 0..210 {
        app.post(json!({"type": format!("kind-{number}")}).to_string())
            .await;
    }
    app.post(r#"{"type":"not a type"}"#).await;
    assert_eq!(app.metric("gateway_jobs_accepted_total").await, Some(210.0));
    assert_eq!(
        app.metric("gateway_jobs_submitted_total{type=\"kind-0\"").await,
        Some(1.0)
    );
    assert_eq!(
        app.metric("gateway_jobs_submitted_total{type=\"other\"").await,
        Some(10.0)
    );
    assert_eq!(
        app.metric("gateway_jobs_rejected_total{reason=\"invalid-job\"")
            .await,
        Some(1.0)
    );
    let text = app.get("/metrics").await.text();
    assert!(!text.contains("not a type"));
}
