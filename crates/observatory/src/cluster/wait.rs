//! Until every pod is ready, or one of them says why it never will be.

mod pods;
mod workloads;

use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::failure::Failure;
use super::report::Step;
use super::tools::{SHORT, Tools};
use super::up::Cluster;
pub(super) use pods::{Trouble, restarts, trouble};
pub(super) use workloads::readiness;

/// The longest until everything is ready: on a slow disk databases take minutes to make themselves.
const PATIENCE: Duration = Duration::from_mins(10);
const PAUSE: Duration = Duration::from_secs(1);
/// How many of a pod's last lines are shown.
const LINES: &str = "--tail=12";

pub(super) async fn wait(cluster: &Cluster, step: Step<'_>) -> Result<(), Failure> {
    let mut tiers: Vec<_> = cluster
        .spec
        .workloads
        .iter()
        .map(|workload| workload.tier)
        .collect();
    tiers.sort_unstable();
    tiers.dedup();
    let end = Instant::now() + PATIENCE;
    let mut told = String::new();
    for tier in tiers {
        while let Some(missing) = missing(cluster, tier).await? {
            if told != missing {
                step.show(&missing);
                told = missing;
            }
            if Instant::now() >= end {
                return Err(Failure::new(format!(
                    "not ready within {} min: {told}",
                    PATIENCE.as_secs() / 60
                ))
                .hint("`observatory status` and `kubectl describe pods` say what they wait for"));
            }
            sleep(PAUSE).await;
        }
    }
    step.done(&format!("{} ready", cluster.spec.workloads.len()));
    Ok(())
}

/// What of a tier is not ready.
async fn missing(cluster: &Cluster, tier: u32) -> Result<Option<String>, Failure> {
    let snapshot = Snapshot::take(&cluster.tools, &cluster.spec.namespace).await?;
    let mut missing = Vec::new();
    for workload in cluster
        .spec
        .workloads
        .iter()
        .filter(|workload| workload.tier == tier)
    {
        let state = readiness(&snapshot.items, workload);
        if !state.is_ready() {
            missing.push(format!("{} {}/{}", workload.name, state.ready, state.wanted));
            if let Some(trouble) = trouble(&snapshot.items, &workload.name) {
                return Err(explain(cluster, trouble).await);
            }
        }
    }
    Ok((!missing.is_empty()).then(|| format!("waiting for {}", missing.join(", "))))
}

/// What went wrong with a pod, with its last words.
async fn explain(cluster: &Cluster, trouble: Trouble) -> Failure {
    let namespace = ["--namespace", &cluster.spec.namespace];
    let kubectl = &cluster.tools.kubectl;
    let mut said = String::new();
    for previous in ["--previous=true", "--previous=false"] {
        let logs = ["logs", &trouble.pod, namespace[0], namespace[1], previous, LINES];
        if said.is_empty() {
            // A pod that never ran has none.
            said = kubectl.ask(&logs, SHORT).await.unwrap_or_default();
        }
    }
    let said: Vec<_> = said
        .trim_end()
        .lines()
        .map(|line| format!("\n    {line}"))
        .collect();
    let Trouble {
        pod, reason, message, ..
    } = &trouble;
    Failure::new(format!("pod {pod}: {reason}: {message}{}", said.concat())).hint(trouble.hint())
}

/// Workloads and pods, as they are at one time.
pub(super) struct Snapshot {
    pub(super) items: Vec<Value>,
}

impl Snapshot {
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
