//! What is said on stderr, and when.

use serde_json::json;

use crate::common::{PATIENCE, Process, Site};

/// Whoever sees a line should look into it: nothing is said about what is normal, bad jobs among it.
#[tokio::test]
async fn an_ordinary_life_has_nothing_to_warn_of() {
    let site = Site::new();
    let mut observatory = site.start(&["--drain", "0ms"]).await;
    observatory.echoes("a start").await;
    observatory.run(&json!({"type": "nobody"})).await;
    assert_eq!(
        observatory
            .gateway
            .post("/jobs", &json!({"type": 7}))
            .await
            .status,
        400
    );
    let long = observatory
        .submit(&json!({"type": "sleep", "payload": {"ms": 60_000}}))
        .await;
    observatory.wait_for_status(&long, "EXECUTING").await;
    observatory.process.signal("TERM");
    assert_eq!(observatory.process.exit_code(PATIENCE).await, 0);
    let written = observatory.process.stderr();
    assert!(written.contains("stopping after what runs"), "{written}");
    assert!(
        !written.contains("WARN") && !written.contains("ERROR"),
        "{written}"
    );
    drop(observatory);

    let mut again = site.start(&[]).await;
    again.wait_for_status(&long, "EXECUTING").await;
    again.process.kill();
    assert_eq!(again.process.stderr(), "");
}

#[tokio::test]
async fn more_is_said_to_whoever_asks_and_never_on_stdout() {
    let mut observatory = Site::new()
        .start_with(&[], &[("OBSERVATORY_LOG", "info,service=debug")])
        .await;
    observatory.echoes("a start").await;
    let banner = observatory.process.stdout();
    observatory.process.signal("TERM");
    assert_eq!(observatory.process.exit_code(PATIENCE).await, 0);
    let said = observatory.process.stderr();
    assert!(said.contains("SIGTERM") && said.contains("/jobs"), "{said}");
    assert_eq!(observatory.process.stdout(), banner);
}

#[tokio::test]
async fn a_filter_that_does_not_read_is_named() {
    let site = Site::new();
    let mut command = Process::command(&site.home());
    command.arg("up").env("OBSERVATORY_LOG", "gateway=loudly");
    let mut process = site.spawn(&mut command);
    assert_eq!(process.exit_code(PATIENCE).await, 1);
    let said = process.stderr();
    assert!(said.contains("gateway=loudly"), "{said}");
}
