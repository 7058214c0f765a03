//! `observatory watch`.

use serde_json::{Value, json};
use testkit::wait_until;

use super::SHARED;
use crate::common::{Observatory, PATIENCE, Process, Site, text};

/// Starts watching, and returns once it listens.
async fn watch(observatory: &Observatory, arguments: &[&str]) -> Process {
    let clients = observatory.read_model.get("/metrics").await;
    assert_eq!(clients.status, 200);
    let directory = observatory.site.home().join(uuid::Uuid::new_v4().to_string());
    std::fs::create_dir(&directory).unwrap();
    let mut command = Process::command(&observatory.site.home());
    command
        .env("OBSERVATORY_PORT_OFFSET", observatory.offset().to_string())
        .arg("watch")
        .args(arguments);
    let process = Process::spawn(&mut command, &directory);
    // It says nothing before the first event, so give it some until it has heard one.
    wait_until(PATIENCE, "the watch to hear something", || async {
        observatory
            .run(&json!({"type": "sleep", "payload": {"ms": 0}, "tags": ["knock"]}))
            .await;
        !process.stdout().is_empty()
    })
    .await;
    process
}

#[tokio::test]
async fn events_are_told_as_they_happen() {
    let observatory = SHARED.get().await;
    let process = watch(&observatory, &["--type", "sleep,no.such-type"]).await;
    let id = observatory.submit(&json!({"type": "no.such-type"})).await;
    wait_until(PATIENCE, "the failure to be told", || async {
        process
            .stdout()
            .lines()
            .any(|line| line.contains(&id) && line.contains("  failed "))
    })
    .await;
    let told = process.stdout();
    let lines: Vec<_> = told.lines().filter(|line| line.contains(&id)).collect();
    assert_eq!(lines.len(), 3, "{told}");
    assert!(
        lines.iter().any(|line| line.contains("no handler for job type")),
        "{told}"
    );
    assert!(
        !told.contains("  echo"),
        "only the types that were asked for: {told}"
    );
}

#[tokio::test]
async fn a_watch_ends_after_so_many_events_and_prints_them_as_they_came() {
    let observatory = SHARED.get().await;
    let mut process = watch(&observatory, &["--limit", "6", "--json"]).await;
    for _ in 0..2 {
        observatory.run(&json!({"type": "echo"})).await;
    }
    assert_eq!(process.exit_code(PATIENCE).await, 0, "{}", process.stderr());
    let lines: Vec<Value> = process
        .stdout()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 6);
    assert!(
        lines
            .iter()
            .all(|event| event["eventId"].is_string() && event["payload"]["id"].is_string())
    );
}

#[tokio::test]
async fn a_watch_goes_on_after_the_observatory_was_killed_and_misses_nothing() {
    let site = Site::new();
    let mut observatory = site.start(&[]).await;
    let offset = observatory.offset().to_string();
    let process = watch(&observatory, &["--type", "echo,sleep", "--json"]).await;
    observatory.process.kill();
    wait_until(PATIENCE, "the break to be noticed", || async {
        process.stderr().contains("the stream broke off")
    })
    .await;
    // On the same ports again; the watch knows no others.
    let mut command = Process::command(&site.home());
    command
        .args(["up", "--port-offset", &offset, "--data-dir"])
        .arg(site.data());
    let _again = site.spawn(&mut command);
    testkit::wait_for(PATIENCE, "an answer", || observatory.gateway.try_get("/readyz")).await;
    let id = observatory.submit(&json!({"type": "echo"})).await;
    wait_until(PATIENCE, "the job to be told", || async {
        process.stdout().lines().filter(|line| line.contains(&id)).count() >= 3
    })
    .await;
    assert!(
        process.stderr().contains("connected again"),
        "{}",
        process.stderr()
    );
    let events: Vec<Value> = process
        .stdout()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let mut ids: Vec<_> = events.iter().map(|event| text(&event["eventId"])).collect();
    let told = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), told, "nothing is told twice");
}
