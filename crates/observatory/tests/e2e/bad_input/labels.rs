//! Names that clients choose, as labels of numbers: there is an end to them.

use serde_json::{Value, json};

use crate::common::Site;

const TYPES: u64 = 500;

#[tokio::test]
async fn any_number_of_job_types_makes_a_bounded_number_of_counters() {
    let observatory = Site::new().start(&[]).await;
    let jobs: Vec<Value> = (0..TYPES).map(|n| json!({"type": format!("type-{n}")})).collect();
    let answer = observatory.gateway.post("/jobs/batch", &json!(jobs)).await.json();
    assert_eq!(answer["accepted"], TYPES);
    let stats = observatory
        .wait_for_stats("all to fail", |stats| stats["failedJobs"] == TYPES)
        .await;
    let by_type = stats["byType"].as_array().unwrap();
    assert!(by_type.len() < 300, "{}", by_type.len());
    let total: u64 = by_type.iter().map(|row| row["total"].as_u64().unwrap()).sum();
    assert_eq!(total, TYPES, "none is left out");

    let gateway = observatory.gateway.get("/metrics").await;
    let series = gateway
        .text()
        .lines()
        .filter(|line| line.starts_with("gateway_jobs_submitted_total{"));
    assert!(series.count() < 300);
    let processor = observatory.metrics.get("/metrics").await;
    assert!(
        !processor.text().contains("type-1"),
        "the processor has no such labels"
    );
}

#[tokio::test]
async fn paths_of_nobodys_make_no_counters() {
    let observatory = Site::new().start(&[]).await;
    for n in 0..20 {
        observatory.gateway.get(&format!("/made/up/{n}")).await;
        observatory.read_model.get(&format!("/jobs/made-up-{n}")).await;
    }
    for api in [observatory.gateway, observatory.read_model] {
        let metrics = api.get("/metrics").await;
        assert!(!metrics.text().contains("made"), "{}", metrics.text());
    }
}
