//! Several processors.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use gate::{Role, System, eventually};
use serde_json::{Value, json};

pub(super) async fn two_processors_share_the_work(system: &System) -> Result<()> {
    system.add(Role::Processor).await?;
    let workers = eventually("two workers", || async {
        let jobs: Vec<Value> = (0..100)
            .map(|_| json!({"type": "sleep", "payload": {"ms": 50}, "tags": ["shared"]}))
            .collect();
        let answer = system
            .api(Role::Gateway)
            .post("/jobs/batch", &json!(jobs))
            .await?;
        let answer = answer.json()?;
        ensure!(answer["accepted"] == 100, "{answer}");
        let workers = workers_of(system, &answer).await?;
        ensure!(workers.len() == 2, "{workers:?}");
        Ok(workers)
    })
    .await?;
    ensure!(
        workers.iter().all(|worker| worker.starts_with("processor-")),
        "{workers:?}"
    );
    Ok(())
}

/// Who ran the jobs of a batch.
async fn workers_of(system: &System, answer: &Value) -> Result<BTreeSet<String>> {
    let mut workers = BTreeSet::new();
    for item in answer["items"].as_array().context("items")? {
        let id = item["jobId"].as_str().context("an id")?;
        let job = eventually("the end of a job", || async {
            let job = system.api(Role::ReadModel).json(&format!("/jobs/{id}")).await?;
            ensure!(job["status"] == "COMPLETED", "{job}");
            Ok(job)
        })
        .await?;
        let worker = job["attempts"][0]["worker"].as_str().context("a worker")?;
        workers.insert(worker.to_owned());
    }
    Ok(workers)
}
