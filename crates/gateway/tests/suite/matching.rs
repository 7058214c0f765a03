//! Commands over all the jobs that match.

use std::time::Duration;

use axum::body::Body;
use contracts::JobStatus;
use gateway::GatewayConfig;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::stubs::{StoreMood, StubJob, away};
use super::support::{App, id, json_request};

/// An app whose store has so many jobs of this state.
fn app_with(count: u128, status: JobStatus) -> App {
    let app = App::new();
    app.jobs.with(|held| {
        held.jobs = (0..count)
            .map(|number| StubJob::new(id(number), status))
            .collect();
    });
    app
}

fn everything() -> Value {
    json!({"all": true})
}

#[tokio::test]
async fn every_job_has_its_line_and_the_last_line_is_the_summary() {
    let app = App::new();
    app.jobs.with(|held| {
        held.jobs = vec![
            StubJob::new(id(1), JobStatus::Pending),
            StubJob::new(id(2), JobStatus::Executing),
            StubJob::new(id(3), JobStatus::Completed),
        ];
    });
    let lines = app
        .command("POST", "/jobs:cancel", &json!({"q": "type:echo"}))
        .await
        .lines();
    let expected = [
        json!({"jobId": id(1), "outcome": "done", "status": "CANCELLED"}),
        json!({"jobId": id(2), "outcome": "requested", "status": "EXECUTING"}),
        json!({"jobId": id(3), "outcome": "conflict", "status": "COMPLETED"}),
        json!({"summary": {"seen": 3, "done": 1, "requested": 1, "conflict": 1, "unknown": 0, "complete": true}}),
    ];
    assert_eq!(lines, expected);
    assert_eq!(app.jobs.desk.calls(), ["list `type:echo` from 0", "Cancel 3"]);
    for (outcome, times) in [("done", 1.0), ("requested", 1.0), ("conflict", 1.0)] {
        let name = format!("gateway_commands_total{{command=\"cancel\",outcome=\"{outcome}\"");
        assert_eq!(app.metric(&name).await, Some(times));
    }
}

#[tokio::test]
async fn each_command_says_where_the_job_is_now() {
    let retried = app_with(1, JobStatus::Failed)
        .command("POST", "/jobs:retry", &everything())
        .await;
    assert_eq!(
        retried.lines()[0],
        json!({"jobId": id(0), "outcome": "done", "status": "RETRYING"})
    );
    let deleted = app_with(1, JobStatus::Failed)
        .command("POST", "/jobs:delete", &everything())
        .await;
    assert_eq!(deleted.lines()[0], json!({"jobId": id(0), "outcome": "done"}));
    let app = app_with(1, JobStatus::Failed);
    app.jobs.with(|held| held.hidden_for = 1);
    let gone = app.command("POST", "/jobs:delete", &everything()).await;
    assert_eq!(gone.lines()[0], json!({"jobId": id(0), "outcome": "unknown"}));
}

#[tokio::test]
async fn jobs_are_listed_and_commanded_page_by_page() {
    let app = app_with(1_201, JobStatus::Failed);
    let lines = app
        .command("POST", "/jobs:retry", &json!({"q": "state:failed"}))
        .await
        .lines();
    let told = lines.iter().filter(|line| line["outcome"] == "done").count();
    assert_eq!(
        (told, &lines.last().unwrap()["summary"]["done"]),
        (1_201, &json!(1_201))
    );
    assert_eq!(
        app.jobs.desk.calls(),
        [
            "list `state:failed` from 0",
            "Retry 500",
            "list `state:failed` from 500",
            "Retry 500",
            "list `state:failed` from 1000",
            "Retry 201",
        ]
    );
}

#[tokio::test]
async fn nothing_that_matches_is_a_summary_alone() {
    let lines = app_with(0, JobStatus::Failed)
        .command("POST", "/jobs:retry", &everything())
        .await
        .lines();
    let zero = json!({"seen": 0, "done": 0, "requested": 0, "conflict": 0, "unknown": 0, "complete": true});
    assert_eq!(lines, [json!({"summary": zero})]);
}

#[tokio::test]
async fn a_dry_run_counts_and_does_nothing() {
    for command in ["cancel", "retry", "delete"] {
        let app = app_with(1_201, JobStatus::Failed);
        let body = json!({"q": "state:failed", "dryRun": true});
        let answer = app.command("POST", &format!("/jobs:{command}"), &body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()),
            (200, json!({"matched": 1_201, "complete": true}))
        );
        assert_eq!((app.jobs.desk.count("list"), app.jobs.desk.calls().len()), (3, 3));
    }
}

#[tokio::test]
async fn very_many_jobs_are_told_in_order_and_never_held() {
    let app = app_with(200_000, JobStatus::Pending);
    let response = app
        .open(json_request("POST", "/jobs:cancel", &everything()))
        .await;
    let mut body = response.into_body();
    let (mut lines, mut largest, mut last) = (0_usize, 0, Value::Null);
    while let Some(frame) = body.frame().await {
        let piece = frame.unwrap().into_data().unwrap();
        largest = largest.max(piece.len());
        lines += std::str::from_utf8(&piece).unwrap().lines().count();
        let tail = piece
            .trim_ascii_end()
            .rsplit(|byte| *byte == b'\n')
            .next()
            .unwrap();
        last = serde_json::from_slice(tail).unwrap();
    }
    assert!(
        lines > 200_000 && largest < 64 * 1024,
        "{lines} lines, {largest} bytes at most"
    );
    assert_eq!(last["summary"]["done"], 200_000);
}

#[tokio::test(start_paused = true)]
async fn progress_is_told_every_second_while_the_store_is_slow() {
    let app = app_with(1_000, JobStatus::Failed);
    // The second page is listed and then never commanded: the limit of the call ends it.
    app.jobs.desk.set(StoreMood::HangsAfter(3));
    let lines = app.command("POST", "/jobs:retry", &everything()).await.lines();
    let so_far = json!({"progress": {"seen": 500, "done": 500, "requested": 0, "conflict": 0, "unknown": 0}});
    let progress = lines.iter().filter(|line| **line == so_far).count();
    assert!(progress >= 2, "{progress} lines of progress in two seconds");
    assert_eq!(lines.last().unwrap()["error"]["degraded"], json!(["job store"]));
}

#[tokio::test]
async fn a_store_that_goes_away_in_between_ends_the_answer_with_the_problem() {
    let app = app_with(1_000, JobStatus::Failed);
    app.jobs.desk.set(StoreMood::FailsAfter(2));
    let answer = app.command("POST", "/jobs:retry", &everything()).await;
    let lines = answer.lines();
    let error = &lines.last().unwrap()["error"];
    assert_eq!(
        (&error["status"], &error["degraded"]),
        (&json!(503), &json!(["job store"]))
    );
    assert_eq!(lines[lines.len() - 2]["progress"]["done"], 500);
    assert!(!answer.text().contains("secret") && !answer.text().contains("summary"));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_away_from_the_start_is_a_503() {
    for mood in [StoreMood::Hangs, StoreMood::Fails(away())] {
        for command in ["cancel", "retry", "delete"] {
            for dry_run in [true, false] {
                let app = app_with(1, JobStatus::Failed);
                app.jobs.desk.set(mood.clone());
                let started = Instant::now();
                let body = json!({"all": true, "dryRun": dry_run});
                app.command("POST", &format!("/jobs:{command}"), &body)
                    .await
                    .degraded("job store");
                assert!(started.elapsed() <= Duration::from_secs(2));
            }
        }
    }
}

#[tokio::test]
async fn a_client_that_leaves_stops_the_command() {
    let app = app_with(100_000, JobStatus::Pending);
    let response = app
        .open(json_request("POST", "/jobs:cancel", &everything()))
        .await;
    let mut body: Body = response.into_body();
    body.frame().await.unwrap().unwrap();
    drop(body);
    let commanded = app.jobs.desk.count("Cancel");
    assert!(
        commanded <= 4,
        "{commanded} pages were commanded ahead of the client"
    );
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(app.jobs.desk.count("Cancel"), commanded);
}

#[tokio::test]
async fn commands_over_many_are_bounded_and_give_their_place_back() {
    let app = App::with(GatewayConfig {
        max_streams: 1,
        ..GatewayConfig::default()
    });
    app.jobs.with(|held| {
        held.jobs = (0..5_000)
            .map(|number| StubJob::new(id(number), JobStatus::Failed))
            .collect();
    });
    let first = app.open(json_request("POST", "/jobs:retry", &everything())).await;
    let refused = app.command("POST", "/jobs:cancel", &everything()).await;
    assert_eq!(refused.headers["retry-after"], "1");
    assert_eq!(refused.problem(503)["title"], "Overloaded");
    app.command("POST", "/jobs:cancel", &json!({"all": true, "dryRun": true}))
        .await
        .problem(503);
    drop(first);
    assert_eq!(
        app.command("POST", "/jobs:cancel", &everything()).await.status,
        200
    );
}

#[tokio::test]
async fn a_query_that_does_not_read_is_shown_where() {
    let app = App::new();
    let problem = app
        .command("POST", "/jobs:retry", &json!({"q": "state:failed tpye:email"}))
        .await
        .problem(400);
    assert!(problem["type"].as_str().unwrap().ends_with("/invalid-query"));
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("did you mean `type`?"),
        "{problem}"
    );
    let pointer: Vec<&str> = problem["pointer"].as_str().unwrap().lines().collect();
    assert_eq!(pointer, ["state:failed tpye:email", "             ^^^^"]);
    assert_eq!(problem["details"][0]["path"], "/q");
}

#[tokio::test]
async fn everything_is_meant_only_where_it_is_said() {
    let app = app_with(3, JobStatus::Pending);
    for (body, words) in [
        (json!({}), "/q: is missing"),
        (json!({"all": false}), "/q: is missing"),
        (json!({"q": ""}), "matches every job"),
        (json!({"q": "  "}), "matches every job"),
        (json!({"q": "state:failed", "all": true}), "together with all"),
    ] {
        let problem = app.command("POST", "/jobs:delete", &body).await.problem(400);
        assert!(
            problem["detail"].as_str().unwrap().contains(words),
            "{body}: {problem}"
        );
    }
    assert!(app.jobs.desk.calls().is_empty());
}
