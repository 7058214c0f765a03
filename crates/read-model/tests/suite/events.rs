//! Events.

use contracts::{EventType, Producer};
use ports::LoggedEvent;
use serde_json::json;

use super::support::{App, event, id};

fn logged(event_type: EventType, attempt: u32) -> LoggedEvent {
    let event = event(event_type, attempt, 1);
    let producer = Producer {
        service: "processor".into(),
        instance_id: "w".into(),
        version: "1.2.3".into(),
    };
    LoggedEvent {
        event_id: event.id(),
        job_id: event.job_id,
        event_type,
        occurred_at: event.at,
        body: serde_json::to_vec(&event.envelope(producer).unwrap())
            .unwrap()
            .into(),
    }
}

#[tokio::test]
async fn events_are_an_array_of_envelopes_as_they_were_published() {
    let app = App::new();
    assert_eq!(app.get("/events").await.good(), json!([]));
    app.events
        .events
        .lock()
        .unwrap()
        .extend([logged(EventType::Completed, 1), logged(EventType::Created, 0)]);
    let events = app.get("/events").await.good();
    assert_eq!(events[0]["eventType"], "job.completed");
    for event in events.as_array().unwrap() {
        contracts::validator().event(event).unwrap();
    }
    assert!(app.events.last().ends_with("None 50"), "{}", app.events.last());
}

#[tokio::test]
async fn event_filters_reach_the_log() {
    let app = App::new();
    app.get(&format!("/events?jobId={}&type=job.failed&limit=500", id(3)))
        .await
        .good();
    let asked = app.events.last();
    assert!(asked.contains(&format!("job_id: Some({})", id(3))), "{asked}");
    assert!(
        asked.contains("event_type: Some(Failed)") && asked.ends_with("500"),
        "{asked}"
    );
}

#[tokio::test]
async fn an_event_that_does_not_read_is_an_error_and_not_skipped() {
    let app = App::new();
    let mut broken = logged(EventType::Created, 0);
    broken.body = bytes::Bytes::from_static(b"{");
    app.events.events.lock().unwrap().push(broken);
    assert_eq!(
        app.get("/events").await.problem(500)["degraded"],
        json!(["event log"])
    );
}
