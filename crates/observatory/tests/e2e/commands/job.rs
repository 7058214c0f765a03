//! `observatory job`.

use serde_json::json;

use super::SHARED;
use crate::common::text;

#[tokio::test]
async fn everything_about_a_job_is_shown() {
    let observatory = SHARED.get().await;
    let retry = json!({"maxAttempts": 2, "initialDelay": 0});
    let job = json!({
        "type": "sleep", "payload": {"ms": 60_000}, "timeoutSeconds": 0.05, "retry": retry,
        "tags": ["night", "eu"], "uniqueKey": uuid::Uuid::new_v4(), "metadata": {"customer": 7},
    });
    let job = observatory.run(&job).await;
    let id = text(&job["id"]);
    let ran = observatory.command(&["job", id]).await;
    ran.assert(
        0,
        &[
            "failed, 2 attempts, 2 failures",
            "night, eu",
            "unique key",
            "Attempt 1\n  retrying",
            "Attempt 2\n  failed",
            "timed out after 0.05 s",
            "\nTimeline\n",
            "executed",
            "\nPayload\n  {\n    \"ms\": 60000",
            "\nMetadata\n",
        ],
    );
    let shown = &observatory.command(&["job", id, "--json"]).await.json_lines()[0];
    assert_eq!((&shown["status"], &shown["id"]), (&json!("FAILED"), &json!(id)));
    assert!(shown["timeline"].as_array().unwrap().len() >= 5, "{shown}");
}

#[tokio::test]
async fn a_job_that_nobody_knows_is_a_no() {
    let observatory = SHARED.get().await;
    let unknown = uuid::Uuid::new_v4().to_string();
    let ran = observatory.command(&["job", &unknown]).await;
    ran.assert(1, &[&format!("there is no job {unknown}")]);
    observatory.command(&["job", "7"]).await.assert(2, &["7"]);
}

/// What others write is shown, and never obeyed.
#[tokio::test]
async fn a_terminal_does_not_obey_a_job() {
    let observatory = SHARED.get().await;
    let payload = json!({"text": "\u{1b}[2J\u{202e}gone"});
    let job = observatory
        .run(&json!({"type": "echo", "payload": payload, "tags": ["\u{1b}[31mred"]}))
        .await;
    for call in [&["job", text(&job["id"])][..], &["jobs", "--limit", "5"]] {
        let ran = observatory.command(call).await;
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(!ran.stdout.contains(['\u{1b}', '\u{202e}']), "{ran:?}");
    }
}
