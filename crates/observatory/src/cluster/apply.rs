//! The manifests, applied file by file; what an earlier version had and this one has not is taken away.
//!
//! That is not left to `kubectl apply --prune`, which is experimental and asks for a list of kinds all the same: the names
//! of what was applied are known, and those of what is there with our label can be asked for.

use std::collections::HashSet;

use super::failure::Failure;
use super::report::Step;
use super::spec::files;
use super::tools::SHORT;
use super::up::Cluster;

/// What may be taken away. Volumes are not among it: nobody's data goes because a name changed.
const KINDS: &str = "deployments,statefulsets,services,configmaps,serviceaccounts,networkpolicies,poddisruptionbudgets,\
                     horizontalpodautoscalers,ingresses";
const LABEL: &str = "app.kubernetes.io/managed-by=observatory";

pub(super) async fn apply(cluster: &Cluster, step: Step<'_>) -> Result<(), Failure> {
    let files = files(&cluster.manifests)?;
    if files.is_empty() {
        return Err(
            Failure::new(format!("{} has no manifests", cluster.manifests.display()))
                .hint("--manifests names the directory of the manifests, e.g. k8s/rendered/kind"),
        );
    }
    let mut applied = HashSet::new();
    for (number, file) in files.iter().enumerate() {
        let file = file.to_string_lossy();
        step.show(&format!("{} of {}", number + 1, files.len()));
        let apply = [
            "apply",
            "--server-side",
            "--force-conflicts",
            "--field-manager=observatory",
            "--output=name",
            "--filename",
            &file,
        ];
        let names = cluster.tools.kubectl.ask(&apply, SHORT).await?;
        applied.extend(names.lines().map(str::to_owned));
    }
    let removed = prune(cluster, &applied).await?;
    step.done(&format!("{} objects applied, {removed} removed", applied.len()));
    Ok(())
}

async fn prune(cluster: &Cluster, applied: &HashSet<String>) -> Result<usize, Failure> {
    let kubectl = &cluster.tools.kubectl;
    let namespace = &cluster.spec.namespace;
    let get = [
        "get",
        KINDS,
        "--namespace",
        namespace,
        "--selector",
        LABEL,
        "--output=name",
    ];
    let there = kubectl.ask(&get, SHORT).await?;
    let stale = stale(&there, applied);
    for name in &stale {
        let delete = [
            "delete",
            name,
            "--namespace",
            namespace,
            "--ignore-not-found",
            "--wait=false",
        ];
        kubectl.ask(&delete, SHORT).await?;
    }
    Ok(stale.len())
}

fn stale<'a>(there: &'a str, applied: &HashSet<String>) -> Vec<&'a str> {
    let names = there.lines().map(str::trim).filter(|name| !name.is_empty());
    names.filter(|name| !applied.contains(*name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_applied_is_stale() {
        let applied = ["deployment.apps/gateway", "service/gateway"]
            .map(str::to_owned)
            .into();
        let there = "deployment.apps/gateway\nservice/gateway\nservice/old\n";
        assert_eq!(stale(there, &applied), ["service/old"]);
        assert_eq!(stale("", &applied), [] as [&str; 0]);
    }
}
