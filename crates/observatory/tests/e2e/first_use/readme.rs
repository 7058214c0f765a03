//! The README's first use, read from the README.

use serde_json::{Value, json};

use super::SHARED;
use crate::common::text;

const README: &str = include_str!("../../../../../README.md");

/// The commands of the section, without the comments behind them.
fn commands() -> Vec<&'static str> {
    let section = README.split("## First use").nth(1).expect("the section is there");
    let section = section.split("\n## ").next().unwrap_or_default();
    let lines = section
        .lines()
        .filter_map(|line| line.trim().strip_prefix("$ curl -s "));
    lines
        .map(|line| line.split("  #").next().unwrap_or(line).trim())
        .collect()
}

#[tokio::test]
async fn the_first_use_of_the_readme_works_as_it_stands_there() {
    let (first, questions) = commands().split_first().map(|(a, b)| (*a, b.to_vec())).unwrap();
    let rest = first.strip_prefix("localhost:3000/jobs -H 'content-type: application/json' -d ");
    let job: Value = serde_json::from_str(rest.expect("it submits a job").trim_matches('\'')).unwrap();

    let observatory = SHARED.get().await;
    let accepted = observatory.gateway.post("/jobs", &job).await;
    assert_eq!(accepted.status, 202, "{:?}", accepted.body);
    let accepted = accepted.json();
    let members: Vec<_> = accepted.as_object().unwrap().keys().collect();
    assert_eq!(members, ["eventId", "jobId"]);
    let id = text(&accepted["jobId"]);
    let done = observatory.wait_for_status(id, "COMPLETED").await;
    assert_eq!(done["result"], json!({"hello": "world"}));
    observatory
        .wait_for_events(id, &["job.created", "job.executed", "job.completed"])
        .await;

    assert_eq!(questions.len(), 4, "{questions:?}");
    for question in questions {
        let path = question
            .trim_matches('\'')
            .strip_prefix("localhost:8080")
            .expect("it asks the read model");
        let answer = observatory.read_model.get(&path.replace("JOB_ID", id)).await;
        assert_eq!(answer.status, 200, "{question}: {:?}", answer.body);
        let told = answer.text();
        assert!(
            told.contains(id) || told.contains("\"totalJobs\":"),
            "{question}: {told}"
        );
    }
}
