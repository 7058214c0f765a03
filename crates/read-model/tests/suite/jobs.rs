//! Lists of jobs, and one job.

use bytes::Bytes;
use contracts::{JobStatus, Priority};
use domain::limits::Hold;
use ports::JobSummary;
use serde_json::json;

use super::support::{App, at, id, retrying, summary};

#[tokio::test]
async fn recent_jobs_are_an_array_even_when_there_are_none() {
    let app = App::new();
    assert_eq!(app.get("/jobs/recent").await.good(), json!([]));
    assert!(app.jobs.last().ends_with("None 10"), "{}", app.jobs.last());
}

#[tokio::test]
async fn recent_jobs_have_the_published_fields_and_more() {
    let app = App::new();
    app.jobs
        .jobs
        .lock()
        .unwrap()
        .extend([summary(2, JobStatus::Executing), summary(1, JobStatus::Completed)]);
    insta::assert_json_snapshot!(app.get("/jobs/recent?limit=100").await.good());
    assert!(app.jobs.last().ends_with("None 100"), "{}", app.jobs.last());
}

#[tokio::test]
async fn pages_lead_from_one_to_the_next() {
    let app = App::new();
    app.jobs
        .jobs
        .lock()
        .unwrap()
        .extend((0..5).map(|number| summary(number, JobStatus::Failed)));
    let mut seen = Vec::new();
    let mut path = "/jobs?limit=2".to_owned();
    loop {
        let page = app.get(&path).await.good();
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|job| job["id"].clone()),
        );
        let Some(cursor) = page["nextCursor"].as_str() else {
            break;
        };
        path = format!("/jobs?limit=2&cursor={cursor}");
    }
    assert_eq!(seen, (0..5).map(|number| json!(id(number))).collect::<Vec<_>>());
}

#[tokio::test]
async fn one_job_is_told_with_its_attempts() {
    let app = App::new();
    app.jobs.details.lock().unwrap().push(retrying());
    insta::assert_json_snapshot!(app.get(&format!("/jobs/{}", id(1))).await.good());
}

#[tokio::test]
async fn results_are_json_and_wake_ups_of_the_sweeper_are_nobodys_business() {
    let app = App::new();
    let mut job = retrying();
    job.summary.status = JobStatus::Pending;
    job.logs.clear();
    job.result = Some(r#"{"answer":[42]}"#.into());
    job.body = Bytes::from_static(b"{}");
    app.jobs.details.lock().unwrap().push(job);
    let told = app.get(&format!("/jobs/{}", id(1))).await.good();
    assert_eq!(
        (&told["result"], &told["nextRunAt"]),
        (&json!({"answer": [42]}), &json!(null))
    );
    assert_eq!((&told["payload"], &told["tags"]), (&json!(null), &json!([])));
    assert_eq!(
        (&told["uniqueKey"], &told["attempts"][0]["log"]),
        (&json!(null), &json!([]))
    );
}

#[tokio::test]
async fn a_job_that_is_held_back_says_why_and_when_it_is_looked_at_only_if_time_ends_it() {
    let app = App::new();
    let held = |number, status, reason| JobSummary {
        held: Some(reason),
        wake_at: Some(at(60)),
        ..summary(number, status)
    };
    app.jobs.jobs.lock().unwrap().extend([
        held(1, JobStatus::Pending, Hold::Rate),
        held(2, JobStatus::Retrying, Hold::Paused),
    ]);
    let items = app.get("/jobs").await.good()["items"].take();
    let told = |at: usize| (items[at]["held"].clone(), items[at]["nextRunAt"].clone());
    assert_eq!(told(0), (json!("rate"), json!("2026-01-02T03:05:00Z")));
    assert_eq!(told(1), (json!("paused"), json!(null)));
}

#[tokio::test]
async fn a_revived_job_that_a_client_wants_to_end_says_both() {
    let app = App::new();
    let mut job = retrying();
    job.summary.status = JobStatus::Executing;
    job.summary.priority = Priority::High;
    (job.round, job.cancelling) = (2, true);
    app.jobs.details.lock().unwrap().push(job);
    let told = app.get(&format!("/jobs/{}", id(1))).await.good();
    assert_eq!(
        (&told["round"], &told["cancelling"], &told["priority"]),
        (&json!(2), &json!(true), &json!("high"))
    );
}

#[tokio::test]
async fn a_job_that_does_not_exist_is_a_404_and_what_is_no_id_a_400() {
    let app = App::new();
    let path = format!("/jobs/{}", id(5));
    assert!(
        app.get(&path).await.problem(404)["detail"]
            .as_str()
            .unwrap()
            .contains(&id(5).to_string())
    );
    app.get(&format!("{path}/events")).await.problem(404);
    app.get(&format!("{path}/timeline")).await.problem(404);
    for bad in [
        "1",
        "abc",
        "%00",
        "%ff",
        "urn:uuid:0191d2a0-7c1e-7000-8000-000000000001",
        "0191d2a07c1e70008000000000000001",
    ] {
        assert_eq!(
            app.get(&format!("/jobs/{bad}")).await.problem(400)["details"][0]["path"],
            "id",
            "{bad}"
        );
        app.get(&format!("/jobs/{bad}/events")).await.problem(400);
        app.get(&format!("/jobs/{bad}/timeline")).await.problem(400);
    }
}

#[tokio::test]
async fn the_life_of_a_job_is_told_as_valid_events_oldest_first() {
    let app = App::new();
    app.jobs.details.lock().unwrap().push(retrying());
    let page = app.get(&format!("/jobs/{}/events", id(1))).await.good();
    insta::assert_json_snapshot!(page);
    for event in page["items"].as_array().unwrap() {
        contracts::validator().event(event).unwrap();
    }
}

#[tokio::test]
async fn stored_data_that_does_not_read_is_an_error_and_not_skipped() {
    let app = App::new();
    let mut job = retrying();
    job.body = Bytes::from_static(b"{broken");
    app.jobs.details.lock().unwrap().push(job);
    let problem = app.get(&format!("/jobs/{}", id(1))).await.problem(500);
    assert_eq!(problem["degraded"], json!(["job store"]));
}
