//! The kind cluster: made where it is not there, kept where it is the same.

use std::cell::RefCell;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::failure::Failure;
use super::report::Step;
use super::tools::{LONG, SHORT, Tools};
use super::up::{Cluster, Kind};
use super::{memory, node};

/// How long a cluster that is there may take to answer, and one whose node was just started.
const ANSWERS: Duration = Duration::from_secs(10);
const AWAKES: Duration = Duration::from_mins(2);
const PAUSE: Duration = Duration::from_secs(1);

/// The cluster whose making has begun and not ended. Half a cluster is none: it goes, whatever stopped us.
#[derive(Debug, Default)]
pub(super) struct Unfinished(RefCell<Option<String>>);

impl Unfinished {
    /// Deletes it, if there is one.
    pub(super) async fn discard(&self, tools: &Tools) {
        let name = self.0.borrow_mut().take();
        if let Some(name) = name {
            // What is left of it is found and told by the next run.
            let _left = tools
                .kind
                .ask(&["delete", "cluster", "--name", &name], LONG)
                .await;
        }
    }

    fn begins(&self, name: &str) {
        *self.0.borrow_mut() = Some(name.to_owned());
    }

    fn ended(&self) {
        self.0.borrow_mut().take();
    }
}

pub(super) async fn create(
    cluster: &Cluster,
    kind: Kind<'_>,
    unfinished: &Unfinished,
    step: Step<'_>,
) -> Result<(), Failure> {
    let wanted = std::fs::read_to_string(kind.config)
        .map_err(|error| Failure::new(format!("cannot read {}: {error}", kind.config.display())))?;
    if exists(&cluster.tools, kind.name).await? {
        keep(cluster, kind, &wanted, &step).await?;
        step.done(&format!("kind cluster {} is there", kind.name));
        return Ok(());
    }
    step.show("making a node; the first time its image is downloaded");
    unfinished.begins(kind.name);
    if let Err(failure) = make(cluster, kind, &wanted).await {
        unfinished.discard(&cluster.tools).await;
        return Err(failure);
    }
    unfinished.ended();
    step.done(&format!("kind cluster {} made", kind.name));
    Ok(())
}

/// Whether kind knows a cluster of that name.
pub(super) async fn exists(tools: &Tools, name: &str) -> Result<bool, Failure> {
    let clusters = tools.kind.ask(&["get", "clusters"], SHORT).await?;
    Ok(clusters.lines().any(|line| line.trim() == name))
}

async fn make(cluster: &Cluster, kind: Kind<'_>, wanted: &str) -> Result<(), Failure> {
    let config = kind.config.to_string_lossy();
    let create = [
        "create", "cluster", "--name", kind.name, "--config", &config, "--wait", "120s",
    ];
    if let Err(failure) = cluster.tools.kind.ask(&create, LONG).await {
        let hint = hint(&failure.message);
        return Err(failure.hint(hint));
    }
    memory::keep(&cluster.tools, wanted).await
}

/// What usually is behind it.
fn hint(message: &str) -> &'static str {
    let has = |text| message.contains(text);
    if has("address already in use") || has("port is already allocated") {
        "a port of the access points is taken: end what holds it, or change `hostPorts` in k8s/values/kind.nix"
    } else if has("too many open files") {
        "raise the limits: sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512"
    } else if has("no space left") {
        "make room on the disk of the engine: `docker system df` shows what takes it"
    } else if has("pull") || has("manifest unknown") || has("no such host") {
        "the node's image could not be had: `docker pull` it by the name in the configuration, or `docker load` it"
    } else {
        "nothing is left of it; see what it says, then run the same command again"
    }
}

/// Makes sure that the one that is there runs, answers, and is the same.
async fn keep(cluster: &Cluster, kind: Kind<'_>, wanted: &str, step: &Step<'_>) -> Result<(), Failure> {
    let started = node::start(&cluster.tools, kind.name).await?;
    if started {
        step.show("its node was stopped and is started");
    }
    let found = remembered(cluster, kind, if started { AWAKES } else { ANSWERS }).await?;
    match found {
        // It was made by hand.
        None => memory::keep(&cluster.tools, wanted).await,
        Some(found) if found == *wanted => Ok(()),
        Some(found) => Err(Failure::new(format!(
            "kind cluster {} was made from another configuration than {}:\n    {}",
            kind.name,
            kind.config.display(),
            memory::changes(&found, wanted).join("\n    ")
        ))
        .hint(anew(cluster))),
    }
}

/// What it remembers, as soon as it answers.
async fn remembered(
    cluster: &Cluster,
    kind: Kind<'_>,
    patience: Duration,
) -> Result<Option<String>, Failure> {
    let end = Instant::now() + patience;
    loop {
        match memory::recall(&cluster.tools).await {
            Err(failure) if has_no_context(&failure.message) => return introduced(cluster, kind).await,
            Err(_) if Instant::now() < end => sleep(PAUSE).await,
            Err(failure) => {
                return Err(failure.hint(format!(
                    "see whether its node is well: `docker logs {}-control-plane`; otherwise {}",
                    kind.name,
                    anew(cluster)
                )));
            }
            recalled => return recalled,
        }
    }
}

/// kubectl says it in one of two ways, with and without a configuration.
fn has_no_context(message: &str) -> bool {
    message.contains("context was not found")
        || (message.contains("context") && message.contains("does not exist"))
}

/// What it remembers, where kubectl did not know it: it was made by somebody else, or its making was cut off.
async fn introduced(cluster: &Cluster, kind: Kind<'_>) -> Result<Option<String>, Failure> {
    let export = ["export", "kubeconfig", "--name", kind.name];
    let recalled = match cluster.tools.kind.ask(&export, SHORT).await {
        Ok(_) => memory::recall(&cluster.tools).await,
        Err(failure) => Err(failure),
    };
    match recalled {
        Ok(Some(found)) => Ok(Some(found)),
        _ => Err(Failure::new(format!(
            "kind cluster {} is there, but its making was cut off",
            kind.name
        ))
        .hint(anew(cluster))),
    }
}

fn anew(cluster: &Cluster) -> String {
    format!(
        "`observatory down --manifests {}` deletes it, with all that it keeps; then this command makes it anew",
        cluster.manifests.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_usual_has_its_own_advice() {
        assert!(hint("Bind for 127.0.0.1:3000 failed: port is already allocated").contains("hostPorts"));
        assert!(hint("failed to pull image \"kindest/node\"").contains("docker pull"));
        assert!(hint("too many open files").contains("sysctl"));
        assert!(hint("no space left on device").contains("room"));
        assert!(hint("anything").contains("again"));
    }

    #[test]
    fn a_cluster_that_kubectl_does_not_know_is_told_from_one_that_does_not_answer() {
        assert!(has_no_context(
            "error: context \"kind-observatory\" does not exist"
        ));
        assert!(has_no_context(
            "Error in configuration: context was not found for specified context: kind-observatory"
        ));
        assert!(!has_no_context(
            "The connection to the server 127.0.0.1:1 was refused"
        ));
    }
}
