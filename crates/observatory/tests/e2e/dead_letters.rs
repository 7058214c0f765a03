//! Messages that no service could accept: read, corrected, replayed, discarded.

use std::sync::Arc;

use domain::SystemClock;
use embedded::{Database, OpenOptions};
use ports::{Headers, Message};
use serde_json::{Value, json};
use testkit::wait_for;

use crate::common::{Observatory, PATIENCE, Site, text};

/// An event that lacks its job's type.
fn event(job: &str) -> Value {
    json!({
        "contractVersion": "1.1.0", "eventType": "job.created", "eventId": uuid::Uuid::new_v4(),
        "occurredAt": "2026-01-02T03:04:05Z",
        "producer": {"service": "gateway", "instanceId": "test", "version": "0.0.0"},
        "correlationId": uuid::Uuid::new_v4(), "idempotencyKey": job,
        "payload": {"id": job, "status": "PENDING", "createdAt": "2026-01-02T03:04:05Z"},
    })
}

/// An observatory whose bus had such events on it.
pub(crate) async fn observatory_with(events: &[Value]) -> Observatory {
    let site = Site::new();
    let mut observatory = site.start(&[]).await;
    observatory.process.signal("TERM");
    assert_eq!(observatory.process.exit_code(PATIENCE).await, 0);
    drop(observatory);
    let database = Database::open(site.data(), OpenOptions::new(Arc::new(SystemClock))).unwrap();
    let message = |event: &Value| Message {
        routing_key: "job.created".into(),
        headers: Headers::default(),
        body: event.to_string().into(),
    };
    let messages: Vec<_> = events.iter().map(message).collect();
    database.bus().publish(ports::parcels(messages)).await.unwrap();
    database.close();
    site.start(&[]).await
}

/// Such an event with a job of its own.
pub(crate) fn bad_event() -> Value {
    event(&uuid::Uuid::new_v4().to_string())
}

/// The event as it should have been.
pub(crate) fn corrected(event: &Value) -> Value {
    let mut event = event.clone();
    event["payload"]["type"] = json!("echo");
    event
}

/// The letters in a state once there are so many. Each message makes two: one by the queue of work, one by the ledger.
pub(crate) async fn letters(observatory: &Observatory, state: &str, least: usize) -> Vec<Value> {
    wait_for(PATIENCE, &format!("{least} letters {state}"), || async move {
        let path = format!("/dead-letters?limit=500&state={state}");
        let letters = observatory.read_model.get(&path).await.json()["items"].clone();
        let letters = letters.as_array().unwrap().clone();
        if letters.len() >= least {
            Ok(letters)
        } else {
            Err(letters.len())
        }
    })
    .await
}

async fn open_letters(observatory: &Observatory) -> Value {
    observatory.read_model.get("/stats").await.json()["deadLetters"].clone()
}

#[tokio::test]
async fn a_letter_is_replayed_once_it_is_corrected() {
    let bad = bad_event();
    let observatory = observatory_with(std::slice::from_ref(&bad)).await;
    let open = letters(&observatory, "open", 2).await;
    let id = text(&open[0]["id"]);
    assert!(text(&open[0]["validationError"]).contains("type"), "{open:?}");
    let letter = observatory
        .read_model
        .get(&format!("/dead-letters/{id}"))
        .await
        .json();
    assert_eq!(
        (&letter["originalEvent"], &letter["state"]),
        (&bad, &json!("open"))
    );
    assert_eq!(open_letters(&observatory).await, open.len());

    let path = format!("/dead-letters/{id}/replay");
    let refused = observatory.gateway.ask("POST", &path).await;
    assert_eq!(refused.status, 400, "{:?}", refused.body);
    assert!(!refused.json()["details"].as_array().unwrap().is_empty());
    let good = corrected(&bad);
    let replayed = observatory.gateway.post(&path, &json!({"event": good})).await;
    assert_eq!(replayed.status, 202, "{:?}", replayed.body);
    let job = text(&good["payload"]["id"]);
    assert_eq!(
        (&replayed.json()["letterId"], &replayed.json()["jobId"]),
        (&json!(id), &json!(job))
    );
    assert_eq!(observatory.wait_for_end(job).await["status"], "COMPLETED");

    let again = observatory.gateway.post(&path, &json!({"event": good})).await;
    assert_eq!(again.status, 409, "{:?}", again.body);
    assert!(
        letters(&observatory, "replayed", 1)
            .await
            .iter()
            .any(|letter| letter["id"] == *id)
    );
    let unknown = format!("/dead-letters/{}/replay", uuid::Uuid::new_v4());
    assert_eq!(observatory.gateway.ask("POST", &unknown).await.status, 404);
}

#[tokio::test]
async fn letters_are_discarded_one_by_one_and_all_at_once() {
    let bad: Vec<_> = (0..5).map(|_| bad_event()).collect();
    let observatory = observatory_with(&bad).await;
    let open = letters(&observatory, "open", 10).await;
    let id = text(&open[0]["id"]);
    let one = observatory
        .gateway
        .ask("POST", &format!("/dead-letters/{id}/discard"))
        .await;
    assert_eq!(one.status, 200, "{:?}", one.body);

    let all = json!({"all": true, "dryRun": true});
    let left = open.len() - 1;
    let counted = observatory.gateway.post("/dead-letters:discard", &all).await;
    assert_eq!(counted.json(), json!({"matched": left, "complete": true}));
    let done = observatory
        .gateway
        .post("/dead-letters:discard", &json!({"all": true}))
        .await;
    let summary = done.json_lines().pop().unwrap()["summary"].clone();
    assert_eq!(
        (&summary["done"], &summary["complete"]),
        (&json!(left), &json!(true)),
        "{summary}"
    );
    observatory
        .wait_for_stats("no letter to be open", |stats| stats["deadLetters"] == 0)
        .await;
}
