//! `observatory dead-letters`.

use serde_json::json;

use super::SHARED;
use crate::common::text;
use crate::dead_letters::{bad_event, corrected, letters, observatory_with};

#[tokio::test]
async fn a_letter_is_read_corrected_and_replayed() {
    let bad = bad_event();
    let observatory = observatory_with(std::slice::from_ref(&bad)).await;
    let open = letters(&observatory, "open", 1).await;
    let id = text(&open[0]["id"]);
    observatory
        .command(&["dead-letters"])
        .await
        .assert(0, &["REASON", id, "open", "type"]);
    let shown = observatory.command(&["dead-letters", "show", id]).await;
    shown.assert(
        0,
        &["reason", "rejected", "Original", "\"eventType\": \"job.created\""],
    );

    let replay = ["dead-letters", "replay", id];
    observatory.command(&replay).await.assert(1, &["not replayed: "]);
    let good = corrected(&bad);
    let file = observatory.site.home().join("event.json");
    std::fs::write(&file, good.to_string()).unwrap();
    let edited = [&replay[..], &["--edit", file.to_str().unwrap()]].concat();
    let job = text(&good["payload"]["id"]);
    observatory
        .command(&edited)
        .await
        .assert(0, &[&format!("{id}  replayed: job {job}")]);
    assert_eq!(observatory.wait_for_end(job).await["status"], "COMPLETED");
    observatory.command(&edited).await.assert(1, &["not replayed: "]);
    let replayed = observatory
        .command(&["dead-letters", "list", "--state", "replayed", "--json"])
        .await;
    assert!(
        replayed.json_lines().iter().any(|letter| letter["id"] == *id),
        "{replayed:?}"
    );
}

#[tokio::test]
async fn all_that_are_open_are_replayed_or_discarded_at_once() {
    let bad: Vec<_> = (0..3).map(|_| bad_event()).collect();
    let observatory = observatory_with(&bad).await;
    // The queue of work and the ledger each had the three.
    let open = letters(&observatory, "open", 6).await.len();
    let still_bad = observatory
        .command(&["dead-letters", "replay", "--all", "--yes"])
        .await;
    still_bad.assert(
        1,
        &[
            "cannot be replayed: ",
            &format!("0 replayed, {open} still invalid"),
        ],
    );
    let counted = observatory
        .command(&["dead-letters", "discard", "--all", "--dry-run"])
        .await;
    counted.assert(0, &[&format!("{open} dead letters would be discarded")]);
    observatory
        .command(&["dead-letters", "discard", "--all", "--yes"])
        .await
        .assert(0, &[&format!("{open} discarded")]);
    observatory
        .command(&["dead-letters"])
        .await
        .assert(0, &["no dead letter is open"]);
    let json = observatory
        .command(&["dead-letters", "discard", "--all", "--yes", "--json"])
        .await;
    assert_eq!(
        (json.code, &json.json_lines()[0]["summary"]["seen"]),
        (1, &json!(0))
    );
}

#[tokio::test]
async fn a_letter_that_nobody_knows_is_a_no() {
    let observatory = SHARED.get().await;
    let unknown = uuid::Uuid::new_v4().to_string();
    for verb in ["show", "replay"] {
        let ran = observatory.command(&["dead-letters", verb, &unknown]).await;
        assert_eq!(ran.code, 1, "{ran:?}");
    }
}
