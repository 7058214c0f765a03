//! Jobs for later.

use serde_json::{Value, json};

use super::SHARED;
use crate::common::{moment, text};

#[tokio::test]
async fn a_job_with_a_delay_waits_as_scheduled_and_starts_when_its_time_has_come() {
    let observatory = SHARED.get().await;
    let id = observatory
        .submit(&json!({"type": "echo", "delay": "1s500ms", "tags": ["later"]}))
        .await;
    let waiting = observatory.wait_for_status(&id, "SCHEDULED").await;
    assert_eq!(waiting["nextRunAt"], waiting["runAt"], "{waiting}");
    let found = observatory.find("state:scheduled tag:later").await;
    assert!(found.iter().any(|job| job["id"] == *id), "{found:?}");

    let done = observatory.wait_for_end(&id).await;
    assert_eq!(
        (&done["status"], &done["attempt"]),
        (&json!("COMPLETED"), &json!(1))
    );
    let started = moment(&done["attempts"][0]["startedAt"]);
    assert!(started >= moment(&done["runAt"]), "{done}");
    assert!(
        started.duration_since(moment(&done["createdAt"])).as_millis() >= 1_500,
        "{done}"
    );
    observatory
        .wait_for_events(
            &id,
            &["job.created", "job.scheduled", "job.executed", "job.completed"],
        )
        .await;
}

#[tokio::test]
async fn a_moment_in_the_past_is_now() {
    let observatory = SHARED.get().await;
    let done = observatory
        .run(&json!({"type": "echo", "runAt": "2020-01-01T00:00:00Z"}))
        .await;
    assert_eq!(done["status"], "COMPLETED", "{done}");
    let events = ["job.created", "job.executed", "job.completed"];
    observatory.wait_for_events(text(&done["id"]), &events).await;
}

#[tokio::test]
async fn a_job_for_later_outlives_a_crash() {
    let site = crate::common::Site::new();
    let mut observatory = site.start(&[]).await;
    let id = observatory.submit(&json!({"type": "echo", "delay": "3s"})).await;
    observatory.wait_for_status(&id, "SCHEDULED").await;
    observatory.process.kill();
    drop(observatory);
    let again = site.start(&[]).await;
    let done = again.wait_for_end(&id).await;
    assert_eq!(done["status"], "COMPLETED", "{done}");
    assert!(
        moment(&done["attempts"][0]["startedAt"]) >= moment(&done["runAt"]),
        "{done}"
    );
}

#[tokio::test]
async fn a_delay_that_is_none_is_refused_with_its_place() {
    let observatory = SHARED.get().await;
    for (job, place) in [
        (json!({"type": "echo", "delay": "2"}), "/delay"),
        (json!({"type": "echo", "delay": 2}), "/delay"),
        (
            json!({"type": "echo", "delay": "2s", "runAt": "2030-01-01T00:00:00Z"}),
            "/delay",
        ),
        (json!({"type": "echo", "runAt": "tomorrow"}), "/runAt"),
    ] {
        let answer = observatory.gateway.post("/jobs", &job).await;
        assert_eq!(answer.status, 400, "{job}");
        let details: Value = answer.json()["details"].clone();
        assert_eq!(details[0]["path"], place, "{job}: {details}");
    }
}
