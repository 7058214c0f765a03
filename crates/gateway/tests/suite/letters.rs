//! One dead letter: replayed as it was or corrected, or put aside.

use std::time::Duration;

use ports::{BusError, LetterState};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::stubs::{StoreMood, away};
use super::support::{Answer, App, Mood, id};

const CORRELATION: &str = "0191d2a0-7c1e-7000-8000-00000000000c";

/// A good event about the job of this number.
pub(crate) fn event(number: u128) -> Value {
    json!({
        "contractVersion": "1.1.0", "eventType": "job.created", "eventId": id(1_000 + number),
        "occurredAt": "2026-01-02T03:04:05Z",
        "producer": {"service": "shop", "instanceId": "shop-1", "version": "1.0.0"},
        "correlationId": CORRELATION, "idempotencyKey": "order-4711",
        "payload": {"id": id(number), "type": "echo", "status": "PENDING", "createdAt": "2026-01-02T03:04:05Z"},
    })
}

/// An event whose job has no type.
pub(crate) fn bad_event(number: u128) -> Value {
    let mut event = event(number);
    event["payload"].as_object_mut().unwrap().remove("type");
    event
}

fn app_with(original: Value) -> App {
    let app = App::new();
    app.events.add(id(1), original);
    app
}

async fn replay(app: &App, body: &Value) -> Answer {
    app.command("POST", &format!("/dead-letters/{}/replay", id(1)), body)
        .await
}

fn state(app: &App) -> LetterState {
    app.events.state(id(1)).unwrap()
}

#[tokio::test]
async fn a_letter_is_replayed_as_it_was() {
    let app = app_with(event(7));
    let answer = app.call("POST", &format!("/dead-letters/{}/replay", id(1))).await;
    let expected = json!({"letterId": id(1), "jobId": id(7), "eventId": id(1_007)});
    assert_eq!((answer.status.as_u16(), answer.json()), (202, expected));
    let message = app.bus.messages().remove(0);
    assert_eq!(
        (&*message.routing_key, message.headers.attempt),
        ("job.created", None)
    );
    assert_eq!(message.headers.correlation_id, Some(CORRELATION.parse().unwrap()));
    assert_eq!(serde_json::from_slice::<Value>(&message.body).unwrap(), event(7));
    assert_eq!(state(&app), LetterState::Replayed);
}

#[tokio::test]
async fn an_event_is_published_under_its_own_routing_key() {
    let mut urgent = event(7);
    urgent["payload"]["priority"] = json!("high");
    let mut completed = event(7);
    completed["eventType"] = json!("job.completed");
    for (event, key) in [(urgent, "job.created.high"), (completed, "job.completed")] {
        let app = app_with(event);
        assert_eq!(replay(&app, &json!({})).await.status, 202);
        assert_eq!(app.bus.messages()[0].routing_key, key);
    }
}

#[tokio::test]
async fn a_letter_is_replayed_as_it_was_corrected() {
    for original in [bad_event(7), json!("{broken"), json!(7)] {
        let app = app_with(original);
        let answer = replay(&app, &json!({"event": event(8)})).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["jobId"]),
            (202, &json!(id(8)))
        );
        let body = &app.bus.messages()[0].body;
        assert_eq!(serde_json::from_slice::<Value>(body).unwrap(), event(8));
        assert_eq!(state(&app), LetterState::Replayed);
    }
}

#[tokio::test]
async fn an_event_that_is_still_bad_is_refused_with_the_reasons() {
    let long = {
        let mut event = event(7);
        event["payload"]["type"] = json!("x".repeat(300));
        event
    };
    let mut far = event(7);
    far["payload"]["createdAt"] = json!("99999-01-01T00:00:00Z");
    for (original, place) in [
        (bad_event(7), "/payload"),
        (json!("{broken"), ""),
        (json!({}), ""),
        (long, "/payload/type"),
        (far, "/payload/createdAt"),
    ] {
        let app = app_with(original.clone());
        let as_it_was = replay(&app, &json!({})).await.problem(400);
        assert!(as_it_was["type"].as_str().unwrap().ends_with("/invalid-event"));
        assert_eq!(as_it_was["details"][0]["path"], place, "{as_it_was}");
        if original.is_object() {
            let corrected = replay(&app, &json!({"event": original})).await.problem(400);
            assert_eq!(corrected["details"], as_it_was["details"]);
        }
        assert_eq!((state(&app), app.bus.publications()), (LetterState::Open, 0));
    }
}

#[tokio::test]
async fn a_correction_that_is_no_object_is_refused() {
    let app = app_with(event(7));
    for event in [json!("{}"), json!([]), json!(null)] {
        let problem = replay(&app, &json!({"event": event})).await.problem(400);
        assert_eq!(problem["details"][0]["path"], "/event");
    }
    assert_eq!(app.bus.publications(), 0);
}

#[tokio::test]
async fn an_event_as_large_as_any_job_can_be_corrected() {
    let app = app_with(json!("{broken"));
    let mut large = event(7);
    large["payload"]["payload"] = json!({"text": "x".repeat(1024 * 1024 - 1000)});
    assert_eq!(replay(&app, &json!({"event": large})).await.status, 202);
}

#[tokio::test]
async fn a_letter_is_put_aside() {
    let app = app_with(bad_event(7));
    let answer = app
        .call("POST", &format!("/dead-letters/{}/discard", id(1)))
        .await;
    let expected = json!({"letterId": id(1), "state": "discarded"});
    assert_eq!((answer.status.as_u16(), answer.json()), (200, expected));
    assert_eq!((state(&app), app.bus.publications()), (LetterState::Discarded, 0));
}

#[tokio::test]
async fn an_unknown_letter_is_a_404() {
    let app = App::new();
    for command in ["replay", "discard"] {
        let problem = app
            .call("POST", &format!("/dead-letters/{}/{command}", id(1)))
            .await
            .problem(404);
        assert_eq!(problem["detail"], format!("no dead letter has the id {}", id(1)));
        app.call("POST", &format!("/dead-letters/42/{command}"))
            .await
            .problem(400);
    }
}

#[tokio::test]
async fn a_letter_is_dealt_with_once() {
    for (first, state) in [("replay", "replayed"), ("discard", "discarded")] {
        let app = app_with(event(7));
        app.call("POST", &format!("/dead-letters/{}/{first}", id(1)))
            .await;
        let published = app.bus.publications();
        for second in ["replay", "discard"] {
            let answer = app
                .call("POST", &format!("/dead-letters/{}/{second}", id(1)))
                .await;
            let problem = answer.problem(409);
            assert_eq!(
                (&problem["state"], &problem["letterId"]),
                (&json!(state), &json!(id(1)))
            );
        }
        assert_eq!(app.bus.publications(), published);
    }
}

#[tokio::test]
async fn a_letter_stays_open_while_the_bus_is_away() {
    let app = app_with(event(7));
    app.bus
        .set(Mood::Fails(BusError::Unavailable("secret".to_owned())));
    let answer = replay(&app, &json!({})).await;
    assert_eq!(answer.headers["retry-after"], "1");
    let problem = answer.problem(503);
    assert_eq!(problem["error"], "Failed to replay dead letter");
    assert!(!answer.text().contains("secret"));
    assert_eq!(state(&app), LetterState::Open);
}

#[tokio::test]
async fn a_log_that_goes_away_after_the_publication_leaves_it_open_and_repeating_is_the_same_event() {
    let app = app_with(event(7));
    app.events.desk.set(StoreMood::FailsAfter(1));
    let problem = replay(&app, &json!({})).await.degraded("event log");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("the event is published"),
        "{problem}"
    );
    app.events.desk.set(StoreMood::Fine);
    assert_eq!(replay(&app, &json!({})).await.status, 202);
    let bodies: Vec<_> = app
        .bus
        .messages()
        .into_iter()
        .map(|message| message.body)
        .collect();
    assert_eq!((bodies.len(), &bodies[0]), (2, &bodies[1]));
}

#[tokio::test(start_paused = true)]
async fn a_log_that_is_away_is_told_in_bounded_time() {
    for mood in [StoreMood::Hangs, StoreMood::Fails(away())] {
        for command in ["replay", "discard"] {
            let app = app_with(event(7));
            app.events.desk.set(mood.clone());
            let started = Instant::now();
            app.call("POST", &format!("/dead-letters/{}/{command}", id(1)))
                .await
                .degraded("event log");
            assert!(started.elapsed() <= Duration::from_secs(2));
        }
    }
}

#[tokio::test]
async fn commands_are_counted() {
    let app = app_with(bad_event(7));
    replay(&app, &json!({})).await.problem(400);
    app.call("POST", &format!("/dead-letters/{}/discard", id(1)))
        .await;
    for (command, outcome) in [
        ("replay-dead-letter", "invalid-event"),
        ("discard-dead-letter", "done"),
    ] {
        let name = format!("gateway_commands_total{{command=\"{command}\",outcome=\"{outcome}\"");
        assert_eq!(app.metric(&name).await, Some(1.0), "{name}");
    }
}
