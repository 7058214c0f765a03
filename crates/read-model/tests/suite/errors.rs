//! Errors by their cause.

use domain::fingerprint::{fingerprint, normalised};
use ports::{ErrorGroup, Failure};
use serde_json::json;

use super::support::{App, at, id};

fn group(error: &str, count: u64) -> ErrorGroup {
    ErrorGroup {
        failure: Failure {
            fingerprint: fingerprint(error),
            title: normalised(error),
        },
        count,
        first_at: at(1),
        last_at: at(2),
        last_job: id(7),
    }
}

#[tokio::test]
async fn every_cause_comes_with_a_query_that_finds_its_jobs() {
    let app = App::new();
    assert_eq!(app.get("/errors").await.good(), json!({"items": []}));
    app.stats.errors.lock().unwrap().push(group("status 500", 12));
    let told = app.get("/errors").await.good();
    let name = fingerprint("status 500").to_string();
    assert_eq!(
        told["items"][0],
        json!({
            "fingerprint": name, "title": normalised("status 500"), "count": 12,
            "firstAt": at(1), "lastAt": at(2), "lastJob": id(7), "query": format!("fingerprint:{name}"),
        })
    );
    let query = told["items"][0]["query"].as_str().unwrap();
    app.get(&format!("/jobs?q={query}")).await.good();
    assert!(
        app.jobs.last().contains(&format!("[{query}]")),
        "{}",
        app.jobs.last()
    );
}

#[tokio::test]
async fn as_many_causes_are_told_as_asked_for() {
    let app = App::new();
    let groups = (0..60).map(|number| group(&format!("cause {}", "x".repeat(number)), 1));
    app.stats.errors.lock().unwrap().extend(groups);
    for (parameters, expected) in [("", 50), ("limit=1", 1), ("limit=1000", 60)] {
        let told = app.get(&format!("/errors?{parameters}")).await.good();
        assert_eq!(told["items"].as_array().unwrap().len(), expected, "{parameters}");
    }
}
