//! `http` jobs: public addresses only, unless the operator says otherwise.

use serde_json::json;

use super::{SHARED, assert_failed_for_good};
use crate::common::{Shared, text};

static OPEN: Shared = Shared::new(&["--allow-private-addresses"]);

#[tokio::test]
async fn addresses_of_this_machine_and_its_network_are_refused() {
    let observatory = SHARED.get().await;
    let port = observatory.gateway.port;
    for url in [
        format!("http://127.0.0.1:{port}/healthz"),
        format!("http://localhost:{port}/healthz"),
        format!("http://[::1]:{port}/healthz"),
        format!("http://[::ffff:127.0.0.1]:{port}/healthz"),
        format!("http://0.0.0.0:{port}/healthz"),
        format!("http://2130706433:{port}/healthz"),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "http://10.0.0.1/".to_owned(),
    ] {
        let job = observatory
            .run(&json!({"type": "http", "payload": {"url": url}}))
            .await;
        assert_failed_for_good(&job, "may not be connected to");
    }
}

#[tokio::test]
async fn what_is_no_url_of_the_web_is_refused() {
    let observatory = SHARED.get().await;
    for url in [
        "file:///etc/passwd",
        "ftp://example.com/",
        "/healthz",
        "nonsense",
        "",
    ] {
        let job = observatory
            .run(&json!({"type": "http", "payload": {"url": url}}))
            .await;
        assert_eq!(
            (&job["status"], &job["attempt"]),
            (&json!("FAILED"), &json!(1)),
            "{url}: {job}"
        );
        assert!(!text(&job["error"]).is_empty());
    }
}

#[tokio::test]
async fn an_operator_may_allow_them() {
    let observatory = OPEN.get().await;
    let url = format!("http://127.0.0.1:{}/healthz", observatory.gateway.port);
    let job = observatory
        .run(&json!({"type": "http", "payload": {"url": url}}))
        .await;
    assert_eq!(job["status"], "COMPLETED", "{job}");
    assert_eq!(
        (&job["result"]["status"], &job["result"]["body"]["status"]),
        (&json!(200), &json!("ok"))
    );
}

/// A receiver of ours gets the job's correlation and a key that recognises repeats: the gateway itself is one.
#[tokio::test]
async fn a_job_may_submit_a_job_which_keeps_its_correlation() {
    let observatory = OPEN.get().await;
    let url = format!("http://localhost:{}/jobs", observatory.gateway.port);
    let call = json!({"type": "http", "payload": {"url": url, "body": {"type": "echo"}}});
    let job = observatory.run(&call).await;
    assert_eq!(
        (&job["status"], &job["result"]["status"]),
        (&json!("COMPLETED"), &json!(202)),
        "{job}"
    );
    let inner = observatory
        .wait_for_end(text(&job["result"]["body"]["jobId"]))
        .await;
    assert_eq!(inner["correlationId"], job["correlationId"]);
}

#[tokio::test]
async fn what_the_receiver_calls_wrong_is_not_tried_again_and_what_may_pass_is() {
    let observatory = OPEN.get().await;
    let missing = format!("http://localhost:{}/no/such/path", observatory.gateway.port);
    let job = observatory
        .run(&json!({"type": "http", "payload": {"url": missing}}))
        .await;
    assert_failed_for_good(&job, "answered 404");

    let down = format!("http://localhost:{}/proxy/alerts", observatory.gateway.port);
    let retry = json!({"maxAttempts": 2, "initialDelay": 0});
    let job = observatory
        .run(&json!({"type": "http", "payload": {"url": down}, "retry": retry}))
        .await;
    assert_eq!(
        (&job["status"], &job["failures"]),
        (&json!("FAILED"), &json!(2)),
        "{job}"
    );
    assert!(text(&job["error"]).contains("answered 502"), "{job}");
}
