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
async fn older_events_are_where_the_link_says() {
    let app = App::new();
    let of_attempts = (1..=5).map(|attempt| logged(EventType::Completed, attempt));
    app.events.events.lock().unwrap().extend(of_attempts);
    let mut seen = Vec::new();
    let mut path = format!("/events?limit=2&jobId={}&type=job.completed", id(1));
    loop {
        let answer = app.get(&path).await;
        seen.extend(answer.good().as_array().unwrap().clone());
        assert!(app.events.last().contains("event_type: Some(Completed)"));
        let Some(link) = answer.headers.get("link") else {
            break;
        };
        let (target, relation) = link.to_str().unwrap().split_once('>').unwrap();
        assert_eq!(relation, "; rel=\"next\"");
        target.trim_start_matches('<').clone_into(&mut path);
    }
    let expected: Vec<_> = (1..=5)
        .map(|attempt| json!(logged(EventType::Completed, attempt).event_id))
        .collect();
    let seen: Vec<_> = seen.iter().map(|event| event["eventId"].clone()).collect();
    assert_eq!(seen, expected);
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
