//! What clients want of jobs, on the servers of production.

use anyhow::{Context, Result, ensure};
use gate::{Role, System, eventually};
use serde_json::{Value, json};
use uuid::Uuid;

async fn status(system: &System, id: &str, status: &str) -> Result<Value> {
    eventually(&format!("{status} of {id}"), || async {
        let job = system.api(Role::ReadModel).json(&format!("/jobs/{id}")).await?;
        ensure!(job["status"] == status, "{job}");
        Ok(job)
    })
    .await
}

async fn submit(system: &System, job: &Value) -> Result<String> {
    let answer = system.api(Role::Gateway).post("/jobs", job).await?;
    ensure!(answer.status == 202, "{} {}", answer.status, answer.text());
    Ok(answer.json()?["jobId"].as_str().context("an id")?.to_owned())
}

pub(super) async fn delays_unique_keys_cancels_and_schedules_work(system: &System) -> Result<()> {
    let gateway = system.api(Role::Gateway);
    let key = Uuid::new_v4().to_string();
    let later = submit(system, &json!({"type": "echo", "delay": "1h", "uniqueKey": key})).await?;
    status(system, &later, "SCHEDULED").await?;
    let second = gateway
        .post("/jobs", &json!({"type": "echo", "uniqueKey": key}))
        .await?;
    ensure!(
        second.status == 409 && second.json()?["jobId"] == *later,
        "{}",
        second.text()
    );
    let cancelled = gateway.post(&format!("/jobs/{later}/cancel"), &json!({})).await?;
    ensure!(cancelled.status == 200, "{}", cancelled.text());
    status(system, &later, "CANCELLED").await?;
    let soon = submit(system, &json!({"type": "echo", "delay": "1s", "uniqueKey": key})).await?;
    status(system, &soon, "COMPLETED").await?;

    let runs = submit(system, &json!({"type": "sleep", "payload": {"ms": 60_000}})).await?;
    status(system, &runs, "EXECUTING").await?;
    gateway.post(&format!("/jobs/{runs}/cancel"), &json!({})).await?;
    status(system, &runs, "CANCELLED").await?;

    let schedule =
        json!({"name": "gate", "cron": "* * * * * *", "job": {"type": "echo", "tags": ["by-schedule"]}});
    let made = gateway.post("/schedules", &schedule).await?;
    ensure!(made.status == 201, "{}", made.text());
    eventually("firings", || async {
        let jobs = system
            .api(Role::ReadModel)
            .json("/jobs?q=schedule:gate%20state:completed")
            .await?;
        ensure!(
            jobs["items"].as_array().is_some_and(|jobs| jobs.len() >= 2),
            "{jobs}"
        );
        Ok(())
    })
    .await?;
    let paused = gateway.post("/schedules/gate/pause", &json!({})).await?;
    ensure!(paused.status == 200, "{}", paused.text());
    Ok(())
}
