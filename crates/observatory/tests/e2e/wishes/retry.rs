//! Jobs that clients revive after their end.

use serde_json::json;

use super::SHARED;
use crate::common::{Answer, Observatory, text};

async fn retry(observatory: &Observatory, id: &str) -> Answer {
    observatory
        .gateway
        .ask("POST", &format!("/jobs/{id}/retry"))
        .await
}

#[tokio::test]
async fn a_failed_job_begins_a_new_round_and_keeps_its_history() {
    let observatory = SHARED.get().await;
    let failed = observatory.run(&json!({"type": "no.such-type"})).await;
    let id = text(&failed["id"]);
    let answer = retry(&observatory, id).await;
    assert_eq!(
        (answer.status, answer.json()),
        (202, json!({"jobId": id, "status": "RETRYING"}))
    );
    observatory
        .wait_for_events(
            id,
            &[
                "job.created",
                "job.executed",
                "job.failed",
                "job.retrying",
                "job.executed",
                "job.failed",
            ],
        )
        .await;
    let again = observatory.wait_for_end(id).await;
    assert_eq!(
        (&again["status"], &again["attempt"]),
        (&json!("FAILED"), &json!(2)),
        "{again}"
    );
    assert_eq!(
        (&again["round"], &again["failures"]),
        (&json!(1), &json!(1)),
        "failures count anew: {again}"
    );
    assert_eq!(again["attempts"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_cancelled_job_may_be_wanted_after_all() {
    let observatory = SHARED.get().await;
    let id = observatory.submit(&json!({"type": "echo", "delay": "1h"})).await;
    observatory.wait_for_status(&id, "SCHEDULED").await;
    observatory
        .gateway
        .ask("POST", &format!("/jobs/{id}/cancel"))
        .await;
    assert_eq!(retry(&observatory, &id).await.status, 202);
    assert_eq!(observatory.wait_for_status(&id, "COMPLETED").await["round"], 1);
}

#[tokio::test]
async fn a_job_with_a_result_or_without_an_end_is_left_alone() {
    let observatory = SHARED.get().await;
    let done = observatory.run(&json!({"type": "echo"})).await;
    assert_eq!(retry(&observatory, text(&done["id"])).await.status, 409);
    let waiting = observatory.submit(&json!({"type": "echo", "delay": "1h"})).await;
    observatory.wait_for_status(&waiting, "SCHEDULED").await;
    assert_eq!(retry(&observatory, &waiting).await.status, 409);
    let unknown = uuid::Uuid::new_v4().to_string();
    assert_eq!(retry(&observatory, &unknown).await.status, 404);
}

#[tokio::test]
async fn a_job_that_has_ended_can_be_forgotten_and_one_that_has_not_cannot() {
    let observatory = SHARED.get().await;
    let waiting = observatory.submit(&json!({"type": "echo", "delay": "1h"})).await;
    observatory.wait_for_status(&waiting, "SCHEDULED").await;
    let refused = observatory
        .gateway
        .ask("DELETE", &format!("/jobs/{waiting}"))
        .await;
    assert_eq!(refused.status, 409, "{:?}", refused.body);
    let done = observatory.run(&json!({"type": "echo"})).await;
    let path = format!("/jobs/{}", text(&done["id"]));
    assert_eq!(observatory.gateway.ask("DELETE", &path).await.status, 204);
    assert_eq!(observatory.read_model.get(&path).await.status, 404);
    assert_eq!(observatory.gateway.ask("DELETE", &path).await.status, 404);
}
