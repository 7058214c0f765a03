//! Until every pod is ready, or one of them says why it never will be.

mod grace;
mod pods;
mod workloads;

use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::failure::Failure;
use super::report::Step;
use super::tools::{SHORT, Tools};
use super::up::Cluster;
use crate::client::style::printable;
use grace::Grace;
use pods::Trouble;
pub(super) use pods::{restarts, troubles};
pub(super) use workloads::{images, readiness};

/// The longest until everything is ready: on a slow disk databases take minutes to make themselves.
const PATIENCE: Duration = Duration::from_mins(10);
const PAUSE: Duration = Duration::from_secs(1);
/// How often the same question is asked: a machine on which everything starts at once does not answer each in time.
const ASKED: u32 = 3;
/// How much of what a pod said is shown: its last lines, which may be long.
const LINES: [&str; 2] = ["--tail=12", "--limit-bytes=16384"];

pub(super) async fn wait(cluster: &Cluster, step: Step<'_>) -> Result<(), Failure> {
    renew(cluster, &step).await?;
    let workloads = &cluster.spec.workloads;
    let mut tiers: Vec<_> = workloads.iter().map(|workload| workload.tier).collect();
    tiers.sort_unstable();
    tiers.dedup();
    let end = Instant::now() + PATIENCE;
    let mut told = String::new();
    let mut grace = Grace::default();
    for tier in tiers {
        while let Some(missing) = missing(cluster, tier, &mut grace).await? {
            if told != missing {
                step.show(&missing);
                told = missing;
            }
            if Instant::now() >= end {
                return Err(late(cluster, &told));
            }
            sleep(PAUSE).await;
        }
    }
    step.done(&format!("{} ready", workloads.len()));
    Ok(())
}

fn late(cluster: &Cluster, told: &str) -> Failure {
    let minutes = PATIENCE.as_secs() / 60;
    Failure::new(format!("not ready within {minutes} min: {told}")).hint(format!(
        "`observatory status --manifests {}` and `kubectl describe pods --namespace {}` say what they wait for",
        cluster.manifests.display(),
        cluster.spec.namespace
    ))
}

/// Pods that failed before begin anew. What they failed for may be mended by now, and they would wait for minutes until
/// they try again; those of a `StatefulSet` might not even be given what was changed.
async fn renew(cluster: &Cluster, step: &Step<'_>) -> Result<(), Failure> {
    let snapshot = Snapshot::steady(cluster).await?;
    let workloads = cluster.spec.workloads.iter();
    let troubles = workloads.flat_map(|workload| troubles(&snapshot.items, &workload.name));
    for trouble in troubles.filter(|trouble| !trouble.may_pass()) {
        step.show(&format!(
            "{} had failed ({}) and begins anew",
            trouble.pod, trouble.reason
        ));
        let delete = [
            "delete",
            "pod",
            &trouble.pod,
            "--namespace",
            &cluster.spec.namespace,
            "--ignore-not-found",
            "--wait=false",
        ];
        cluster.tools.kubectl.ask(&delete, SHORT).await?;
    }
    Ok(())
}

/// What of a tier is not ready.
async fn missing(cluster: &Cluster, tier: u32, grace: &mut Grace) -> Result<Option<String>, Failure> {
    let items = Snapshot::steady(cluster).await?.items;
    let mut missing = Vec::new();
    let mut found = Vec::new();
    let workloads = cluster.spec.workloads.iter();
    for workload in workloads.filter(|workload| workload.tier == tier) {
        let state = readiness(&items, workload);
        if !state.is_ready() {
            missing.push(format!("{} {}/{}", workload.name, state.ready, state.wanted));
            found.extend(troubles(&items, &workload.name));
        }
    }
    if let Some(trouble) = grace.spent(found, Instant::now()) {
        return Err(explain(cluster, &trouble).await);
    }
    Ok((!missing.is_empty()).then(|| format!("waiting for {}", missing.join(", "))))
}

/// What went wrong with a pod, with its last words.
async fn explain(cluster: &Cluster, trouble: &Trouble) -> Failure {
    let namespace = &cluster.spec.namespace;
    let mut said = String::new();
    for previous in ["--previous=true", "--previous=false"] {
        let mut logs = vec!["logs", &trouble.pod, "--namespace", namespace, previous];
        logs.extend(LINES);
        if let Some(container) = &trouble.container {
            logs.extend(["--container", container]);
        }
        if said.is_empty() {
            // A pod that never ran has none.
            said = cluster.tools.kubectl.ask(&logs, SHORT).await.unwrap_or_default();
        }
    }
    let said: Vec<_> = said
        .trim_end()
        .lines()
        .map(|line| format!("\n    {}", printable(line)))
        .collect();
    let Trouble {
        pod, reason, message, ..
    } = trouble;
    let message = printable(message);
    Failure::new(format!("pod {pod}: {reason}: {message}{}", said.concat())).hint(trouble.hint(namespace))
}

/// Workloads and pods, as they are at one time.
pub(super) struct Snapshot {
    pub(super) items: Vec<Value>,
}

impl Snapshot {
    /// As [`Snapshot::take`], asked again where the cluster does not answer.
    async fn steady(cluster: &Cluster) -> Result<Self, Failure> {
        let mut asked = 1;
        loop {
            match Self::take(&cluster.tools, &cluster.spec.namespace).await {
                Err(_) if asked < ASKED => asked += 1,
                taken => return taken,
            }
            sleep(PAUSE).await;
        }
    }

    pub(super) async fn take(tools: &Tools, namespace: &str) -> Result<Self, Failure> {
        let get = [
            "get",
            "deployments,statefulsets,pods",
            "--namespace",
            namespace,
            "--output",
            "json",
        ];
        let text = tools.kubectl.ask(&get, SHORT).await?;
        let mut list: Value = serde_json::from_str(&text)
            .map_err(|error| Failure::new(format!("what kubectl says of pods does not read: {error}")))?;
        let items = list["items"]
            .as_array_mut()
            .map(std::mem::take)
            .unwrap_or_default();
        Ok(Self { items })
    }
}
