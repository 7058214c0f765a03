//! Jobs that clients withdraw.

use serde_json::{Value, json};

use super::SHARED;
use crate::common::{Answer, Observatory, Shared, moment, text};

static EXEC: Shared = Shared::new(&["--allow-exec", "shell=/bin/sh"]);

async fn cancel(observatory: &Observatory, id: &str) -> Answer {
    observatory
        .gateway
        .ask("POST", &format!("/jobs/{id}/cancel"))
        .await
}

#[tokio::test]
async fn a_job_that_waits_is_cancelled_at_once_and_never_starts() {
    let observatory = SHARED.get().await;
    let id = observatory.submit(&json!({"type": "echo", "delay": "1h"})).await;
    observatory.wait_for_status(&id, "SCHEDULED").await;
    let answer = cancel(&observatory, &id).await;
    assert_eq!(
        (answer.status, answer.json()),
        (200, json!({"jobId": id, "status": "CANCELLED"}))
    );
    let job = observatory.wait_for_end(&id).await;
    assert_eq!(
        (&job["status"], &job["attempts"]),
        (&json!("CANCELLED"), &json!([])),
        "{job}"
    );
    assert_eq!(job["nextRunAt"], Value::Null);
    observatory
        .wait_for_events(&id, &["job.created", "job.scheduled", "job.cancelled"])
        .await;
}

#[tokio::test]
async fn a_job_may_be_cancelled_in_the_moment_after_its_acceptance() {
    let observatory = SHARED.get().await;
    let id = observatory.submit(&json!({"type": "echo", "delay": "1h"})).await;
    assert_eq!(cancel(&observatory, &id).await.status, 200);
    assert_eq!(observatory.wait_for_end(&id).await["status"], "CANCELLED");
}

#[tokio::test]
async fn a_job_that_runs_is_ended_by_its_worker() {
    let observatory = SHARED.get().await;
    let id = observatory
        .submit(&json!({"type": "sleep", "payload": {"ms": 60_000}}))
        .await;
    observatory.wait_for_status(&id, "EXECUTING").await;
    let answer = cancel(&observatory, &id).await;
    let expected = json!({"jobId": id, "status": "EXECUTING", "cancelling": true});
    assert_eq!((answer.status, answer.json()), (202, expected));
    let job = observatory.wait_for_end(&id).await;
    assert_eq!(
        (&job["status"], &job["cancelling"]),
        (&json!("CANCELLED"), &json!(false)),
        "{job}"
    );
    assert_eq!(job["attempts"][0]["outcome"], "CANCELLED", "{job}");
    let attempt = &job["attempts"][0];
    let ran = moment(&attempt["endedAt"]).duration_since(moment(&attempt["startedAt"]));
    assert!(ran.as_secs() < 30, "{job}");
    observatory
        .wait_for_events(&id, &["job.created", "job.executed", "job.cancelled"])
        .await;
}

/// A program does not listen to us; it is stopped after a grace time.
#[tokio::test]
async fn a_program_that_runs_is_stopped() {
    let observatory = EXEC.get().await;
    let payload = json!({"program": "shell", "args": ["-c", "trap '' TERM; sleep 600"], "env": {"PATH": "/usr/bin:/bin"}});
    let id = observatory
        .submit(&json!({"type": "exec", "payload": payload}))
        .await;
    observatory.wait_for_status(&id, "EXECUTING").await;
    assert_eq!(cancel(&observatory, &id).await.status, 202);
    assert_eq!(observatory.wait_for_end(&id).await["status"], "CANCELLED");
}

#[tokio::test]
async fn a_job_that_is_to_be_tried_again_is_cancelled_between_its_attempts() {
    let observatory = SHARED.get().await;
    let retry = json!({"maxAttempts": 3, "initialDelay": 300});
    let job = json!({"type": "sleep", "payload": {"ms": 60_000}, "timeoutSeconds": 0.05, "retry": retry});
    let id = observatory.submit(&job).await;
    observatory.wait_for_status(&id, "RETRYING").await;
    assert_eq!(cancel(&observatory, &id).await.status, 200);
    let job = observatory.wait_for_end(&id).await;
    assert_eq!(
        (&job["status"], &job["attempt"]),
        (&json!("CANCELLED"), &json!(1)),
        "{job}"
    );
}

#[tokio::test]
async fn a_job_that_has_ended_cannot_be_cancelled_and_an_unknown_one_is_not_there() {
    let observatory = SHARED.get().await;
    let done = observatory.run(&json!({"type": "echo"})).await;
    let answer = cancel(&observatory, text(&done["id"])).await;
    assert_eq!(answer.status, 409, "{:?}", answer.body);
    assert!(
        text(&answer.json()["detail"]).contains("COMPLETED"),
        "{:?}",
        answer.body
    );
    assert_eq!(
        observatory.job(text(&done["id"])).await.unwrap()["status"],
        "COMPLETED"
    );

    let unknown = cancel(&observatory, &uuid::Uuid::new_v4().to_string()).await;
    assert_eq!(unknown.status, 404, "{:?}", unknown.body);
}
