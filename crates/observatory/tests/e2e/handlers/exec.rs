//! `exec` jobs: nothing, unless the operator names it.

use std::process::Command;

use serde_json::json;
use testkit::wait_until;

use super::{SHARED, assert_failed_for_good};
use crate::common::{PATIENCE, Shared, text};

static ALLOWED: Shared = Shared::new(&["--allow-exec", "say=/bin/echo", "--allow-exec", "shell=/bin/sh"]);

#[tokio::test]
async fn no_program_is_run_by_default() {
    let observatory = SHARED.get().await;
    for program in ["echo", "/bin/echo", "sh", ""] {
        let job = observatory
            .run(&json!({"type": "exec", "payload": {"program": program}}))
            .await;
        assert_failed_for_good(&job, "--allow-exec");
    }
}

#[tokio::test]
async fn an_allowed_program_is_run_and_no_other_one() {
    let observatory = ALLOWED.get().await;
    let said = observatory
        .run(&json!({"type": "exec", "payload": {"program": "say", "args": ["hello", "$HOME"]}}))
        .await;
    assert_eq!(
        (&said["status"], &said["result"]["stdout"]),
        (&json!("COMPLETED"), &json!("hello $HOME\n"))
    );
    for program in ["/bin/echo", "echo", "../bin/echo", "cat"] {
        let job = observatory
            .run(&json!({"type": "exec", "payload": {"program": program}}))
            .await;
        assert_failed_for_good(&job, "is not allowed here");
    }
}

#[tokio::test]
async fn a_program_inherits_no_secrets_and_knows_its_job() {
    let observatory = ALLOWED.get().await;
    let script = "echo \"$OBSERVATORY_JOB_ID ${HOME:-none} $MINE\"; cat";
    let payload = json!({"program": "shell", "args": ["-c", script], "env": {"MINE": "yes"}, "stdin": "in"});
    let id = observatory
        .submit(&json!({"type": "exec", "payload": payload}))
        .await;
    let job = observatory.wait_for_status(&id, "COMPLETED").await;
    assert_eq!(job["result"]["stdout"], format!("{id} none yes\nin"));
}

#[tokio::test]
async fn a_program_that_fails_is_tried_again_and_says_why() {
    let observatory = ALLOWED.get().await;
    let payload = json!({"program": "shell", "args": ["-c", "echo no luck >&2; exit 3"]});
    let retry = json!({"maxAttempts": 2, "initialDelay": 0});
    let job = observatory
        .run(&json!({"type": "exec", "payload": payload, "retry": retry}))
        .await;
    assert_eq!(
        (&job["status"], &job["failures"]),
        (&json!("FAILED"), &json!(2)),
        "{job}"
    );
    assert!(text(&job["error"]).contains("no luck"), "{job}");
}

/// A program must not outlive its attempt.
#[tokio::test]
async fn a_program_that_takes_too_long_is_ended() {
    let observatory = ALLOWED.get().await;
    let note = observatory.site.home().join(uuid::Uuid::new_v4().to_string());
    let script = format!("echo $$ > {}; exec sleep 600", note.display());
    let payload = json!({"program": "shell", "args": ["-c", script], "env": {"PATH": "/usr/bin:/bin"}});
    let retry = json!({"maxAttempts": 1});
    let job = json!({"type": "exec", "payload": payload, "timeoutSeconds": 0.5, "retry": retry});
    assert_failed_for_good(&observatory.run(&job).await, "timed out after 0.5 s");
    let pid = std::fs::read_to_string(note).expect("it had begun");
    wait_until(PATIENCE, "the end of the program", || async {
        !is_alive(pid.trim())
    })
    .await;
}

fn is_alive(pid: &str) -> bool {
    let asked = Command::new("/bin/sh")
        .args(["-c", "kill -0 \"$0\" 2>/dev/null", pid])
        .status();
    asked.unwrap().success()
}
