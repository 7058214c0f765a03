//! `observatory jobs` and `observatory errors`.

use serde_json::json;

use super::SHARED;
use crate::common::Site;

#[tokio::test]
async fn jobs_are_listed_in_columns_with_what_they_wait_for() {
    let observatory = SHARED.get().await;
    let tag = uuid::Uuid::new_v4().simple().to_string();
    let job = |job_type: &str| json!({"type": job_type, "tags": [tag]});
    observatory.run(&job("echo")).await;
    observatory.run(&job("no.such-type")).await;
    let mut later = job("echo");
    later["delay"] = json!("1h");
    later["priority"] = json!("high");
    let later = observatory.submit(&later).await;
    observatory.wait_for_status(&later, "SCHEDULED").await;

    let ran = observatory.command(&["jobs", &format!("tag:{tag}")]).await;
    ran.assert(
        0,
        &[
            "completed",
            "failed",
            "scheduled",
            "high priority; next in 59m",
            "no handler for job type",
        ],
    );
    let lines: Vec<_> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 4, "{ran:?}");
    assert!(
        lines[0].starts_with("ID ") && lines[0].contains("  STATE "),
        "{ran:?}"
    );
    let column = lines[0].find("STATE").unwrap();
    for (line, state) in lines[1..].iter().zip(["scheduled", "failed", "completed"]) {
        assert_eq!(
            &line[column..column + state.len()],
            state,
            "newest first, aligned: {ran:?}"
        );
    }
    let json = observatory
        .command(&["jobs", &format!("tag:{tag}"), "state:failed", "--json"])
        .await;
    assert_eq!(
        (json.json_lines().len(), &json.json_lines()[0]["status"]),
        (1, &json!("FAILED"))
    );
}

#[tokio::test]
async fn a_list_is_as_long_as_it_is_told_to_be() {
    let observatory = SHARED.get().await;
    let tag = uuid::Uuid::new_v4().simple().to_string();
    let job = json!({"type": "echo", "delay": "1h", "tags": [tag]});
    observatory
        .gateway
        .post("/jobs/batch", &json!(vec![job; 1_100]))
        .await;
    observatory
        .wait_for_stats("all of them", |stats| stats["totalJobs"].as_u64() >= Some(1_100))
        .await;
    let query = format!("tag:{tag}");
    let count = |ran: crate::common::Ran| ran.stdout.lines().count();
    assert_eq!(
        count(
            observatory
                .command(&["jobs", &query, "--limit", "7", "--json"])
                .await
        ),
        7
    );
    assert_eq!(
        count(observatory.command(&["jobs", &query, "--all", "--json"]).await),
        1_100
    );
    let short = observatory.command(&["jobs", &query]).await;
    short.assert(0, &["there are more: --limit 100, or --all"]);
    assert_eq!(short.stdout.lines().count(), 21);
}

#[tokio::test]
async fn a_query_that_matches_nothing_is_a_no_and_one_that_does_not_read_is_pointed_at() {
    let observatory = SHARED.get().await;
    observatory
        .command(&["jobs", "tag:no-such-tag"])
        .await
        .assert(1, &["no job matches"]);
    let ran = observatory.command(&["jobs", "state:failed", "typ:email"]).await;
    ran.assert(
        2,
        &[
            "did you mean `type`?",
            "\n  state:failed typ:email\n               ^^^\n",
        ],
    );
    let empty = Site::new().start(&[]).await;
    empty
        .command(&["jobs"])
        .await
        .assert(0, &["there are no jobs yet"]);
    empty
        .command(&["errors"])
        .await
        .assert(0, &["nothing has failed"]);
}

#[tokio::test]
async fn errors_are_grouped_by_their_cause_which_finds_the_jobs() {
    let observatory = Site::new().start(&[]).await;
    for job_type in ["no.such-type", "no.such-type", "nor.this-one"] {
        observatory.run(&json!({"type": job_type})).await;
    }
    observatory
        .wait_for_stats("three failures", |stats| stats["failedJobs"] == 3)
        .await;
    let ran = observatory.command(&["errors"]).await;
    ran.assert(0, &["COUNT", "no handler for job type"]);
    let groups = observatory.command(&["errors", "--json"]).await.json_lines();
    let count: u64 = groups.iter().map(|group| group["count"].as_u64().unwrap()).sum();
    assert_eq!(count, 3, "{groups:?}");
    let query = groups[0]["query"].as_str().unwrap();
    let found = observatory.command(&["jobs", query, "--json"]).await;
    assert_eq!(
        found.json_lines().len() as u64,
        groups[0]["count"].as_u64().unwrap()
    );
}

#[tokio::test]
async fn a_reader_that_has_read_enough_is_no_error() {
    let observatory = SHARED.get().await;
    let job = json!({"type": "echo", "delay": "1h"});
    observatory
        .gateway
        .post("/jobs/batch", &json!(vec![job; 2_000]))
        .await;
    let program = env!("CARGO_BIN_EXE_observatory");
    let script = format!(
        "set -o pipefail; '{program}' jobs --all --port-offset {} | head -1",
        observatory.offset()
    );
    let mut command = std::process::Command::new("bash");
    command.args(["-c", &script]);
    let ran = crate::common::Ran::of(command, "").await;
    ran.assert(0, &["ID "]);
    assert_eq!(ran.stderr, "");
}
