//! The same for all jobs that a query matches.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::common::{Answer, Observatory, Shared, text};

static SHARED: Shared = Shared::new(&[]);

const JOBS: usize = 3_000;

/// Submits jobs under a tag of their own and waits until a query finds them all.
async fn fill(observatory: &Observatory, job: Value, state: &str) -> String {
    let tag = uuid::Uuid::new_v4().simple().to_string();
    let mut job = job;
    job["tags"] = json!([tag]);
    let answer = observatory
        .gateway
        .post("/jobs/batch", &json!(vec![job; JOBS]))
        .await;
    assert_eq!(answer.json()["accepted"], JOBS);
    let query = format!("tag:{tag} state:{state}");
    observatory.wait_for_jobs(&query, JOBS).await;
    tag
}

async fn bulk(observatory: &Observatory, verb: &str, body: Value) -> Answer {
    observatory.gateway.post(&format!("/jobs:{verb}"), &body).await
}

/// What is told of each job, and the summary.
fn told(answer: &Answer) -> (Vec<Value>, Value) {
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    assert!(answer.header("content-type").starts_with("application/x-ndjson"));
    let mut lines = answer.json_lines();
    let summary = lines.pop().unwrap()["summary"].clone();
    lines.retain(|line| line.get("progress").is_none());
    (lines, summary)
}

#[tokio::test]
async fn a_dry_run_counts_and_changes_nothing() {
    let observatory = SHARED.get().await;
    let tag = fill(&observatory, json!({"type": "echo", "delay": "1h"}), "scheduled").await;
    let query = format!("tag:{tag}");
    for verb in ["cancel", "retry", "delete"] {
        let answer = bulk(&observatory, verb, json!({"q": query, "dryRun": true})).await;
        assert_eq!(
            (answer.status, answer.json()),
            (200, json!({"matched": JOBS, "complete": true})),
            "{verb}"
        );
    }
    assert_eq!(
        observatory.find(&format!("{query} state:scheduled")).await.len(),
        JOBS
    );

    let (lines, summary) = told(&bulk(&observatory, "cancel", json!({"q": query})).await);
    let ids: HashSet<_> = lines.iter().map(|line| text(&line["jobId"])).collect();
    assert_eq!((lines.len(), ids.len()), (JOBS, JOBS), "each once");
    assert!(lines.iter().all(|line| line["outcome"] == "done"));
    assert_eq!(
        (&summary["done"], &summary["complete"]),
        (&json!(JOBS), &json!(true)),
        "{summary}"
    );
    assert_eq!(
        observatory.find(&format!("{query} state:cancelled")).await.len(),
        JOBS
    );
}

#[tokio::test]
async fn all_that_failed_are_tried_again_and_then_deleted() {
    let observatory = SHARED.get().await;
    let tag = fill(&observatory, json!({"type": "no.such-type"}), "failed").await;
    let query = format!("tag:{tag}");
    let (_, summary) = told(&bulk(&observatory, "retry", json!({"q": query})).await);
    assert_eq!(summary["done"], JOBS, "{summary}");
    observatory
        .wait_for_jobs(&format!("{query} state:failed attempt:2"), JOBS)
        .await;
    let (_, summary) = told(&bulk(&observatory, "delete", json!({"q": query})).await);
    assert_eq!(summary["done"], JOBS, "{summary}");
    assert_eq!(observatory.find(&query).await.len(), 0);
    let (lines, summary) = told(&bulk(&observatory, "delete", json!({"q": query})).await);
    assert_eq!(
        (lines.len(), &summary["seen"]),
        (0, &json!(0)),
        "repeating is safe"
    );
}

#[tokio::test]
async fn what_cannot_be_done_to_a_job_is_told_of_that_job() {
    let observatory = SHARED.get().await;
    let done = observatory.run(&json!({"type": "echo", "tags": ["mixed"]})).await;
    let waits = observatory
        .submit(&json!({"type": "echo", "delay": "1h", "tags": ["mixed"]}))
        .await;
    observatory.wait_for_status(&waits, "SCHEDULED").await;
    let (lines, summary) = told(&bulk(&observatory, "cancel", json!({"q": "tag:mixed"})).await);
    let of = |id: &str| lines.iter().find(|line| line["jobId"] == *id).unwrap().clone();
    let conflict = of(text(&done["id"]));
    assert_eq!(
        (&conflict["outcome"], &conflict["status"]),
        (&json!("conflict"), &json!("COMPLETED"))
    );
    assert_eq!(of(&waits)["outcome"], "done");
    assert_eq!((&summary["done"], &summary["conflict"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn a_request_that_does_not_say_which_jobs_is_refused() {
    let observatory = SHARED.get().await;
    for body in [
        json!({}),
        json!({"q": "typ:x"}),
        json!({"q": "type:x", "all": true}),
        json!({"query": "type:x"}),
    ] {
        let answer = bulk(&observatory, "cancel", body.clone()).await;
        assert_eq!(answer.status, 400, "{body}");
    }
    let pointed = bulk(&observatory, "cancel", json!({"q": "typ:x"})).await.json();
    assert_eq!(pointed["pointer"], "typ:x\n^^^", "{pointed}");
}
