//! `observatory cancel`, `retry` and `delete`.

use serde_json::json;

use super::SHARED;
use crate::common::{Observatory, text};

/// So many jobs for later, under a tag of their own.
async fn later(observatory: &Observatory, count: usize) -> String {
    let tag = uuid::Uuid::new_v4().simple().to_string();
    let job = json!({"type": "echo", "delay": "1h", "tags": [tag]});
    observatory
        .gateway
        .post("/jobs/batch", &json!(vec![job; count]))
        .await;
    observatory
        .wait_for_jobs(&format!("tag:{tag} state:scheduled"), count)
        .await;
    tag
}

#[tokio::test]
async fn jobs_are_changed_one_by_one_and_each_is_told() {
    let observatory = SHARED.get().await;
    let waits = observatory.submit(&json!({"type": "echo", "delay": "1h"})).await;
    observatory.wait_for_status(&waits, "SCHEDULED").await;
    let done = observatory.run(&json!({"type": "echo"})).await;
    let done = text(&done["id"]);
    let unknown = uuid::Uuid::new_v4().to_string();

    observatory
        .command(&["cancel", &waits])
        .await
        .assert(0, &[&format!("{waits}  cancelled")]);
    let mixed = observatory.command(&["cancel", done, &unknown]).await;
    mixed.assert(
        1,
        &[
            "is completed and cannot be cancelled",
            &format!("{unknown}  unknown"),
        ],
    );
    let json = observatory.command(&["retry", &waits, done, "--json"]).await;
    let outcomes: Vec<_> = json
        .json_lines()
        .iter()
        .map(|line| line["outcome"].clone())
        .collect();
    assert_eq!((json.code, outcomes), (1, vec![json!("done"), json!("conflict")]));
    observatory.wait_for_status(&waits, "COMPLETED").await;
    observatory
        .command(&["delete", &waits])
        .await
        .assert(0, &["deleted"]);
    observatory
        .command(&["job", &waits])
        .await
        .assert(1, &["there is no job"]);
}

#[tokio::test]
async fn a_job_that_runs_is_told_to_end() {
    let observatory = SHARED.get().await;
    let id = observatory
        .submit(&json!({"type": "sleep", "payload": {"ms": 60_000}}))
        .await;
    observatory.wait_for_status(&id, "EXECUTING").await;
    observatory
        .command(&["cancel", &id])
        .await
        .assert(0, &["runs; its worker was told to end it"]);
    assert_eq!(observatory.wait_for_end(&id).await["status"], "CANCELLED");
}

#[tokio::test]
async fn all_that_match_are_counted_asked_about_and_changed() {
    let observatory = SHARED.get().await;
    let query = format!("tag:{}", later(&observatory, 1_200).await);
    let selection = ["--query", &query];
    let with = |words: &[&'static str]| [words, &selection[..]].concat();
    observatory
        .command(&with(&["cancel", "--dry-run"]))
        .await
        .assert(0, &["1200 jobs would be cancelled"]);
    // Nobody sits there to be asked.
    let unasked = observatory.command(&with(&["cancel"])).await;
    unasked.assert(2, &["this would cancel 1200 jobs", "say --yes, or --dry-run"]);
    assert_eq!(
        observatory.find(&format!("{query} state:scheduled")).await.len(),
        1_200
    );

    let done = observatory.command(&with(&["cancel", "--yes"])).await;
    done.assert(0, &["1200 cancelled"]);
    let again = observatory.command(&with(&["cancel", "--yes"])).await;
    again.assert(
        1,
        &[
            "is cancelled and cannot be cancelled",
            "0 cancelled, 1200 in a state that does not allow it",
        ],
    );
    let json = observatory.command(&with(&["delete", "--yes", "--json"])).await;
    assert_eq!(json.json_lines().last().unwrap()["summary"]["done"], 1_200);
    observatory
        .command(&with(&["delete", "--yes"]))
        .await
        .assert(1, &["0 deleted"]);
    observatory
        .command(&with(&["delete", "--dry-run"]))
        .await
        .assert(1, &["0 jobs would be deleted"]);
}

#[tokio::test]
async fn a_selection_that_may_be_a_mistake_is_refused() {
    let observatory = SHARED.get().await;
    let empty = observatory.command(&["delete", "--query", "", "--yes"]).await;
    empty.assert(
        2,
        &["an empty query matches every job: say --all if that is meant"],
    );
    let typo = observatory
        .command(&["delete", "--query", "stat:failed", "--yes"])
        .await;
    typo.assert(2, &["did you mean `state`?", "\n  stat:failed\n  ^^^^\n"]);
}
