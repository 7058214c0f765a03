//! An answer that has the result when it is fast enough.

use serde_json::{Value, json};

use super::SHARED;
use crate::common::text;

#[tokio::test]
async fn a_job_that_ends_in_time_is_answered_with_its_result() {
    let observatory = SHARED.get().await;
    let job = json!({"type": "echo", "payload": {"hello": "world"}});
    let answer = observatory.gateway.post("/jobs?wait=20s", &job).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    let told = answer.json();
    assert_eq!(
        (&told["status"], &told["result"]),
        (&json!("COMPLETED"), &json!({"hello": "world"}))
    );
    assert_eq!(told["error"], Value::Null);
    assert_eq!(
        observatory.job(text(&told["jobId"])).await.unwrap()["status"],
        "COMPLETED"
    );

    let failed = observatory
        .gateway
        .post("/jobs?wait=20s", &json!({"type": "no.such-type"}))
        .await;
    assert_eq!((failed.status, &failed.json()["status"]), (200, &json!("FAILED")));
    assert!(
        text(&failed.json()["error"]).contains("no handler"),
        "{:?}",
        failed.body
    );
}

#[tokio::test]
async fn a_job_that_does_not_end_in_time_is_accepted_all_the_same() {
    let observatory = SHARED.get().await;
    let job = json!({"type": "sleep", "payload": {"ms": 1_500}});
    let answer = observatory.gateway.post("/jobs?wait=100ms", &job).await;
    assert_eq!(answer.status, 202, "{:?}", answer.body);
    let told = answer.json();
    assert!(
        ["PENDING", "EXECUTING"].contains(&text(&told["status"])),
        "{told}"
    );
    let done = observatory.wait_for_end(text(&told["jobId"])).await;
    assert_eq!(done["status"], "COMPLETED");
}

#[tokio::test]
async fn nobody_waits_for_ever() {
    let observatory = SHARED.get().await;
    for wait in ["31s", "1h", "5", "soon"] {
        let answer = observatory
            .gateway
            .post(&format!("/jobs?wait={wait}"), &json!({"type": "echo"}))
            .await;
        assert_eq!(answer.status, 400, "{wait}: {:?}", answer.body);
    }
}
