//! `observatory submit`.

use serde_json::json;

use super::SHARED;
use crate::common::text;

#[tokio::test]
async fn a_job_is_submitted_with_everything_that_the_options_say() {
    let observatory = SHARED.get().await;
    let id = uuid::Uuid::new_v4().to_string();
    let options = [
        "--payload",
        r#"{"n":1.50}"#,
        "--delay",
        "1h",
        "--priority",
        "high",
        "--unique-key",
        &id,
        "--tag",
        "a",
        "--tag",
        "b",
        "--max-attempts",
        "3",
        "--timeout",
        "1m30s",
        "--id",
        &id,
    ];
    let ran = observatory
        .command(&[&["submit", "echo"][..], &options].concat())
        .await;
    ran.assert(0, &[]);
    assert_eq!(
        ran.stdout.trim(),
        id,
        "the identifier and nothing else, for scripts"
    );
    let job = observatory.wait_for_status(&id, "SCHEDULED").await;
    assert_eq!(
        (&job["payload"], &job["priority"], &job["uniqueKey"], &job["tags"]),
        (&json!({"n": 1.5}), &json!("high"), &json!(id), &json!(["a", "b"]))
    );
    assert_eq!(
        (&job["timeoutSeconds"], &job["retry"]["maxAttempts"]),
        (&json!(90.0), &json!(3))
    );
}

#[tokio::test]
async fn the_result_is_shown_to_who_waits_and_the_exit_code_says_how_it_went() {
    let observatory = SHARED.get().await;
    let wait = ["--wait", "20s"];
    let done = observatory
        .command(
            &[
                &["submit", "echo", "--payload", r#"{"hello":"world"}"#][..],
                &wait,
            ]
            .concat(),
        )
        .await;
    done.assert(0, &["  completed", r#""hello": "world""#]);
    let failed = observatory
        .command(&[&["submit", "no.such-type"][..], &wait].concat())
        .await;
    failed.assert(1, &["  failed", "no handler for job type `no.such-type`"]);
    let late = observatory
        .command(&["submit", "sleep", "--payload", r#"{"ms":2000}"#, "--wait", "50ms"])
        .await;
    late.assert(1, &["it goes on; `observatory job "]);
    let json = observatory
        .command(&[&["submit", "echo", "--json"][..], &wait].concat())
        .await;
    assert_eq!(json.json_lines()[0]["status"], "COMPLETED");
}

#[tokio::test]
async fn a_payload_is_read_from_a_file_or_from_stdin() {
    let observatory = SHARED.get().await;
    let file = observatory.site.home().join("payload.json");
    std::fs::write(&file, r#"{"from":"a file"}"#).unwrap();
    let from_file = format!("@{}", file.display());
    let ran = observatory
        .command(&["submit", "echo", "--wait", "20s", "--payload", &from_file])
        .await;
    ran.assert(0, &["a file"]);
    let ran = observatory
        .command_with(
            &["submit", "echo", "--wait", "20s", "--payload", "-"],
            r#"{"from":"stdin"}"#,
        )
        .await;
    ran.assert(0, &["stdin"]);
}

#[tokio::test]
async fn what_is_wrong_is_told_in_one_line() {
    let observatory = SHARED.get().await;
    for (options, words) in [
        (
            &["echo", "--payload", "[1]"][..],
            "error: --payload: `[1]` is not a JSON object",
        ),
        (&["echo", "--payload", "{"], "is not JSON"),
        (
            &["echo", "--payload", "@/no/such/file"],
            "cannot open /no/such/file",
        ),
        (&["bad type"], "error: "),
        (&["echo", "--tag", ""], "/tags/0"),
    ] {
        let ran = observatory.command(&[&["submit"][..], options].concat()).await;
        ran.assert(2, &[words]);
        assert_eq!(
            (ran.stderr.lines().count(), ran.stdout.as_str()),
            (1, ""),
            "{ran:?}"
        );
    }
}

#[tokio::test]
async fn a_unique_key_that_is_taken_is_a_no_with_the_holder() {
    let observatory = SHARED.get().await;
    let key = uuid::Uuid::new_v4().to_string();
    let call = ["submit", "echo", "--delay", "1h", "--unique-key", &key];
    let first = observatory.command(&call).await;
    first.assert(0, &[]);
    let second = observatory.command(&call).await;
    second.assert(
        1,
        &[&format!(
            "the unique key `{key}` is held by job {}",
            first.stdout.trim()
        )],
    );
}

#[tokio::test]
async fn a_batch_is_sent_from_lines_or_an_array_and_every_rejection_is_told() {
    let observatory = SHARED.get().await;
    let tag = uuid::Uuid::new_v4().simple().to_string();
    let job = json!({"type": "echo", "tags": [tag]});
    let lines = format!("{job}\n").repeat(4_500);
    let file = observatory.site.home().join("jobs.ndjson");
    std::fs::write(&file, format!("{lines}{{\"typ\":1}}\n")).unwrap();
    let ran = observatory
        .command(&["submit", "--batch", file.to_str().unwrap(), "--quiet"])
        .await;
    ran.assert(
        1,
        &["job 4501: ", "`type` is missing", "4500 accepted, 1 rejected"],
    );
    let array = json!([job, job, job]);
    let ran = observatory
        .command_with(&["submit", "--batch", "-", "--json"], &format!("{array:#}"))
        .await;
    ran.assert(0, &[]);
    assert_eq!(ran.json_lines().len(), 3);
    observatory.wait_for_jobs(&format!("tag:{tag}"), 4_503).await;

    let nothing = observatory.command_with(&["submit", "--batch", "-"], "\n").await;
    nothing.assert(0, &["there was no job in it"]);
    let broken = observatory.command_with(&["submit", "--batch", "-"], "[{}").await;
    broken.assert(2, &["error: stdin is no batch: the array has no end"]);
}

#[tokio::test]
async fn the_same_batch_under_the_same_key_is_the_same_jobs() {
    let observatory = SHARED.get().await;
    let key = uuid::Uuid::new_v4().to_string();
    let call = ["submit", "--batch", "-", "--json", "--idempotency-key", &key];
    let jobs = "{\"type\":\"echo\"}\n{\"type\":\"echo\"}\n";
    let first = observatory.command_with(&call, jobs).await;
    let again = observatory.command_with(&call, jobs).await;
    assert_eq!(first.json_lines(), again.json_lines());
    assert_eq!(first.json_lines().len(), 2);
    assert!(!text(&first.json_lines()[0]["jobId"]).is_empty());
}
