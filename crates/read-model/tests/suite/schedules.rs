//! Schedules and their next firings.

use domain::schedule::{CatchUp, Schedule};
use serde_json::json;
use serde_json::value::RawValue;

use super::support::{App, at, id};

fn schedule(name: &str, cron: &str, timezone: &str) -> Schedule {
    Schedule {
        id: id(14),
        name: name.parse().unwrap(),
        cron: cron.into(),
        timezone: timezone.into(),
        catch_up: CatchUp::One,
        paused: false,
        job: RawValue::from_string(r#"{"type":"report","payload":{"of":"today"}}"#.into()).unwrap(),
        created_at: at(1),
        updated_at: at(2),
        next_at: Some(at(60)),
        last_at: Some(at(0)),
        last_job: Some(id(1)),
    }
}

#[tokio::test]
async fn every_schedule_is_told_with_its_next_firings() {
    let app = App::new();
    assert_eq!(app.get("/schedules").await.good(), json!({"items": []}));
    app.jobs.schedules.lock().unwrap().extend([
        schedule("hourly", "@hourly", "UTC"),
        schedule("nightly", "30 3 * * *", "Europe/Berlin"),
    ]);
    insta::assert_json_snapshot!(app.get("/schedules").await.good());
}

#[tokio::test]
async fn one_schedule_is_found_by_its_name() {
    let app = App::new();
    app.jobs.schedules.lock().unwrap().extend([
        schedule("a", "* * * * *", "UTC"),
        schedule("nightly.v2", "* * * * *", "UTC"),
    ]);
    let told = app.get("/schedules/nightly.v2").await.good();
    assert_eq!(
        (&told["name"], &told["next"][0]),
        (&json!("nightly.v2"), &json!("2026-01-02T03:05:00Z"))
    );
    let problem = app.get("/schedules/nightly").await.problem(404);
    assert!(
        problem["detail"].as_str().unwrap().contains("nightly"),
        "{problem}"
    );
}

#[tokio::test]
async fn what_is_paused_or_does_not_read_any_more_is_listed_and_fires_nothing() {
    let app = App::new();
    let paused = Schedule {
        paused: true,
        next_at: None,
        ..schedule("paused", "* * * * *", "UTC")
    };
    app.jobs
        .schedules
        .lock()
        .unwrap()
        .extend([paused, schedule("lost", "* * * * *", "Mars/Olympus")]);
    let told = app.get("/schedules").await.good();
    for item in told["items"].as_array().unwrap() {
        assert_eq!(item["next"], json!([]), "{item}");
    }
    assert_eq!(told["items"][0]["nextAt"], json!(null));
    assert_eq!(told["items"][1]["timezone"], "Mars/Olympus");
}
