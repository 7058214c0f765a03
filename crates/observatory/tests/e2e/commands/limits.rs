//! `observatory limits`, `pause` and `resume`.

use serde_json::json;

use crate::common::{Observatory, PATIENCE, Site};

async fn held(observatory: &Observatory, id: &str) {
    testkit::wait_until(PATIENCE, "the job to be held back", || async {
        let job = observatory.job(id).await;
        job.is_some_and(|job| job["held"] == "paused")
    })
    .await;
}

#[tokio::test]
async fn limits_are_set_listed_changed_and_cleared() {
    let observatory = Site::new().start(&[]).await;
    observatory
        .command(&["limits"])
        .await
        .assert(0, &["no type has limits of its own"]);
    let set = ["limits", "set", "email", "--concurrency", "5", "--rate", "100/1s"];
    observatory
        .command(&set)
        .await
        .assert(0, &["email: 5 at once, 100 per 1s"]);
    let part = ["limits", "set", "email", "--rate", "none"];
    observatory
        .command(&part)
        .await
        .assert(0, &["email: 5 at once\n"]);
    observatory
        .command(&["limits", "list"])
        .await
        .assert(0, &["TYPE", "CONCURRENCY", "email", "5"]);
    let json = observatory.command(&["limits", "--json"]).await;
    assert_eq!(json.json_lines()[0]["types"]["email"]["concurrency"], 5);
    observatory
        .command(&["limits", "clear", "email"])
        .await
        .assert(0, &["email: no limits"]);
    observatory
        .command(&["limits"])
        .await
        .assert(0, &["no type has limits of its own"]);
}

#[tokio::test]
async fn a_type_and_everything_are_paused_and_resumed() {
    let observatory = Site::new().start(&[]).await;
    for (pause, resume, what) in [
        (&["pause", "echo"][..], &["resume", "echo"][..], "echo"),
        (&["pause"], &["resume"], "everything"),
    ] {
        observatory
            .command(pause)
            .await
            .assert(0, &[&format!("{what} is paused")]);
        let id = observatory.submit(&json!({"type": "echo"})).await;
        held(&observatory, &id).await;
        observatory
            .command(&["jobs", "held:paused"])
            .await
            .assert(0, &[&id, "held: paused"]);
        observatory.command(&["limits"]).await.assert(0, &["paused"]);
        observatory
            .command(resume)
            .await
            .assert(0, &[&format!("{what} is resumed")]);
        assert_eq!(observatory.wait_for_end(&id).await["status"], "COMPLETED");
    }
}
