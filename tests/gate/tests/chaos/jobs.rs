//! Jobs that do harm, and clients that all want the same.

use std::collections::HashMap;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use futures::FutureExt;
use futures::future::{LocalBoxFuture, join_all};
use gate::{Api, eventually};
use serde_json::{Value, json};

use crate::programs;
use crate::stage::Stage;

/// How many clients ask at once.
const CLIENTS: usize = 100;

/// Something that clients do to a running system.
pub(crate) struct JobTrial {
    pub(crate) name: &'static str,
    act: for<'s> fn(&'s Observatory) -> LocalBoxFuture<'s, Result<()>>,
}

/// Every trial.
pub(crate) static JOBS: &[JobTrial] = &[
    JobTrial {
        name: "jobs that kill, abort, hang and eat memory",
        act: |observatory| poison(observatory).boxed_local(),
    },
    JobTrial {
        name: "one key, a hundred times at once",
        act: |observatory| one_key(observatory).boxed_local(),
    },
];

/// The roles, running.
struct Observatory {
    gateway: Api,
    read_model: Api,
}

/// Starts all roles on the servers of a stage, and lets a trial have them.
pub(crate) async fn run(stage: &Stage, trial: &JobTrial) -> Result<()> {
    let offset = programs::free_offset()?;
    let mut up = programs::observatory(stage)?;
    up.args(["up", "--target", "services", "--allow-exec", "sh=/bin/sh"])
        .args(programs::placed(offset)?)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let _running = up.spawn().context("cannot start the observatory")?;
    let observatory = Observatory {
        gateway: Api::new(3000 + offset),
        read_model: Api::new(8080 + offset),
    };
    for api in [&observatory.gateway, &observatory.read_model] {
        eventually("readiness", || async {
            let answer = api.get("/readyz").await?;
            ensure!(answer.status == 200, "{}", answer.text());
            Ok(())
        })
        .await?;
    }
    (trial.act)(&observatory).await
}

/// What a shell is told to do, how it ends, and what its error says.
const POISON: [(&str, &str, &str); 4] = [
    ("kill -9 $PPID; sleep 60", "QUARANTINED", "died"),
    ("kill -ABRT $$", "FAILED", "signal"),
    ("while :; do :; done", "FAILED", "time"),
    ("ulimit -v 100000; tail /dev/zero", "FAILED", "exit"),
];

/// A job that takes its worker with it ends in quarantine, one that only harms itself fails, and what is beside it completes.
/// One at a time: what runs for long beside a job that kills its worker dies with it, and cannot be told from it.
async fn poison(observatory: &Observatory) -> Result<()> {
    for (script, status, error) in POISON {
        let job = json!({
            "type": "exec",
            "payload": {"program": "sh", "args": ["-c", script], "env": {"PATH": "/usr/bin:/bin"}},
            "timeoutSeconds": 2,
            "retry": {"maxAttempts": 1},
        });
        let poisoned = observatory.submit(&job).await?;
        let mut good = Vec::new();
        for number in 0..20 {
            let job = json!({"type": "echo", "payload": {"number": number}});
            good.push(observatory.submit(&job).await?);
        }
        let job = observatory.ended(&poisoned, status).await?;
        let said = job["error"].as_str().unwrap_or_default().to_lowercase();
        ensure!(said.contains(error), "no `{error}` in {job}");
        for id in &good {
            observatory.ended(id, "COMPLETED").await?;
        }
    }
    Ok(())
}

/// One idempotency key is one job, whoever asks; one unique key is one job, and the others learn which.
async fn one_key(observatory: &Observatory) -> Result<()> {
    let id = "0191d2a0-7c1e-7000-8000-0000000000aa";
    let same = json!({"type": "echo", "id": id});
    for (status, job) in observatory.all_at_once(&same).await? {
        ensure!(status == 202 && job == id, "{status} {job}");
    }
    observatory.ended(id, "COMPLETED").await?;

    let unique = json!({"type": "sleep", "payload": {"ms": 1000}, "uniqueKey": "the only one"});
    let answers = observatory.all_at_once(&unique).await?;
    let mut jobs: HashMap<String, usize> = HashMap::new();
    for (_, job) in &answers {
        *jobs.entry(job.clone()).or_default() += 1;
    }
    let accepted = answers.iter().filter(|(status, _)| *status == 202).count();
    let refused = answers.iter().filter(|(status, _)| *status == 409).count();
    ensure!(
        (accepted, refused) == (1, CLIENTS - 1),
        "{accepted} accepted, {refused} refused"
    );
    ensure!(jobs.len() == 1, "{jobs:?}");
    for job in jobs.keys() {
        observatory.ended(job, "COMPLETED").await?;
    }
    let all = observatory.read_model.json("/jobs").await?;
    ensure!(
        all["items"].as_array().is_some_and(|jobs| jobs.len() == 2),
        "{all}"
    );
    Ok(())
}

impl Observatory {
    async fn submit(&self, job: &Value) -> Result<String> {
        let answer = self.gateway.post("/jobs", job).await?;
        ensure!(answer.status == 202, "{} {}", answer.status, answer.text());
        Ok(answer.json()?["jobId"].as_str().context("an id")?.to_owned())
    }

    /// What each client is answered: the status, and which job it is about.
    async fn all_at_once(&self, job: &Value) -> Result<Vec<(u16, String)>> {
        let asked = (0..CLIENTS).map(|_| self.gateway.post("/jobs", job));
        let mut answers = Vec::new();
        for answer in join_all(asked).await {
            let answer = answer?;
            let about = answer.json()?["jobId"].as_str().map(str::to_owned);
            answers.push((answer.status, about.with_context(|| answer.text())?));
        }
        Ok(answers)
    }

    async fn ended(&self, id: &str, status: &str) -> Result<Value> {
        eventually(&format!("{status} of {id}"), || async {
            let job = self.read_model.json(&format!("/jobs/{id}")).await?;
            ensure!(job["status"] == status, "{job}");
            Ok(job)
        })
        .await
    }
}
