//! The two stages of a stop.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::wait_until;

use crate::common::{Observatory, PATIENCE, Site, text};

/// What a stop may take beyond what it waits for.
const QUICK: Duration = Duration::from_secs(3);

async fn submit_sleep(observatory: &Observatory, millis: u64) -> String {
    let job = json!({"type": "sleep", "payload": {"ms": millis}});
    let id = observatory.submit(&job).await;
    observatory.wait_for_status(&id, "EXECUTING").await;
    id
}

/// Intake has stopped; whoever watches goes on watching.
async fn intake_stops(observatory: &Observatory) {
    wait_until(PATIENCE, "the end of intake", || async {
        !observatory.gateway.is_open().await
    })
    .await;
}

async fn ends_well(observatory: &mut Observatory) {
    let code = observatory.process.exit_code(PATIENCE).await;
    assert_eq!(code, 0, "{}", observatory.process.stderr());
}

fn outcomes(job: &Value) -> Vec<&str> {
    let attempts = job["attempts"].as_array().unwrap();
    attempts.iter().map(|attempt| text(&attempt["outcome"])).collect()
}

#[tokio::test]
async fn a_running_job_finishes_while_intake_is_stopped() {
    let site = Site::new();
    let mut observatory = site.start(&["--drain", "20s"]).await;
    let id = submit_sleep(&observatory, 1500).await;
    let begun = Instant::now();
    observatory.process.signal("TERM");
    intake_stops(&observatory).await;
    let seen = observatory.job(&id).await.expect("the read model still answers");
    assert_eq!(seen["status"], "EXECUTING", "{seen}");
    assert!(
        observatory.page.get("/").await.status == 200,
        "the page still answers"
    );
    ends_well(&mut observatory).await;
    assert!(
        begun.elapsed() < Duration::from_millis(1500) + QUICK,
        "{:?}",
        begun.elapsed()
    );
    drop(observatory);

    let again = site.start(&[]).await;
    let job = again.wait_for_end(&id).await;
    assert_eq!(
        (&job["status"], &job["crashes"]),
        (&json!("COMPLETED"), &json!(0)),
        "{job}"
    );
    assert_eq!(outcomes(&job), ["COMPLETED"]);
    again
        .wait_for_events(&id, &["job.created", "job.executed", "job.completed"])
        .await;
}

#[tokio::test]
async fn a_job_that_does_not_finish_in_time_is_handed_back_and_run_again() {
    let site = Site::new();
    let mut observatory = site.start(&["--drain", "100ms"]).await;
    let id = submit_sleep(&observatory, 60_000).await;
    let begun = Instant::now();
    observatory.process.signal("INT");
    ends_well(&mut observatory).await;
    assert!(begun.elapsed() < QUICK, "{:?}", begun.elapsed());
    drop(observatory);

    let again = site.start(&[]).await;
    let job = again.wait_for_status(&id, "EXECUTING").await;
    assert_eq!(
        (&job["attempt"], outcomes(&job)),
        (&json!(2), vec!["RETRYING", "EXECUTING"]),
        "{job}"
    );
    assert_eq!(
        (&job["failures"], &job["crashes"]),
        (&json!(0), &json!(0)),
        "{job}"
    );
    assert!(
        text(&job["attempts"][0]["error"]).contains("handed back"),
        "{job}"
    );
    let life = ["job.created", "job.executed", "job.retrying", "job.executed"];
    again.wait_for_events(&id, &life).await;
}

/// The limit of attempts is for failures: a job that may fail once survives any number of stops.
#[tokio::test]
async fn a_job_with_a_single_attempt_survives_a_stop() {
    let site = Site::new();
    let mut observatory = site.start(&["--drain", "0ms"]).await;
    let job = json!({"type": "sleep", "payload": {"ms": 700}, "retry": {"maxAttempts": 1}});
    let id = observatory.submit(&job).await;
    observatory.wait_for_status(&id, "EXECUTING").await;
    observatory.process.signal("TERM");
    ends_well(&mut observatory).await;
    drop(observatory);

    let again = site.start(&[]).await;
    let job = again.wait_for_end(&id).await;
    assert_eq!(
        (&job["status"], &job["failures"]),
        (&json!("COMPLETED"), &json!(0)),
        "{job}"
    );
}

#[tokio::test]
async fn a_second_signal_stops_at_once_and_loses_nothing() {
    let site = Site::new();
    let mut observatory = site.start(&["--drain", "10m"]).await;
    let id = submit_sleep(&observatory, 60_000).await;
    observatory.process.signal("INT");
    intake_stops(&observatory).await;
    assert!(observatory.process.is_running(), "the job still runs");
    let begun = Instant::now();
    observatory.process.signal("INT");
    ends_well(&mut observatory).await;
    assert!(begun.elapsed() < QUICK, "{:?}", begun.elapsed());
    drop(observatory);

    let again = site.start(&[]).await;
    let job = again.wait_for_status(&id, "EXECUTING").await;
    assert_eq!(
        (&job["attempt"], &job["failures"]),
        (&json!(2), &json!(0)),
        "{job}"
    );
}

#[tokio::test]
async fn an_idle_observatory_stops_at_once_and_can_be_started_again() {
    let site = Site::new();
    for round in 1..=3 {
        let mut observatory = site.start(&[]).await;
        observatory.echoes("a start").await;
        observatory
            .wait_for_stats("the rounds", |stats| stats["completedJobs"] == round)
            .await;
        let begun = Instant::now();
        observatory.process.signal("TERM");
        ends_well(&mut observatory).await;
        assert!(begun.elapsed() < QUICK, "round {round}: {:?}", begun.elapsed());
    }
}

/// A client that keeps its connection open must not keep the process.
#[tokio::test]
async fn idle_connections_do_not_hold_up_a_stop() {
    let mut observatory = Site::new().start(&[]).await;
    let ports = [
        observatory.gateway,
        observatory.read_model,
        observatory.page,
        observatory.metrics,
    ];
    let mut idle = Vec::new();
    for api in ports {
        let address = (std::net::Ipv4Addr::LOCALHOST, api.port);
        idle.push(tokio::net::TcpStream::connect(address).await.unwrap());
        assert!(api.try_get("/livez").await.is_ok());
    }
    let begun = Instant::now();
    observatory.process.signal("TERM");
    ends_well(&mut observatory).await;
    assert!(begun.elapsed() < QUICK, "{:?}", begun.elapsed());
}

/// Jobs that wait, or wait for another attempt, are there after a stop as if there had been none.
#[tokio::test]
async fn what_waits_is_done_after_the_next_start() {
    let site = Site::new();
    let mut observatory = site.start(&["--concurrency", "1", "--drain", "0ms"]).await;
    let first = submit_sleep(&observatory, 1000).await;
    let jobs = json!(vec![json!({"type": "echo"}); 50]);
    let answer = observatory.gateway.post("/jobs/batch", &jobs).await.json();
    assert_eq!(answer["accepted"], 50);
    observatory.process.signal("TERM");
    ends_well(&mut observatory).await;
    drop(observatory);

    let again = site.start(&[]).await;
    for item in answer["items"].as_array().unwrap() {
        let job = again.wait_for_end(text(&item["jobId"])).await;
        assert_eq!(
            (&job["status"], &job["attempt"]),
            (&json!("COMPLETED"), &json!(1)),
            "{job}"
        );
    }
    assert_eq!(again.wait_for_end(&first).await["status"], "COMPLETED");
    again
        .wait_for_stats("51 jobs", |stats| {
            stats["totalJobs"] == 51 && stats["completedJobs"] == 51
        })
        .await;
}
