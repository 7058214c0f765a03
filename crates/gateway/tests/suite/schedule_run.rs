//! A schedule's job, because somebody wants it now.

use contracts::Envelope;
use ports::BusError;
use serde_json::{Value, json};

use super::support::{App, Mood};

async fn app_with(job: Value) -> App {
    let app = App::new();
    let schedule = json!({"name": "nightly", "cron": "0 3 * * *", "paused": true, "job": job});
    assert_eq!(app.command("POST", "/schedules", &schedule).await.status, 201);
    app
}

#[tokio::test]
async fn the_job_is_published_as_any_submission_under_the_schedules_name() {
    let app =
        app_with(json!({"type": "report", "payload": {"n": 1}, "priority": "low", "tags": ["t"]})).await;
    let answer = app.call("POST", "/schedules/nightly/run").await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    contracts::validator().job_accepted(&answer.json()).unwrap();

    let message = app.bus.messages().remove(0);
    assert_eq!(message.routing_key, "job.created.low");
    let envelope = Envelope::from_slice(&message.body).unwrap();
    let job = envelope.job().unwrap();
    assert_eq!(answer.json()["jobId"], job.id.to_string());
    assert_eq!(answer.json()["eventId"], envelope.event_id.to_string());
    assert_eq!(
        (job.schedule.as_deref(), &*job.job_type),
        (Some("nightly"), "report")
    );
    assert_eq!((job.run_at, job.payload.unwrap().get()), (None, "{\"n\":1}"));
    let counted = "gateway_commands_total{command=\"run-schedule\",outcome=\"done\"";
    assert_eq!(app.metric(counted).await, Some(1.0));
}

#[tokio::test]
async fn every_run_is_a_job_of_its_own_unless_a_key_names_it() {
    let app = app_with(json!({"type": "report"})).await;
    let run = || async { app.call("POST", "/schedules/nightly/run").await.json() };
    assert_ne!(run().await, run().await);

    let headers = [("idempotency-key", "order-4711")];
    let first = app.post_to("/schedules/nightly/run", &headers, "").await;
    let second = app.post_to("/schedules/nightly/run", &headers, "").await;
    assert_eq!((first.status.as_u16(), first.json()), (202, second.json()));
    let none = [("idempotency-key", "two words")];
    app.post_to("/schedules/nightly/run", &none, "")
        .await
        .problem(400);
}

#[tokio::test]
async fn a_key_that_is_held_is_a_conflict_that_names_the_holder() {
    let app = app_with(json!({"type": "report", "uniqueKey": "report"})).await;
    let first = app.call("POST", "/schedules/nightly/run").await.json();
    let problem = app.call("POST", "/schedules/nightly/run").await.problem(409);
    assert_eq!(problem["jobId"], first["jobId"]);
}

#[tokio::test]
async fn a_bus_that_is_away_is_a_503() {
    let app = app_with(json!({"type": "report"})).await;
    app.bus
        .set(Mood::Fails(BusError::Unavailable("secret".to_owned())));
    let answer = app.call("POST", "/schedules/nightly/run").await;
    answer.problem(503);
    assert!(!answer.text().contains("secret"));
}
