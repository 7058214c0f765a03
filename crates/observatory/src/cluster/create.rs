//! The kind cluster: made where it is not there, kept where it is the same.

use uuid::Uuid;

use super::failure::Failure;
use super::report::Step;
use super::tools::{LONG, SHORT};
use super::up::{Cluster, Kind};

/// Where the cluster remembers what it was made from. Ports and node are set when it is made, and never after.
const MEMORY: [&str; 3] = ["--namespace", "kube-system", "observatory-kind-config"];

pub(super) async fn create(cluster: &Cluster, kind: Kind<'_>, step: Step<'_>) -> Result<(), Failure> {
    let wanted = fingerprint(kind)?;
    if !exists(cluster, kind.name).await? {
        step.show("making a node; the first time its image is downloaded");
        make(cluster, kind).await?;
        remember(cluster, &wanted).await?;
        step.done(&format!("kind cluster {} made", kind.name));
        return Ok(());
    }
    match remembered(cluster).await?.trim() {
        // Whoever made it was interrupted before it could say.
        "" => remember(cluster, &wanted).await?,
        found if found == wanted => {}
        _ => {
            return Err(Failure::new(format!(
                "kind cluster {} was made from another configuration than {}",
                kind.name,
                kind.config.display()
            ))
            .hint("`observatory down` deletes it, with all that it keeps; then this command makes it anew"));
        }
    }
    step.done(&format!("kind cluster {} is there", kind.name));
    Ok(())
}

/// Whether kind knows a cluster of that name.
pub(super) async fn exists(cluster: &Cluster, name: &str) -> Result<bool, Failure> {
    let clusters = cluster.tools.kind.ask(&["get", "clusters"], SHORT).await?;
    Ok(clusters.lines().any(|line| line.trim() == name))
}

async fn make(cluster: &Cluster, kind: Kind<'_>) -> Result<(), Failure> {
    let config = kind.config.to_string_lossy();
    let create = [
        "create", "cluster", "--name", kind.name, "--config", &config, "--wait", "120s",
    ];
    match cluster.tools.kind.ask(&create, LONG).await {
        Ok(_) => Ok(()),
        Err(failure) => {
            let hint = hint(&failure.message);
            Err(failure.hint(hint))
        }
    }
}

/// What usually is behind it.
fn hint(message: &str) -> &'static str {
    let has = |text| message.contains(text);
    if has("address already in use") || has("port is already allocated") {
        "a port of the access points is taken: end what holds it, or change `hostPorts` in k8s/values/kind.nix"
    } else if has("too many open files") {
        "raise the limits: sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512"
    } else if has("pull") || has("manifest unknown") || has("no such host") {
        "the node's image could not be had: `docker pull` it by the name in the configuration, or `docker load` it"
    } else {
        "`kind delete cluster --name observatory` removes what is left of it; then run the same command again"
    }
}

async fn remembered(cluster: &Cluster) -> Result<String, Failure> {
    let [flag, namespace, name] = MEMORY;
    let get = [
        "get",
        "configmap",
        name,
        flag,
        namespace,
        "--ignore-not-found",
        "--output",
        "jsonpath={.data.hash}",
    ];
    cluster.tools.kubectl.ask(&get, SHORT).await
}

async fn remember(cluster: &Cluster, hash: &str) -> Result<(), Failure> {
    let [flag, namespace, name] = MEMORY;
    let literal = format!("--from-literal=hash={hash}");
    cluster
        .tools
        .kubectl
        .ask(&["create", "configmap", name, flag, namespace, &literal], SHORT)
        .await?;
    Ok(())
}

/// Tells configurations apart; nobody has a reason to forge one.
fn fingerprint(kind: Kind<'_>) -> Result<String, Failure> {
    let text = std::fs::read_to_string(kind.config)
        .map_err(|error| Failure::new(format!("cannot read {}: {error}", kind.config.display())))?;
    Ok(Uuid::new_v5(&Uuid::NAMESPACE_OID, text.as_bytes()).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_usual_has_its_own_advice() {
        assert!(hint("Bind for 127.0.0.1:3000 failed: port is already allocated").contains("hostPorts"));
        assert!(hint("failed to pull image \"kindest/node\"").contains("docker pull"));
        assert!(hint("too many open files").contains("sysctl"));
        assert!(hint("anything").contains("kind delete"));
    }
}
