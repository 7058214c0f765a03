//! At most one job that has not ended under each unique key.

use serde_json::{Value, json};
use testkit::wait_for;

use super::SHARED;
use crate::common::{Observatory, PATIENCE, text};

fn key() -> String {
    format!("invoice-{}", uuid::Uuid::new_v4())
}

fn later(key: &str) -> Value {
    json!({"type": "echo", "uniqueKey": key, "delay": "1h"})
}

/// Submits a job as soon as its key is free.
async fn accepted_in_time(observatory: &Observatory, job: &Value) -> String {
    wait_for(PATIENCE, "the key to be free", || async move {
        let answer = observatory.gateway.post("/jobs", job).await;
        match answer.status {
            202 => Ok(text(&answer.json()["jobId"]).to_owned()),
            409 => Err("held"),
            other => panic!("{other}: {:?}", answer.body),
        }
    })
    .await
}

#[tokio::test]
async fn a_second_job_under_the_key_is_refused_and_told_who_holds_it() {
    let observatory = SHARED.get().await;
    let key = key();
    let holder = observatory.submit(&later(&key)).await;
    let refused = observatory.gateway.post("/jobs", &later(&key)).await;
    assert_eq!(refused.status, 409, "{:?}", refused.body);
    let problem = refused.json();
    assert_eq!(
        (&problem["jobId"], &problem["uniqueKey"]),
        (&json!(holder), &json!(key))
    );
    assert!(text(&problem["type"]).ends_with("/unique-key-held"), "{problem}");
    assert_eq!(observatory.find(&format!("key:{key}")).await.len(), 1);
}

#[tokio::test]
async fn the_key_is_free_once_its_job_has_ended_or_was_cancelled() {
    let observatory = SHARED.get().await;
    let key = key();
    let first = json!({"type": "sleep", "payload": {"ms": 300}, "uniqueKey": key});
    let first = observatory.submit(&first).await;
    let second = accepted_in_time(&observatory, &later(&key)).await;
    assert_eq!(observatory.job(&first).await.unwrap()["status"], "COMPLETED");

    observatory.wait_for_status(&second, "SCHEDULED").await;
    assert_eq!(observatory.gateway.post("/jobs", &later(&key)).await.status, 409);
    let cancelled = observatory
        .gateway
        .ask("POST", &format!("/jobs/{second}/cancel"))
        .await;
    assert_eq!(cancelled.status, 200, "{:?}", cancelled.body);
    let third = json!({"type": "echo", "uniqueKey": key});
    assert_eq!(observatory.run(&third).await["status"], "COMPLETED", "at once");
}

#[tokio::test]
async fn the_same_job_again_is_no_conflict_with_itself() {
    let observatory = SHARED.get().await;
    let mut job = later(&key());
    job["id"] = json!(uuid::Uuid::new_v4());
    let first = observatory.gateway.post("/jobs", &job).await;
    let again = observatory.gateway.post("/jobs", &job).await;
    assert_eq!((first.status, again.status), (202, 202));
    assert_eq!(first.json(), again.json());
}

#[tokio::test]
async fn a_job_of_a_batch_whose_key_is_held_is_rejected_alone_and_told_who_holds_it() {
    let observatory = SHARED.get().await;
    let key = key();
    let holder = observatory.submit(&later(&key)).await;
    let jobs = json!([{"type": "echo"}, later(&key), {"type": "echo"}]);
    let answer = observatory.gateway.post("/jobs/batch", &jobs).await;
    assert_eq!(answer.status, 202, "{:?}", answer.body);
    let answer = answer.json();
    assert_eq!((&answer["accepted"], &answer["rejected"]), (&json!(2), &json!(1)));
    assert_eq!(answer["items"][1]["holder"], holder, "{answer}");
}

/// A client that never heard of its job's end asks again. That is no reason to keep others waiting.
#[tokio::test]
async fn a_repetition_of_a_job_that_has_ended_does_not_keep_the_key() {
    let observatory = SHARED.get().await;
    let key = key();
    let job = json!({"type": "echo", "uniqueKey": key, "id": uuid::Uuid::new_v4()});
    observatory.run(&job).await;
    assert_eq!(observatory.gateway.post("/jobs", &job).await.status, 202);
    observatory.echoes("the repetition").await;
    let other = json!({"type": "echo", "uniqueKey": key});
    let id = accepted_in_time(&observatory, &other).await;
    assert_eq!(observatory.wait_for_end(&id).await["status"], "COMPLETED");
}
