//! `kill -9`, which leaves no time for anything.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use testkit::wait_for;

use crate::common::{Observatory, PATIENCE, Site, count, text};

const JOBS: usize = 300;

async fn submit_many(observatory: &Observatory) -> Vec<String> {
    let job = |n: usize| match n % 3 {
        0 => json!({"type": "sleep", "payload": {"ms": 20}}),
        _ => json!({"type": "echo", "payload": {"n": n}}),
    };
    let jobs: Vec<Value> = (0..JOBS).map(job).collect();
    let answer = observatory.gateway.post("/jobs/batch", &json!(jobs)).await;
    assert_eq!(answer.status, 202, "{:?}", answer.body);
    let answer = answer.json();
    let items = answer["items"].as_array().unwrap();
    items.iter().map(|item| text(&item["jobId"]).to_owned()).collect()
}

#[tokio::test]
async fn every_accepted_job_completes_once_after_a_kill() {
    let site = Site::new();
    let mut observatory = site.start(&["--concurrency", "8"]).await;
    let ids = submit_many(&observatory).await;
    observatory
        .wait_for_stats("some jobs to be done", |stats| {
            count(&stats["completedJobs"]) > 10
        })
        .await;
    observatory.process.kill();
    drop(observatory);

    let again = site.start(&[]).await;
    for id in &ids {
        let job = again.wait_for_end(id).await;
        assert_eq!(
            (&job["status"], &job["failures"]),
            (&json!("COMPLETED"), &json!(0)),
            "{job}"
        );
    }
    let jobs = JOBS as u64;
    again
        .wait_for_stats("every job to be counted once", |stats| {
            count(&stats["totalJobs"]) == jobs && count(&stats["completedJobs"]) == jobs
        })
        .await;
    each_life_is_told_once(&again, &ids).await;
    let stats = again.read_model.get("/stats").await.json();
    assert_eq!(
        (count(&stats["totalJobs"]), count(&stats["completedJobs"])),
        (jobs, jobs)
    );
}

/// The event log agrees with each job's own history, event by event.
async fn each_life_is_told_once(observatory: &Observatory, ids: &[String]) {
    for id in ids {
        let own = observatory
            .read_model
            .get(&format!("/jobs/{id}/events"))
            .await
            .json();
        let own = tally(own["items"].as_array().unwrap());
        assert_eq!(own.get("job.created"), Some(&1), "{id}: {own:?}");
        assert_eq!(own.get("job.completed"), Some(&1), "{id}: {own:?}");
        wait_for(PATIENCE, "the event log to agree", || async {
            let logged = tally(&observatory.events(id).await);
            if logged == own {
                Ok(())
            } else {
                Err(format!("{id}: {logged:?}, not {own:?}"))
            }
        })
        .await;
    }
}

fn tally(events: &[Value]) -> BTreeMap<String, usize> {
    let mut tally = BTreeMap::new();
    for event in events {
        *tally.entry(text(&event["eventType"]).to_owned()).or_default() += 1;
    }
    tally
}

/// A job is not to blame for what kills its worker, up to a point.
#[tokio::test]
async fn a_job_whose_worker_dies_three_times_is_set_aside() {
    let site = Site::new();
    let mut observatory = site.start(&[]).await;
    let id = observatory
        .submit(&json!({"type": "sleep", "payload": {"ms": 600_000}}))
        .await;
    for attempt in 1..=3 {
        let job = observatory.wait_for_status(&id, "EXECUTING").await;
        assert_eq!(
            (&job["attempt"], &job["failures"]),
            (&json!(attempt), &json!(0)),
            "{job}"
        );
        observatory.process.kill();
        drop(observatory);
        observatory = site.start(&[]).await;
    }
    let job = observatory.wait_for_end(&id).await;
    assert_eq!(
        (&job["status"], &job["crashes"]),
        (&json!("QUARANTINED"), &json!(3)),
        "{job}"
    );
    assert!(!text(&job["error"]).is_empty(), "it says why: {job}");
    observatory
        .wait_for_stats("it to be counted", |stats| count(&stats["quarantinedJobs"]) == 1)
        .await;
    observatory.echoes("a job that was set aside").await;
}
