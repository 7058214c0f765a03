//! Unique keys in a batch: each job gets its key, or is told who has it.

use contracts::JobStatus;
use serde_json::{Value, json};

use super::stubs::{StoreMood, StubJob, away};
use super::support::{Answer, App, Mood, id};

const ARRAY: [(&str, &str); 1] = [("content-type", "application/json")];

async fn batch(app: &App, jobs: &Value) -> Answer {
    app.post_to("/jobs/batch", &ARRAY, jobs.to_string()).await
}

fn keyed(key: &str) -> Value {
    json!({"type": "echo", "uniqueKey": key})
}

#[tokio::test]
async fn a_job_whose_key_is_held_is_rejected_with_its_holder() {
    let app = App::new();
    let first = app.post(keyed("a").to_string()).await.json();
    let answer = batch(
        &app,
        &json!([{"type": "echo"}, keyed("a"), keyed("b"), keyed("b")]),
    )
    .await;
    assert_eq!(answer.status, 202);
    let body = answer.json();
    assert_eq!((&body["accepted"], &body["rejected"]), (&json!(2), &json!(2)));
    assert_eq!(body["items"][1]["holder"], first["jobId"]);
    assert_eq!(
        body["items"][3]["holder"], body["items"][2]["jobId"],
        "in the order of the batch"
    );
    assert!(body["items"][0].get("holder").is_none());
    assert_eq!(app.bus.messages().len(), 3);
    let refused = "gateway_jobs_rejected_total{reason=\"unique-key-held\"";
    assert_eq!(app.metric(refused).await, Some(2.0));
}

#[tokio::test]
async fn keys_are_reserved_once_for_each_chunk() {
    let app = App::new();
    let jobs: Vec<Value> = (0..1_100).map(|number| keyed(&format!("key-{number}"))).collect();
    let body = batch(&app, &json!(jobs)).await.json();
    assert_eq!(body["accepted"], 1_100);
    assert_eq!(
        app.jobs.desk.calls(),
        ["reserve 500", "reserve 500", "reserve 100"]
    );
}

#[tokio::test]
async fn a_batch_of_held_keys_alone_is_a_conflict() {
    let app = App::new();
    app.post(keyed("a").to_string()).await;
    let problem = batch(&app, &json!([keyed("a"), {}])).await.problem(409);
    assert!(problem["type"].as_str().unwrap().ends_with("/unique-key-held"));
    assert!(problem["items"][0]["holder"].is_string());
    assert_eq!(problem["rejected"], 2);
}

#[tokio::test]
async fn a_batch_that_is_sent_again_is_the_same_jobs() {
    let app = App::new();
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", "night-run"),
    ];
    let jobs = json!([keyed("a"), keyed("b")]).to_string();
    let first = app.post_to("/jobs/batch", &headers, jobs.clone()).await.json();
    assert_eq!(
        app.post_to("/jobs/batch", &headers, jobs.clone()).await.json(),
        first
    );

    let done: Vec<_> = [0, 1]
        .map(|at| first["items"][at]["jobId"].as_str().unwrap().parse().unwrap())
        .into();
    app.jobs.with(|held| {
        held.jobs = done
            .iter()
            .map(|id| StubJob::new(*id, JobStatus::Completed))
            .collect();
        for (holder, _) in held.keys.values_mut() {
            *holder = id(9);
        }
    });
    assert_eq!(app.post_to("/jobs/batch", &headers, jobs).await.json(), first);
}

#[tokio::test(start_paused = true)]
async fn without_the_store_jobs_without_a_key_go_through() {
    for mood in [StoreMood::Hangs, StoreMood::Fails(away())] {
        let app = App::new();
        app.jobs.desk.set(mood);
        let mut jobs = vec![keyed("a"), json!({"type": "echo"})];
        jobs.resize(700, json!({"type": "echo"}));
        jobs.push(keyed("b"));
        let body = batch(&app, &json!(jobs)).await.json();
        assert_eq!((&body["accepted"], &body["rejected"]), (&json!(699), &json!(2)));
        assert!(
            body["items"][700]["error"]
                .as_str()
                .unwrap()
                .contains("job store")
        );
        assert_eq!(app.jobs.desk.calls().len(), 1, "it is not asked again");

        batch(&app, &json!([keyed("a")])).await.degraded("job store");
    }
}

#[tokio::test]
async fn jobs_that_the_bus_did_not_take_give_their_keys_up() {
    let app = App::new();
    app.bus.set(Mood::FailsAfter(1));
    let jobs: Vec<Value> = (0..1_100).map(|number| keyed(&format!("key-{number}"))).collect();
    assert_eq!(batch(&app, &json!(jobs)).await.json()["accepted"], 500);
    assert_eq!(
        app.jobs.desk.calls(),
        ["reserve 500", "reserve 500", "reserve 500"]
    );
    app.bus.set(Mood::Fine);
    assert_eq!(app.post(keyed("key-500").to_string()).await.status, 202);
    app.post(keyed("key-499").to_string()).await.problem(409);
}
